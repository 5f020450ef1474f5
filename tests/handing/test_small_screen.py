"""Who asks for a human on a small phone sees what is promised and both answers at one look."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, FloatRect, Locator, Page, expect

from bot.app import Service
from bot.channels.web_server import WebRunner
from bot.cli.serve import page_of
from tests.handing.conftest import a_service
from tests.handing.operators import Operator

SMALL = {"width": 320, "height": 568}
LANGUAGES = {"en": "answers, under a made-up name", "uk": "під вигаданим", "fr": "sous un nom"}


async def box(part: Locator) -> FloatRect:
    found = await part.bounding_box()
    assert found is not None
    return found


async def press(page: Page, key: str) -> None:
    """The button of that choice."""
    await page.locator(f"form:has([name=c][value='{key}']) [type=submit]").first.click()


async def looks(page: Page, language: str) -> None:
    """Ask for a human in that language, and measure what is there without scrolling."""
    if language != "en":
        await press(page, f"@{language}")
        await expect(page.get_by_role("main")).to_have_attribute("lang", language)
    await press(page, "!human")
    promise = page.locator("main .say p").first
    await expect(promise).to_contain_text(LANGUAGES[language])
    said, answers = await box(promise), page.locator(".both input[type=submit]")
    yes, no = [await box(one) for one in await answers.all()]
    assert await page.evaluate("[scrollX, scrollY]") == [0, 0]
    assert await page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    assert (yes["y"], yes["height"]) == (no["y"], no["height"])
    assert yes["width"] == pytest.approx(no["width"], abs=1)
    assert 0 < said["y"] < said["y"] + said["height"] <= yes["y"]
    assert yes["y"] + yes["height"] <= SMALL["height"]
    # Whoever reads on finds all of it above the answers, and what the keyboard reaches in sight.
    last = page.locator("main .say p").last
    await last.evaluate("part => part.scrollIntoView({block: 'end'})")
    end, bar = await box(last), await box(page.locator(".both"))
    assert end["y"] + end["height"] <= bar["y"] + 1
    await answers.last.focus()
    await page.keyboard.press("Tab")
    reached, bar = await box(page.locator(":focus")), await box(page.locator(".both"))
    assert reached["y"] >= bar["y"] + bar["height"]
    assert reached["y"] + reached["height"] <= SMALL["height"]


@pytest_asyncio.fixture(loop_scope="session")
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    async with a_service(tmp_path) as service:
        yield service


@pytest.mark.asyncio(loop_scope="session")
async def test_the_promise_and_both_answers_are_seen_without_scrolling(
    service: Service, chromium: Browser
) -> None:
    Operator(service, "s1", languages=tuple(LANGUAGES))
    runner = WebRunner(page_of(service))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    for language, script in (("en", True), ("uk", False), ("fr", True)):
        context = await chromium.new_context(
            viewport=SMALL,  # type: ignore[arg-type]  # as playwright takes it
            java_script_enabled=script,
            locale="en",
        )
        page = await context.new_page()
        await page.goto(url)
        await looks(page, language)
        await context.close()
    await runner.cleanup()
