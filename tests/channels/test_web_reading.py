"""Whether a page can be read by ear, by keyboard and in any language: how it is built."""

from itertools import pairwise

import aiohttp
import pytest

from bot.channels.contract import Block, Line, Outgoing
from bot.channels.web import WebSettings
from tests.channels.conftest import Site
from tests.channels.counting import DOWN, CountingConversation
from tests.channels.html import Page


async def all_pages(site: Site, conversation: CountingConversation) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(site.url, cookie_jar=jar) as browser:

        async def add(name: str, path: str = "/") -> None:
            async with browser.get(path) as answer:
                pages[name] = Page(await answer.text())

        async def press(key: str, mark: str = "") -> None:
            async with browser.post("/", data={"m": mark, "c": key}, allow_redirects=False) as got:
                if got.status == 200:
                    pages[key] = Page(await got.text())

        await add("lost", "/?k")
        for turn in range(3):
            await add(f"turn {turn}")
            await press("yes", str(turn))
        await press("yes", "old")
        await add("stale")
        await press("@uk")
        await add("uk")
        await add("now", "/now/uk")
        await add("missing", "/none")
        await press("!leave")
        conversation.failing = DOWN
        await add("down")
    return pages


@pytest.mark.parametrize("settings", [WebSettings(demo=True)])
async def test_every_page_can_be_read_by_ear_and_used_by_keyboard(
    site: Site, conversation: CountingConversation
) -> None:
    pages = await all_pages(site, conversation)
    assert len(pages) == 10
    for name, page in pages.items():
        root = page.all("html")[0].attrs
        assert root["lang"] in {"en", "uk"}, name
        assert root["dir"] == "ltr", name
        assert page.all("title")[0].text == "Guide", name
        levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        assert all(heading.text.strip() for heading in page.all("h1", "h2")), name
        assert [len(page.all(mark)) for mark in ("header", "main", "footer")] == [1, 1, 1], name
        ids = [e.attrs["id"] for e in page.elements if "id" in e.attrs]
        assert len(ids) == len(set(ids)), name
        labelled = {label.attrs["for"] for label in page.all("label")}
        fields = [f for f in page.all("input", "select") if f.attrs.get("type") not in HIDDEN]
        assert all(f.attrs["id"] in labelled for f in fields), name
        buttons = [b for b in page.all("input") if b.attrs["type"] == "submit"]
        assert all(b.attrs["value"].strip() for b in buttons), name
        assert all(link.text.strip() for link in page.all("a")), name
        assert {
            e.attrs[a]
            for e in page.elements
            for a in ("aria-labelledby", "aria-describedby")
            if a in e.attrs
        } <= set(ids), name


HIDDEN = {"hidden", "submit"}


@pytest.mark.parametrize("settings", [WebSettings(demo=True)])
async def test_the_quick_exit_is_first_by_keyboard_on_every_page(
    site: Site, conversation: CountingConversation
) -> None:
    for name, page in (await all_pages(site, conversation)).items():
        reachable = [
            e for e in page.all("a", "input", "select", "button") if e.attrs.get("type") != "hidden"
        ]
        assert reachable[0].attrs.get("href") == "/exit", name
        assert not [e for e in page.elements if "tabindex" in e.attrs or "autofocus" in e.attrs]


async def test_no_page_asks_anything_of_another_address(
    site: Site, conversation: CountingConversation
) -> None:
    for page in (await all_pages(site, conversation)).values():
        assert page.all("img", "iframe", "object", "embed", "audio", "video") == []
        assert [script.attrs for script in page.all("script")] == [{"type": "module"}] * 2
        assert [link.attrs["href"] for link in page.all("link")] == ["data:,"]
        assert {form.attrs["action"] for form in page.all("form")} <= {"/"}
        assert "url(" not in page.all("style")[0].text
        assert "@import" not in page.all("style")[0].text
        for link in page.all("a"):
            if link.attrs["href"].startswith("https:"):
                assert link.attrs["rel"] == "noreferrer noopener nofollow"
                assert "target" not in link.attrs


async def test_no_form_carries_anything_but_a_key_and_a_mark(
    site: Site, conversation: CountingConversation
) -> None:
    await all_pages(site, conversation)
    async with aiohttp.ClientSession(site.url) as browser:
        conversation.failing = None
        async with browser.get("/") as answer:
            page = Page(await answer.text())
    assert {name for form in page.forms for name in form.fields} == {"m", "c", "t"}
    (typed,) = [e for e in page.all("input") if e.attrs["type"] == "text"]
    # A browser must neither remember nor send away for checking what a person writes.
    assert (typed.attrs["autocomplete"], typed.attrs["spellcheck"]) == ("off", "false")


async def test_a_phone_stands_on_its_own_line_and_can_be_tapped(
    site: Site, conversation: CountingConversation
) -> None:
    page = (await all_pages(site, conversation))["turn 2"]
    (phone,) = [p for p in page.all("p") if p.attrs.get("class") == "phone"]
    assert phone.text.strip() == "0 800 000 000"
    assert "tel:+380800000000" in {a.attrs["href"] for a in page.all("a")}
    assert "javascript:" not in "".join(a.attrs["href"] for a in page.all("a"))
    assert "A link that must not be one" in page.text


async def test_a_language_read_from_right_to_left_turns_the_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def look(*_: object) -> Outgoing:
        return Outgoing("ar", "rtl", (Block("say", (Line("text", "مرحبا"),)),))

    monkeypatch.setattr(CountingConversation, "look", look)
    async with aiohttp.ClientSession(site.url) as browser, browser.get("/") as answer:
        main = Page(await answer.text()).all("main")[0]
    assert (main.attrs["lang"], main.attrs["dir"]) == ("ar", "rtl")
