"""The page in real programs: Chromium with JavaScript off, narrow and dark, and Lynx.

Each test is skipped with its reason where the program is missing, and fails there on CI.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from bot.channels.contract import Pressed, Words
from bot.channels.web import WebSettings
from tests.channels.conftest import Site, a_site
from tests.channels.counting import CountingConversation
from tests.web.conftest import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
WIDTH = 320
BOXES = """() => [...document.querySelectorAll("input, select, a")].flatMap((one) => {
    const box = one.getBoundingClientRect();
    const seen = box.width && box.height && one.checkVisibility({ visibilityProperty: true });
    return seen ? [[one.outerHTML, box.left, box.right, box.height]] : [];
})"""
"""What can be pressed and is to be seen, and where it is: in one go, for to ask a driver of each
takes most of the time.
"""


def need(program: str) -> str:
    """The path of a program. Without it the test is skipped, and fails where CI should have it."""
    path = shutil.which(program)
    if path is None and os.environ.get("CI"):
        pytest.fail(f"{program} is not installed")
    return path or pytest.skip(f"{program} is not installed")


@pytest_asyncio.fixture(loop_scope="session")
async def elsewhere() -> AsyncIterator[str]:
    """Another site, where the quick exit leads."""
    app = web.Application()

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="an encyclopedia")

    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture
def settings(elsewhere: str) -> WebSettings:
    return WebSettings(demo=True, exit_url=elsewhere)


@pytest_asyncio.fixture(loop_scope="session")
async def site(conversation: CountingConversation, settings: WebSettings) -> AsyncIterator[Site]:
    async with a_site(conversation, settings) as site:
        yield site


async def open_page(browser: Browser, site: Site) -> Page:
    """A window as narrow as the smallest phone, without JavaScript."""
    context = await browser.new_context(
        java_script_enabled=False,
        viewport={"width": WIDTH, "height": 640},
        base_url=str(site.url),
    )
    page = await context.new_page()
    await page.goto("/")
    return page


async def test_a_whole_way_through_without_javascript(
    site: Site, conversation: CountingConversation, chromium: Browser
) -> None:
    asked: list[str] = []
    troubles: list[str] = []
    page = await open_page(chromium, site)
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: troubles.append(message.text))
    await page.reload()
    await picture(page, "1-first")
    await page.get_by_role("button", name="Yes <now>").click()
    await page.get_by_label("Pick from the list").select_option("Region 7")
    await picture(page, "2-list")
    await page.get_by_role("button", name="Go on").click()
    await picture(page, "3-card")
    assert await page.get_by_role("link", name="0 800 000 000").is_visible()
    await page.reload()
    await page.get_by_label("Or write a word or a number").fill("again")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_contain_text("Turn 3.")
    await page.get_by_role("button", name="Українська").click()
    await picture(page, "4-uk")
    assert await page.get_attribute("html", "lang") == "uk"
    (cookie,) = await page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["expires"]) == ("s", True, -1)
    await page.get_by_role("button", name="Вийти").click()
    await picture(page, "5-gone")
    assert await page.context.cookies() == []
    assert conversation.sessions == {}
    assert len(conversation.taken) == 5
    assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{site.port}"}
    # Nothing was blocked by the policy, so nothing on the page asks for more than it may.
    assert [text for text in troubles if "Cleared data types" not in text] == []
    await page.context.close()


async def test_nothing_is_cut_off_on_a_narrow_screen(site: Site, chromium: Browser) -> None:
    page = await open_page(chromium, site)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for zoom in (1, 2):
            await page.context.clear_cookies()
            await page.goto("/")
            await fits(page, scheme, zoom)
    await page.context.close()


async def fits(page: Page, scheme: str, zoom: int) -> None:
    # Zooming in is the same as a window of half the width with letters as large as before.
    await page.set_viewport_size(
        {"width": WIDTH * 2 // zoom if zoom == 2 else WIDTH, "height": 640}
    )
    for turn in range(3):
        await picture(page, f"{scheme}-{zoom}-{turn}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH
        boxes = await page.evaluate(BOXES)
        assert len(boxes) > 5
        for html, left, right, height in boxes:
            assert left >= 0, html
            assert right <= WIDTH, html
            assert height >= 44, f"24 is the least of WCAG 2.2, and hands may shake: {html}"
        await page.locator(".choices input[type=submit]").first.click()
        await expect(page.get_by_role("main")).to_contain_text(f"Turn {turn + 1}.")


async def test_the_first_tab_and_enter_leave_the_page(
    site: Site, conversation: CountingConversation, chromium: Browser, elsewhere: str
) -> None:
    page = await open_page(chromium, site)
    await page.locator(".choices input[type=submit]").first.click()
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    assert conversation.sessions
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url(elsewhere)
    assert conversation.sessions == {}
    assert await page.context.cookies() == []
    await page.go_back()
    assert "Turn 0." in await page.inner_text("main")
    await page.context.close()


async def lynx(site: Site, folder: Path, *keys: str) -> str:
    """Presses keys in Lynx, one after another, and gives all that it drew."""
    script = folder / "keys"
    # Its own settings, but without the seconds that each of its messages stays.
    config = folder / "lynx.cfg"
    quick = "INFOSECS:0\nMESSAGESECS:0\nALERTSECS:0\nREPLAYSECS:0\n"
    config.write_text("INCLUDE:/etc/lynx/lynx.cfg\n" + quick, "utf-8")
    script.write_text("".join(f"key {key}\n" for key in (*keys, "Q", "y")), "utf-8")
    done = await asyncio.to_thread(
        subprocess.run,
        [
            need("lynx"),
            "-accept_all_cookies",
            f"-cfg={config}",
            f"-cmd_script={script}",
            str(site.url),
        ],
        env={"TERM": "vt100", "LC_ALL": "C.UTF-8", "HOME": str(folder), "LINES": "60"},
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    return done.stdout.decode("utf-8", "replace")


DOWN, ENTER, HOME = "Down Arrow", "^J", "^A"


async def test_lynx_goes_the_whole_way(
    site: Site, conversation: CountingConversation, tmp_path: Path
) -> None:
    first = (DOWN, ENTER)
    pick = (DOWN, ENTER, DOWN, DOWN, DOWN, ENTER, DOWN, ENTER)
    drawn = await lynx(site, tmp_path, *first, *pick)
    assert [taken.heard for taken in conversation.taken] == [
        Pressed("yes", "0"),
        Pressed("=UA-05", "1"),
    ]
    assert "0 800 000 000" in drawn
    assert "(yes)" not in drawn, "keys are not for people to read"


async def test_words_can_be_typed_in_lynx(
    site: Site, conversation: CountingConversation, tmp_path: Path
) -> None:
    await lynx(site, tmp_path, DOWN, DOWN, DOWN, *"Kyiv", DOWN, ENTER)
    assert [taken.heard for taken in conversation.taken] == [Words("Kyiv")]


async def test_the_quick_exit_works_in_lynx(
    site: Site, conversation: CountingConversation, tmp_path: Path
) -> None:
    drawn = await lynx(site, tmp_path, DOWN, ENTER, HOME, ENTER)
    assert len(conversation.taken) == 2
    assert conversation.sessions == {}
    assert "an encyclopedia" in drawn
