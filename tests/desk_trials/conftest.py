"""One browser for the whole folder. The five minutes are for those who ask for them:
`QUIETLINE_SUITE=1`.
"""

import os
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.web.conftest import CHROMIUM, FLAGS, need_chromium

collect_ignore = [] if os.environ.get("QUIETLINE_SUITE") else ["test_five_minutes.py"]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chromium() -> AsyncIterator[Browser]:
    need_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()
