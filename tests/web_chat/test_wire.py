"""What goes over the wire for a page that seals: refused unless it is sealed, and of few sizes."""

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.channels import web_talk
from bot.channels.web_page import CHAT_SCRIPTS, TEMPLATES
from bot.channels.web_request import address_of, cookie_text
from bot.channels.web_talk import TALK_BYTES
from bot.sealing import SIZES, Context, generate, seal_for_desk
from tests.web_chat.conftest import Site, until
from tests.web_chat.desk import in_clear
from tests.web_chat.on_duty import CHAT

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGE = {"X-Part": "1"}
SECRET = bytes(32)
COOKIE = {"Cookie": f"s={cookie_text(SECRET)}"}
PUBLIC = b64encode(generate(1).public).decode()
TEXT = "qzxcanaryword, in the clear"


@pytest_asyncio.fixture(loop_scope="session")
async def web(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    site.desk.person = address_of(SECRET, "web").person
    async with aiohttp.ClientSession(
        site.url, headers=COOKIE, cookie_jar=aiohttp.DummyCookieJar()
    ) as web:
        yield web


async def said(
    web: aiohttp.ClientSession, what: str, sent: object = None, headers: Mapping[str, str] = PAGE
) -> tuple[int, dict[str, Any]]:
    """An answer: its status, and what is in it when it is one for a page."""
    ask = web.get(f"/talk/{what}", headers=headers) if sent is None else None
    async with ask or web.post(f"/talk/{what}", json=sent, headers=headers) as got:
        body = await got.read()
        assert len(body) % TALK_BYTES == 0, "sizes tell little"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        return got.status, json.loads(body) if got.status == 200 else {}


def packed(body: bytes, wrap: bytes = bytes([1]) + bytes(80)) -> dict[str, object]:
    wraps = {"0" * 16: b64encode(wrap).decode()}
    return {"number": 1, "body": b64encode(body).decode(), "wraps": wraps}


IN_CLEAR = [
    {"text": TEXT},
    {"number": 1, "body": TEXT, "wraps": {}},
    {"number": 1, "body": TEXT, "wraps": {"0" * 16: TEXT}, "encrypted": True},
    packed(TEXT.encode()),
    *(packed(b"\x01" + TEXT.encode().ljust(size + 48)) for size in SIZES),
    packed(b"\x01" + b"\xff" * 303),
    packed(b"\x02" + b"\xff" * 304),
    packed(b"\x01" + b"\xff" * 304, wrap=TEXT.encode()),
    {**packed(b"\x01" + b"\xff" * 304), "text": TEXT},
    [TEXT],
    TEXT,
]


async def test_words_in_the_clear_are_refused_and_nobody_has_seen_them(
    site: Site, web: aiohttp.ClientSession
) -> None:
    await said(web, "enter", {"suite": 1, "public": PUBLIC})
    for sent in IN_CLEAR:
        assert await said(web, "say", sent) == (400, {}), sent
    forms: list[dict[str, Any]] = [
        {"data": {"t": TEXT}},
        {"data": TEXT},
        {
            "data": json.dumps(packed(b"\x01" + b"\xff" * 304)),
            "headers": {"Content-Type": "text/plain"},
        },
    ]
    for form in forms:
        headers = {**PAGE, **form.pop("headers", {})}
        async with web.post("/talk/say", headers=headers, **form) as got:
            assert got.status == 415
            assert TEXT not in await got.text()
    assert (site.desk.said, in_clear(site.desk)) == ([], "")


async def test_a_sealed_message_is_taken_once(site: Site, web: aiohttp.ClientSession) -> None:
    await said(web, "enter", {"suite": 1, "public": PUBLIC})
    readers = [one.prekey.public.receiver(1) for one in site.desk.readers]
    sealed = seal_for_desk(Context(CHAT, "in", 1), TEXT, readers)
    wraps = {key.hex(): b64encode(wrap).decode() for key, wrap in sealed.wraps.items()}
    sent = {"number": 1, "body": b64encode(sealed.body).decode(), "wraps": wraps}
    for _ in range(2):
        status, told = await said(web, "say", sent)
        assert (status, told["refused"], told["next_in"]) == (200, "", 2)
    assert [site.desk.maple.read(one) for one in site.desk.said] == [TEXT]


@pytest.mark.parametrize(
    "headers",
    [{}, {**PAGE, "Sec-Fetch-Site": "cross-site"}, {**PAGE, "Origin": "https://other.example"}],
    ids=["no header", "another site", "another origin"],
)
async def test_only_our_own_page_is_answered(
    site: Site, web: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    for what in ("enter", "say"):
        assert await said(web, what, {"suite": 1, "public": PUBLIC}, headers) == (403, {})
    assert await said(web, "hear?after=0&acked=0", headers=headers) == (403, {})
    form = {"data": {"m": "1"}, "headers": {**headers, "Sec-Fetch-Site": "cross-site"}}
    async with web.post("/talk/plain", **form) as got:  # type: ignore[arg-type]
        assert got.status == 403
    assert site.desk.mode == "door"


async def test_what_makes_no_sense_is_refused_kindly(
    site: Site, web: aiohttp.ClientSession
) -> None:
    for query in ("", "?after=x&acked=0", "?after=-1&acked=0", "?after=0&acked=0&other=1"):
        assert await said(web, f"hear{query}") == (400, {})
    for public in ("", PUBLIC[4:], b64encode(bytes(65)).decode(), "?"):
        assert await said(web, "enter", {"suite": 1, "public": public}) == (400, {})
    async with web.post("/talk/say", data=b"{" * 70_000, headers=PAGE) as got:
        assert got.status == 415
    headers = {**PAGE, "Content-Type": "application/json"}
    async with web.post("/talk/say", data=b" " * 70_000, headers=headers) as got:
        assert got.status == 413
    site.desk.down = True
    assert await said(web, "enter", {"suite": 1, "public": PUBLIC}) == (503, {})


async def test_a_page_is_answered_when_there_is_something_new_and_not_before(
    site: Site, web: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = site.desk
    _, told = await said(web, "enter", {"suite": 1, "public": PUBLIC})
    hear = f"hear?after=0&acked=0&known={told['known']}&roster={told['known_roster']}"
    waits = asyncio.create_task(said(web, hear))
    await until(lambda: desk.live)
    assert not waits.done()
    desk.public = generate(1).public
    desk.write("a reply")
    _, new = await waits
    assert [one["number"] for one in new["replies"]] == [1]
    assert "roster" not in new, "the page has it"
    monkeypatch.setattr(web_talk, "HEAR_SECONDS", 0.02)
    hear = f"hear?after=1&acked=1&known={new['known']}"
    _, same = await said(web, hear)
    assert (same["replies"], same["known"]) == ([], new["known"])
    assert same["roster"]
    assert not desk.live
    async with web.get("/talk/hear?after=0&acked=0", headers={**PAGE, "Cookie": "s=none"}) as got:
        assert (await got.json())["status"] == "none"


async def test_of_all_that_we_answer_only_the_scripts_of_a_chat_are_scripts(
    site: Site, web: aiohttp.ClientSession
) -> None:
    async with web.get("/") as got:
        policy = got.headers["Content-Security-Policy"]
        assert re.search(r"script-src ('sha256-\S+' ){2}'self';", policy)
        assert "unsafe" not in policy
        assert "data-seals" in await got.text()
    names = [*CHAT_SCRIPTS, "hpke.js", "sealing.js", "roster.js"]
    for path in ("/", "/now", "/live/soon", "/chat/none.js", "/chat/talk.js", "/talk/hear"):
        async with web.get(path, headers=PAGE) as got:
            assert got.content_type in {"text/html", "application/json"}
            assert got.headers["X-Content-Type-Options"] == "nosniff"
    total = 0
    for name in names:
        async with web.get(f"/chat/{name}") as got:
            assert (got.status, got.content_type) == (200, "text/javascript")
            assert got.headers["Cache-Control"] == "no-store"
            total += len(await got.read())
    assert total < 48 * 1024


async def test_the_scripts_keep_nothing_and_ask_nobody_else() -> None:
    for name in CHAT_SCRIPTS:
        script = (TEMPLATES / name).read_text("utf-8")
        kept = r"localStorage|sessionStorage|indexedDB|cookie\b.*=|caches\.|pushState|innerHTML"
        assert not re.search(kept, script), name
        assert not re.search(r"https?:|eval\(|\.style\b|console\.|WebAssembly", script), name
        assert all(one.startswith("./") for one in re.findall(r'from "(.*?)"', script))


async def test_a_sign_of_writing_is_nothing_but_a_sign(
    site: Site, web: aiohttp.ClientSession
) -> None:
    assert await said(web, "typing", {}) == (204, {})
    assert site.desk.typed == 1
    assert await said(web, "typing", {"text": TEXT}) == (400, {})
    assert await said(web, "typing", {}, headers={}) == (403, {})
    assert site.desk.typed == 1


async def test_what_is_sealed_again_is_held_to_the_same(
    site: Site, web: aiohttp.ClientSession
) -> None:
    await said(web, "enter", {"suite": 1, "public": PUBLIC})
    for sent in IN_CLEAR:
        assert await said(web, "again", sent) == (400, {}), sent
    status, told = await said(web, "again", packed(b"\x01" + b"\xff" * 304))
    assert (status, told["refused"]) == (200, "number")
    assert site.desk.said == []
