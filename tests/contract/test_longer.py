"""Every page in a language whose words are a third longer, on a narrow screen: nothing is cut off.

The words are those of `quietline i18n pseudo`; what stands in plain English is not translated.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from bot.app import LIBRARY, LOCALES
from flows.pseudo import CODE, make_locales
from flows.translating import Sources
from tests.contract.house import House, open_house

MODULE = pytest.mark.asyncio(loop_scope="module")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
CHROMIUM = "/usr/bin/chromium"
WIDTH = 320
MADE_UP = re.compile(r"[áçéğïñöřšûýž]")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    locales = make_locales(Sources(LIBRARY, LOCALES), folder / "locales")
    async with open_house(folder, lambda: NOW, locales) as house:
        yield house


@MODULE
async def test_on_a_narrow_screen_long_words_are_shown_whole(house: House) -> None:
    if shutil.which(CHROMIUM) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], headless=True
        )
        context = await browser.new_context(
            java_script_enabled=False,
            viewport={"width": WIDTH, "height": 640},
            base_url=house.page,
            locale=CODE,
        )
        page = await context.new_page()
        await page.goto("/")
        for _ in range(5):
            assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH
            assert await page.evaluate("document.documentElement.lang") == CODE
            buttons = page.locator(".choices input[type=submit], .card input[type=submit]")
            for button in await buttons.all():
                label = await button.get_attribute("value")
                assert label is not None
                assert MADE_UP.search(label), label
                box = await button.bounding_box()
                assert box is not None
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= WIDTH
            await buttons.first.click()
            await page.wait_for_load_state()
        await browser.close()
