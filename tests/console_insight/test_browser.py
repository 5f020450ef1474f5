"""Our pages in a real browser: judged by axe, on a narrow screen, by keyboard, and on paper."""

import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.console.cookie import PLAIN
from bot.console.frame import ConsoleSettings
from bot.staff import Role
from tests.channels.test_web_browsers import WIDTH
from tests.console_frame.visitors import Console, a_console
from tests.console_insight.offices import EVERY, ledger_of, office_with
from tests.console_insight.test_pages import TWICE
from tests.directory.helpers import HOTLINE, listing

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAGES = (
    "/duplicates",
    "/duplicates/ua-one/ua-two",
    "/coverage?country=UA",
    "/offline",
    "/offline/leaflet?area=UA-63&lang=uk&size=A4",
    "/links?id=ua-one",
)
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
WIDE = ("/duplicates/ua-one/ua-two", "/coverage?country=UA")
"""Those that are set out in another way where there is room."""
A4, A6 = (595, 842), (298, 420)
"""Points, whole ones."""
MANY = tuple(
    listing(
        f"ua-line-{i:02d}",
        needs=HOTLINE if i % 2 else "[medical]",
        names=f'{{en: "Line {i} with a name that is long enough to need a second line"}}',
        summary=f'{{en: "{"Somebody answers and listens. " * 8}"}}',
        area="[UA-63]",
    )
    for i in range(12)
)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder = tmp_path_factory.mktemp("office")
    settings = ConsoleSettings(demo=True, link_checker=True)
    with office_with(folder, *TWICE, *MANY, settings=settings) as office:
        for _ in range(5):
            ledger_of(office).count_unmet("legal.advice", "UA-63", "fr")
        ledger_of(office).flush_unmet()
        async with a_console(office, EVERY) as running:
            yield running


async def page_of(
    chromium: Browser, console: Console, name: str, role: Role, *, script: bool = False
) -> Page:
    """A browser of somebody who is signed in."""
    visitor = await console.someone(name, role)
    context = await chromium.new_context(
        java_script_enabled=script,
        reduced_motion="reduce",
        bypass_csp=script,  # for axe-core alone
    )
    assert visitor.opened is not None
    secret = urlsafe_b64encode(visitor.opened.secret).rstrip(b"=").decode()
    await context.add_cookies([{"name": PLAIN, "value": secret, "url": console.url}])
    return await context.new_page()


async def test_axe_finds_nothing_on_any_of_our_pages_and_nothing_is_too_wide(
    chromium: Browser, console: Console
) -> None:
    page = await page_of(chromium, console, "Lena Example", "lead", script=True)
    found = {}
    for path in PAGES:
        for width, scheme in ((WIDTH, "dark"), (1200, "light")):
            if width > WIDTH and path not in WIDE:
                continue
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            answer = await page.goto(console.url + path)
            assert answer is not None
            assert answer.status == 200
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide"
            await page.evaluate(AXE)
            judged = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            if wrong := [
                (one["id"], node["html"], node.get("failureSummary"))
                for one in judged["violations"]
                for node in one["nodes"]
            ]:
                found[path, width] = wrong
    await page.context.close()
    assert found == {}


async def test_a_pair_is_told_apart_with_the_keyboard_alone_and_without_a_script(
    chromium: Browser, console: Console
) -> None:
    page = await page_of(chromium, console, "Edna Example", "editor")
    await page.goto(f"{console.url}/duplicates")
    await page.locator("tbody a").first.focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/duplicates/ua-*/ua-*")
    for _ in range(40):
        if await page.locator("#why-dismiss:focus").count():
            break
        await page.keyboard.press("Tab")
    await page.keyboard.type("Two doors in one house")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/duplicates")
    assert await page.get_by_text("Noted: not the same").count() == 1
    assert len(ledger_of(console.office).dismissed()) == 1
    await page.context.close()


async def test_paper_has_the_size_that_was_asked_for_and_loses_no_service(
    chromium: Browser, console: Console, tmp_path: Path
) -> None:
    page = await page_of(chromium, console, "Vera Example", "viewer")
    for size, box, services in (("A4", A4, 14), ("A6", A6, 6)):
        await page.goto(f"{console.url}/offline/leaflet?area=UA-63&lang=uk&size={size}")
        pdf = await page.pdf(prefer_css_page_size=True, path=tmp_path / f"{size}.pdf")
        boxes = [
            (round(float(width)), round(float(height)))
            for width, height in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        ]
        assert len(boxes) >= 3, "a cover, and pages"
        assert set(boxes) == {box}
        assert await page.locator("article").count() == services
        # Nothing of a service is wider than its page, and none is cut in two between pages.
        await page.emulate_media(media="print")
        await page.set_viewport_size({"width": int(box[0] * 96 / 72), "height": 400})
        cut = page.locator("article").first
        assert await cut.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
        assert await page.evaluate(
            "[...document.querySelectorAll('article *')]"
            ".every(one => one.getBoundingClientRect().right <= document.body.clientWidth + 1)"
        )
        await page.emulate_media(media="screen")
    await page.context.close()
