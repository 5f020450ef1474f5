"""What goes over the wire: guards on every answer, sizes, other sites, requests meant to harm."""

import asyncio
import logging
from http import HTTPStatus

import aiohttp
import pytest

from bot.channels import web_request
from bot.channels.contract import Block, Line, Option, Outgoing
from bot.channels.web import WebSettings
from bot.channels.web_page import PAGE_BYTES
from tests.channels.conftest import Site
from tests.channels.counting import DOWN, CountingConversation
from tests.channels.html import Page

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOST_PAGE = 30 * 1024
NEVER = ("Server", "ETag", "Last-Modified", "Strict-Transport-Security", "X-Powered-By", "Via")
REQUESTS = {
    "first page": ("GET", "/", {}, b""),
    "an answer": ("POST", "/", FORM, b"m=0&c=yes"),
    "leaving": ("POST", "/", FORM, b"m=0&c=!leave"),
    "quick exit": ("GET", "/exit", {}, b""),
    "quick exit by script": ("POST", "/exit", {}, b""),
    "a part": ("GET", "/", {"X-Part": "1"}, b""),
    "a part of nothing": ("GET", "/none", {"X-Part": "1"}, b""),
    "help now": ("GET", "/now", {}, b""),
    "no such page": ("GET", "/wp-login.php", {}, b""),
    "no such language": ("GET", "/now/xx", {}, b""),
    "wrong method": ("DELETE", "/", {}, b""),
    "every option": ("OPTIONS", "/", {}, b""),
    "an echo": ("TRACE", "/", {}, b""),
    "other site": ("POST", "/", FORM | {"Sec-Fetch-Site": "cross-site"}, b"m=0&c=yes"),
    "too much": ("POST", "/", FORM, b"t=" + b"a" * 20_000),
    "broken letters": ("POST", "/", FORM, b"t=%FF%FE"),
    "half a letter": ("POST", "/", FORM, b"t=%ED%A0%80"),
    "raw bytes": ("POST", "/", FORM, b"t=\xff\xfe"),
    "a file": ("POST", "/", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"),
    "plain text": ("POST", "/", {"Content-Type": "text/plain"}, b"m=0&c=yes"),
    "packed": ("POST", "/", FORM | {"Content-Encoding": "gzip"}, b"\x1f\x8b"),
    "many fields": ("POST", "/", FORM, b"a=1&" * 100),
    "a long key": ("POST", "/", FORM, b"m=0&c=" + b"k" * 300),
    "a key with NUL": ("POST", "/", FORM, b"m=0&c=a%00b"),
    "a mark with a turn": ("POST", "/", FORM, b"m=%E2%80%AE&c=a"),
    "an odd wish": ("POST", "/", FORM | {"Expect": "coffee"}, b"m=0&c=yes"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_every_answer_is_guarded_and_names_no_software(site: Site, name: str) -> None:
    method, path, headers, body = REQUESTS[name]
    async with (
        aiohttp.ClientSession(site.url) as browser,
        browser.request(method, path, headers=headers, data=body, allow_redirects=False) as answer,
    ):
        await answer.read()
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert not [header for header in NEVER if header in answer.headers]
        assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("no such page", 404),
        ("no such language", 404),
        ("wrong method", 405),
        ("too much", 413),
        ("broken letters", 400),
        ("half a letter", 400),
        ("raw bytes", 400),
        ("a file", 415),
        ("plain text", 415),
        ("packed", 415),
        ("many fields", 400),
        ("a long key", 400),
        ("a key with NUL", 400),
        ("a mark with a turn", 400),
        ("other site", 403),
        ("an odd wish", 417),
    ],
)
async def test_what_cannot_be_taken_is_refused_kindly_and_has_no_effect(
    site: Site, conversation: CountingConversation, name: str, status: int
) -> None:
    method, path, headers, body = REQUESTS[name]
    async with (
        aiohttp.ClientSession(site.url) as browser,
        browser.request(method, path, headers=headers, data=body) as answer,
    ):
        assert answer.status == status
        if status != HTTPStatus.EXPECTATION_FAILED:
            page = Page(await answer.text())
            assert page.all("h1")[0].text == "That did not work"
            assert "/" in {link.attrs["href"] for link in page.all("a")}
        assert "Set-Cookie" not in answer.headers
    assert conversation.taken == []


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "nonsense"}, False),
        ({"Origin": "here"}, True),
        ({"Origin": "null"}, False),
        ({"Origin": "https://other.example"}, False),
        ({"Origin": "http://[broken"}, False),
    ],
)
async def test_only_our_own_form_is_taken(
    site: Site, conversation: CountingConversation, headers: dict[str, str], *, taken: bool
) -> None:
    sent = dict(headers)
    if sent.get("Origin") == "here":
        sent["Origin"] = str(site.url).rstrip("/")
    async with (
        aiohttp.ClientSession(site.url) as browser,
        browser.post("/", data={"m": "0", "c": "yes"}, headers=sent, allow_redirects=False) as got,
    ):
        assert got.status == (HTTPStatus.SEE_OTHER if taken else HTTPStatus.FORBIDDEN)
    assert bool(conversation.taken) is taken


async def test_a_get_never_answers(site: Site, conversation: CountingConversation) -> None:
    async with aiohttp.ClientSession(site.url) as browser, browser.get("/?m=0&c=yes&t=x") as got:
        assert got.status == HTTPStatus.OK
    assert conversation.taken == []


async def test_all_pages_have_one_size_under_thirty_kilobytes(
    site: Site, conversation: CountingConversation
) -> None:
    sizes: dict[str, int] = {}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(site.url, cookie_jar=jar) as browser:
        for turn in range(4):
            async with browser.get("/") as answer:
                sizes[f"turn {turn}"] = len(await answer.read())
            await browser.post("/", data={"m": str(turn), "c": "yes"}, allow_redirects=False)
        for path in ("/now", "/now/uk", "/none"):
            async with browser.get(path) as answer:
                sizes[path] = len(await answer.read())
        conversation.failing = DOWN
        async with browser.get("/") as answer:
            sizes["down"] = len(await answer.read())
    assert set(sizes.values()) == {PAGE_BYTES}
    assert PAGE_BYTES < MOST_PAGE


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nqzxcanaryword\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: qzxcanaryword\x00\r\n\r\n",
        b"GET /" + b"qzxcanaryword" * 1000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: qzxcanaryword\r\n" * 500 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_answered_shortly_and_written_down_nowhere(
    site: Site, raw: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, pen = await asyncio.open_connection("127.0.0.1", site.port)
    pen.write(raw + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    pen.close()
    assert answer.partition(b" ")[2].startswith(b"4")
    assert b"qzxcanaryword" not in answer
    assert b"Server:" not in answer
    assert b"aiohttp" not in answer.lower()
    told = [r for r in caplog.records if r.name.startswith(("aiohttp", "quietline"))]
    assert [r.getMessage() for r in told] == []


async def test_a_form_that_never_arrives_is_not_waited_for(
    site: Site, conversation: CountingConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_request, "MOST_SECONDS", 0.05)
    reader, pen = await asyncio.open_connection("127.0.0.1", site.port)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    pen.write(head + b"Content-Length: 9\r\n\r\nm=0")
    first = await asyncio.wait_for(reader.readline(), 10)
    pen.close()
    assert first.startswith(b"HTTP/1.1 408 ")
    assert conversation.taken == []


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{7*7}}",
    "{% raw %}",
    "</style><script>",
    "&lt;b&gt;",
    "\ud800",
    "\x00\x1b[31m",
)


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_names_in_an_answer_stay_text(
    site: Site, monkeypatch: pytest.MonkeyPatch, hostile: str
) -> None:
    async def look(*_: object) -> Outgoing:
        line = Line("title", hostile)
        links = (Line("link", hostile, f"https://x/{hostile}"), Line("phone", "1", hostile))
        option = Option(hostile, hostile)
        blocks = (Block("card", (line, *links)),)
        return Outgoing("en", "ltr", blocks, (option,), (option,), (option,), hostile)

    monkeypatch.setattr(CountingConversation, "look", look)
    async with aiohttp.ClientSession(site.url) as browser, browser.get("/") as answer:
        page = Page(await answer.text())
    assert page.all("img", "b") == []
    assert [len(page.all(tag)) for tag in ("script", "style")] == [2, 1], "ours alone"
    assert not any(hostile in ours.text for ours in page.all("script", "style"))
    assert all(a.attrs["href"].startswith(("/", "https://x/")) for a in page.all("a"))
    assert not [e for e in page.elements if any(name.startswith("on") for name in e.attrs)]
    if "\ud800" not in hostile and "\x00" not in hostile:
        assert hostile in page.all("article")[0].text


@pytest.mark.parametrize("settings", [WebSettings(demo=True)])
async def test_a_demonstration_says_so_on_every_page(site: Site) -> None:
    async with aiohttp.ClientSession(site.url) as browser:
        for path in ("/", "/now", "/none"):
            async with browser.get(path) as answer:
                assert "This is a demonstration." in Page(await answer.text()).text
