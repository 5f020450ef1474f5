"""People at a page whose script seals, each in a browser of their own, as they would have it.

It decides what they do and say, and keeps their cookies so that these can be searched for.
"""

import random
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright, expect

from bot.channels.web_request import address_of
from tests.trials.test_canaries import Canaries
from tests.web.conftest import CHROMIUM, FLAGS, need_chromium
from tests.web.test_reading import press
from tests.web_chat.test_sealed import write

WAIT = 60_000
"""Milliseconds: many browsers share two processors."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """One program for all, in which each person has a profile of their own."""
    need_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        expect.set_options(timeout=WAIT)
        try:
            yield browser
        finally:
            expect.set_options(timeout=5_000)
            await browser.close()


async def comes(browser: Browser, url: str, made: Canaries, *, asks: bool) -> None:
    """Somebody says a few things, and perhaps asks for a human, to whom the browser seals."""
    context = await browser.new_context(
        locale="en-GB",
        user_agent=f"Mozilla/5.0 {made.word()}",
        # As the proxy before us says where they come from.
        extra_http_headers={"X-Forwarded-For": f"2001:db8:{random.randrange(1 << 16):x}::1"},
    )
    context.set_default_timeout(WAIT)
    page = await context.new_page()
    await page.goto(url)
    await press(page, "yes")
    if not asks:
        await press(page, "medical")
    mark = await page.locator("main input[name=m]").first.input_value()
    await page.locator("#write").fill(f"{made.word()} {made.region()}")
    await page.locator("#write").press("Enter")
    await expect(page.locator(f"main input[name=m][value='{mark}']")).to_have_count(0)
    if asks:
        await press(page, "!human")
        await press(page, "yes")
        await expect(page.locator("section.talk")).to_be_visible()
        await write(page, made.word())
        await expect(page.locator(".me .fine")).to_have_text("Sent")
    (cookie,) = [one["value"] for one in await context.cookies() if one["name"] == "s"]
    secret = urlsafe_b64decode(cookie + "=")
    made.all += [cookie, secret, address_of(secret, "web").person]
    await context.close()
