"""One real browser for all tests that a worker runs: to start one, with the program that drives it,
takes a second of the processor, and twenty files need one.

Nothing is shared but the process. Each test opens a context of its own, as new as a private window:
no cookie, no store and no cache of another test is in it, and the test closes it.

A browser is spoken to from the loop that started it. So whoever asks for `chromium` runs in the
loop of the session, as do its own fixtures that await something:
`pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

import os
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from playwright.async_api import Browser

CHROMIUM = "/usr/bin/chromium"
POPUPS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
"""What drops down from the address bar. It is two pages of the browser's own that are loaded behind
each page of ours, though nobody ever sees them: more than half of what a page costs.
"""
PLAYWRIGHTS = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""What playwright puts away by itself (its `chromiumSwitches`): of two such lists a browser reads
the last alone.
"""
AS_IT_COMES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FLAGS = (*AS_IT_COMES, f"--disable-features={','.join((*PLAYWRIGHTS, *POPUPS))}")


def need_chromium() -> None:
    """Without it the test is skipped, and fails where CI should have it."""
    if shutil.which(CHROMIUM) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> "AsyncIterator[Browser]":
    """The browser, started for the first test that asks for it."""
    need_chromium()
    # Only here: whoever runs tests without a browser does not wait for it.
    from playwright.async_api import async_playwright  # noqa: PLC0415

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, headless=True
        )
        yield browser
        await browser.close()
