"""Every page in a language whose words are a third longer, on a narrow screen: nothing is cut off.

The words are those of `quietline i18n pseudo`; what stands in plain English is not translated.
"""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.app import LIBRARY, LOCALES
from flows.pseudo import CODE, make_locales
from flows.translating import Sources
from tests.contract.house import House, open_house

SESSION = pytest.mark.asyncio(loop_scope="session")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()
WIDTH = 320
BOXES = """(buttons) => buttons.map((one) => {
    const box = one.getBoundingClientRect();
    return [one.value, box.left, box.right];
})"""
"""What stands on each button, and where it is: in one go, which costs less than one by one."""
MADE_UP = re.compile(r"[áçéğïñöřšûýž]")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    locales = make_locales(Sources(LIBRARY, LOCALES), folder / "locales")
    async with open_house(folder, lambda: NOW, locales) as house:
        yield house


@SESSION
async def test_on_a_narrow_screen_long_words_are_shown_whole(
    house: House, chromium: Browser
) -> None:
    context = await chromium.new_context(
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
        shown = await buttons.evaluate_all(BOXES)
        assert shown
        for label, left, right in shown:
            assert MADE_UP.search(label), label
            assert 0 <= left < right <= WIDTH, label
        await buttons.first.click()
        await page.wait_for_load_state()
    await context.close()
