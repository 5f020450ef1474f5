"""Whether everybody can read and use the page: axe-core on every page in every language, narrow
screens, large letters, the dark, and both directions.
"""

import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.app import LOCALES, Service
from bot.channels import web_page
from bot.channels.web import Language
from bot.channels.web_page import TEMPLATES
from bot.settings import Settings
from tests.channels.counting import DOWN, CountingConversation
from tests.contract.arabic import make_locales
from tests.web.conftest import Serve, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = {"width": 320, "height": 640}


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong, and where."""
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(AXE)
    asked = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = await page.evaluate(f"axe.run(document, {json.dumps(asked)})")
    assert found["passes"], "it has looked"
    return [
        f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]
    ]


async def enter(
    browser: Browser, url: str, language: str, scheme: str = "light", **wishes: object
) -> Page:
    context = await browser.new_context(
        viewport=NARROW,  # type: ignore[arg-type]
        locale=language,
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # for axe-core alone; what the policy blocks is tried in test_talking
        **wishes,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    await page.goto(url)
    return page


async def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways, and whatever is pressed is large enough for any hand."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    small = await page.evaluate(
        """() => [...document.querySelectorAll("a, input, select")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width && (box.height < 44 || box.left < 0 || box.right > innerWidth);
        }).map((one) => one.outerHTML)"""
    )
    assert small == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def real(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, str]]:
    """The page of the whole service, as people get it: its address for each language."""
    ours_in, turned_in = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("turned")
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(whole(serve, ours_in, LOCALES))
        turned = make_locales(turned_in / "locales")
        arabic = await stack.enter_async_context(whole(serve, turned_in, turned))
        yield {"en": ours, "uk": ours, "ar": arabic}


@asynccontextmanager
async def whole(serve: Serve, data: Path, locales: Path) -> AsyncIterator[str]:
    """The whole service with the words of a folder; gives the address of its page."""
    service = Service(Settings(data=data, key_ring=data / "keys"), demo=True, locales=locales)
    await service.start()
    speech = service.speech
    languages = tuple(Language(one.code, one.endonym, one.dir) for one in speech.languages)
    async with serve(service, speech.words, languages) as site:
        yield site.url
    await service.stop()


async def press(page: Page, key: str) -> None:
    """Press the button with this key, and wait until the page has gone on."""
    form = page.locator(f"form:has(input[name=c][value='{key}'])").first
    mark = await form.locator("input[name=m]").input_value()
    await form.locator("input[type=submit]").click()
    await expect(page.locator(f"main input[name=m][value='{mark}']")).to_have_count(0)


WAY = ("yes", "psychosocial", "=UA", "=UA-46", "=ua-lastrada-nhl", "calling", "!help_now", "!leave")
"""From the first page to a service, to what a call is like, to help now, and away."""


EVERY = bool(os.environ.get("QUIETLINE_SUITE"))
"""Whether each kind of page is looked at in all ways; otherwise both directions, light and dark are
looked at with the script, and the pages without it, which are the same but for it, once.
"""
WAYS = [
    (language, scheme, script)
    for language, scheme in (("en", "dark"), ("ar", "light"), ("ar", "dark"))
    for script in (True, False)
    if EVERY or script is not ((language, scheme) == ("ar", "dark"))
]


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
async def test_the_whole_way_to_help_is_open_to_everybody(
    real: dict[str, str], chromium: Browser, language: str
) -> None:
    page = await enter(chromium, real[language], language)
    assert await page.get_attribute("html", "lang") == language
    await picture(page, f"{language}-0-first")
    assert await faults(page) == []
    await fits(page)
    for number, key in enumerate(WAY, 1):
        if key.startswith("=UA"):
            await page.locator("#list").select_option(key)
            await page.locator("#list ~ input[type=submit]").click()
            await expect(page.locator(f"#list option[value='{key}']")).to_have_count(0)
        else:
            await press(page, key)
        name = f"{language}-{number}-{key.strip('!=')}"
        await picture(page, name)
        assert await faults(page) == [], key
        await fits(page)
    await page.context.close()


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
@pytest.mark.parametrize("path", ["now", "none"])
async def test_pages_beside_the_way_are_open_to_everybody(
    real: dict[str, str], chromium: Browser, language: str, path: str
) -> None:
    page = await enter(chromium, real[language] + path, language)
    assert await faults(page) == []
    await fits(page)
    await page.context.close()


@pytest.mark.parametrize(("language", "scheme", "script"), WAYS, ids=str)
async def test_every_kind_of_page_is_open_to_everybody_in_both_directions(
    serve: Serve,
    chromium: Browser,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    scheme: str,
    *,
    script: bool,
) -> None:
    if not script:
        # The script of axe-core must run: so it is ours that is left out.
        monkeypatch.setattr(web_page, "SCRIPTS", ())
    conversation = CountingConversation(live=True)
    async with serve(conversation) as site:
        page = await enter(chromium, site.url, language, scheme)
        assert await page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        for number, key in enumerate(("yes", "=UA-07", "=centre", "!leave")):
            await picture(page, f"{language}-{scheme}-{script}-{number}")
            assert await faults(page) == []
            await fits(page)
            if key == "=UA-07":
                await page.locator("#list").select_option(key)
                await page.locator("#list ~ input[type=submit]").click()
                await expect(page.locator(".card")).to_be_visible()
            else:
                await press(page, key)
        assert await faults(page) == []
        conversation.failing = DOWN
        await page.locator("main a").click()
        await expect(page.get_by_role("main")).to_contain_text("112")
        assert await faults(page) == []
        if not script:
            await page.context.close()
            return
        await page.context.set_offline(True)
        await page.locator("main a[href='/']").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await faults(page) == []
        await fits(page)
        await page.context.close()


async def test_a_page_from_right_to_left_is_turned_round_and_its_numbers_are_not(
    serve: Serve, chromium: Browser
) -> None:
    async with serve(CountingConversation()) as site:
        page = await enter(chromium, site.url, "ar")
        await press(page, "yes")
        await page.locator("#list").select_option("=UA-07")
        await page.locator("#list ~ input[type=submit]").click()
        await expect(page.locator(".card")).to_be_visible()
        middle = NARROW["width"] / 2
        for where in (".exit", ".phone a", ".write input[type=submit]", "nav li >> nth=0"):
            box = await page.locator(where).first.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] / 2 > middle, f"{where} begins at the right"
        number = page.locator(".number").first
        button = page.locator(".card input[type=submit]")
        sides = [await one.bounding_box() for one in (number, button)]
        assert sides[0] is not None
        assert sides[1] is not None
        assert sides[0]["x"] > sides[1]["x"]
        direction = "getComputedStyle(document.querySelector('.phone a')).direction"
        assert await page.evaluate(direction) == "ltr"
        await page.context.close()


@pytest.mark.parametrize("language", ["uk", "ar"])
async def test_letters_of_twice_the_size_still_fit(
    serve: Serve, chromium: Browser, language: str
) -> None:
    async with serve(CountingConversation()) as site:
        page = await enter(chromium, site.url, language)
        # Letters alone, as in a browser's own setting: harder than zooming at this width.
        await page.add_style_tag(content="html { font-size: 200% !important }")
        await picture(page, f"{language}-twice")
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        await page.context.close()


async def test_nothing_on_the_page_moves_by_itself() -> None:
    css = (TEMPLATES / "page.css").read_text("utf-8")
    assert "animation" not in css
    assert "transition" not in css
    assert "scroll-behavior" not in css
