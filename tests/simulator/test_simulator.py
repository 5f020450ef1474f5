"""The simulator's page: a person tries the bot in a real browser, with JavaScript and without."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update

from bot.cli.simulator import Simulator, is_here
from tests.web.conftest import picture

HOSTILE = "<b>x</b> & <script>alert(1)</script>"
WAYS = [("light", True), ("dark", False)]
"""Colours, and whether scripts run: the other two ways are tried with `QUIETLINE_SUITE=1`, for
neither has anything of its own.
"""
if os.environ.get("QUIETLINE_SUITE"):
    WAYS += [("light", False), ("dark", True)]
ASKED = "Are you safe? 116 123 😀 bold https://example.org/a?b."


@pytest_asyncio.fixture(loop_scope="session")
async def simulator() -> AsyncIterator[Simulator]:
    running = Simulator()
    await running.start(0)
    async with answering(running):
        yield running
    await running.stop()


@asynccontextmanager
async def answering(simulator: Simulator) -> AsyncIterator[None]:
    """A small bot: asks with two buttons, and says back what was written or pressed."""
    keys = InlineKeyboardMarkup([[InlineKeyboardButton(one, callback_data=one)] for one in "AB"])
    marks = [MessageEntity("phone_number", 14, 7), MessageEntity("bold", 25, 4)]

    async def answer(bot: Bot, update: Update) -> None:
        chat = update.effective_chat
        if update.my_chat_member or chat is None:
            return
        heard = update.message.text if update.message else ""
        if update.callback_query:
            await update.callback_query.answer("One moment")
            heard = update.callback_query.data
        if heard == "/start":
            await bot.send_message(chat.id, ASKED, entities=marks, reply_markup=keys)
        else:
            await bot.send_message(chat.id, f"You said {heard}", protect_content=True)

    async def work() -> None:
        async with Bot(simulator.token, base_url=f"{simulator.base}/bot") as bot:
            await bot.set_my_description("What this is.")
            offset = 0
            while True:
                for update in await bot.get_updates(offset=offset, timeout=20, read_timeout=30):
                    offset = update.update_id + 1
                    await answer(bot, update)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(("scheme", "script"), WAYS)
async def test_a_person_tries_the_bot(
    simulator: Simulator, chromium: Browser, *, script: bool, scheme: str
) -> None:
    asked: list[str] = []
    troubles: list[str] = []
    context = await chromium.new_context(
        java_script_enabled=script,
        color_scheme=scheme,  # type: ignore[arg-type]  # one of the two above
        viewport={"width": 320, "height": 640},
    )
    page = await context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(error.message))
    await page.goto(simulator.address)
    await seen(page, "What this is.")
    await page.get_by_role("button", name="Start", exact=True).click()
    await seen(page, ASKED)
    assert await page.get_by_role("link", name="116 123").get_attribute("href") == "tel:116123"
    link = page.get_by_role("link", name="example.org")
    assert await link.get_attribute("href") == "https://example.org/a?b"
    assert await page.locator(".bold").all_inner_texts() == ["bold"]
    await page.get_by_role("button", name="B", exact=True).click()
    await seen(page, "You said B")
    assert await page.locator(".toast").inner_text() == "One moment"
    await page.get_by_label("Message", exact=True).fill(HOSTILE)
    await page.keyboard.press("Enter")
    await seen(page, f"You said {HOSTILE}")
    await picture(page, f"simulator-{scheme}-{script}")
    await page.get_by_label("Send something else").click()
    await page.get_by_role("button", name="Voice message").click()
    await seen(page, "Voice message")
    # In one go: what is shown may be drawn anew between a look for it and a look at it.
    wide = "document.querySelector('.phone').getBoundingClientRect().width"
    assert 0 < await page.evaluate(wide) <= 320
    await page.get_by_label("Menu").click()
    await page.get_by_role("button", name="Block the bot").click()
    await expect(page.get_by_role("button", name="Unblock")).to_be_visible()
    assert troubles == []
    assert {url for url in asked if not url.startswith(simulator.address)} <= {"data:,"}
    await context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_each_browser_has_a_chat_of_its_own(simulator: Simulator, chromium: Browser) -> None:
    one, two = await chromium.new_page(), await (await chromium.new_context()).new_page()
    for page in (one, two):
        await page.goto(simulator.address)
    await one.get_by_role("button", name="Start", exact=True).click()
    await seen(one, ASKED)
    await two.reload()
    await expect(two.get_by_role("button", name="Start", exact=True)).to_be_visible()
    await one.get_by_label("Menu").click()
    await one.get_by_role("button", name="Delete the chat by hand").click()
    await expect(one.get_by_text(ASKED)).to_have_count(0)
    for page in (one, two):
        await page.context.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_no_other_site_and_no_other_name_gets_in(simulator: Simulator) -> None:
    policy = ""
    async with aiohttp.ClientSession() as session:
        for method, headers in (
            ("POST", {"Sec-Fetch-Site": "cross-site"}),
            ("GET", {"Host": "evil.example"}),
        ):
            url = f"{simulator.address}{'start' if method == 'POST' else ''}"
            async with session.request(method, url, headers=headers) as answer:
                assert answer.status == 403
                policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        for form in ({}, {"message": "1", "button": "0.0"}, {"message": "x", "button": "y"}):
            async with session.post(f"{simulator.address}press", data=form) as answer:
                assert answer.status == 200


def test_the_page_asks_nobody_else_and_bears_no_mark_of_another() -> None:
    assert is_here()
    folder = Path(__file__).parents[2] / "bot/cli/simulator"
    for file in (*folder.glob("*.html"), *folder.glob("*.css"), *folder.glob("*.js")):
        assert (
            re.findall(r"https?://|telegram|innerHTML|eval\(", file.read_text(), re.IGNORECASE)
            == []
        )


async def seen(page: Page, words: str) -> None:
    await expect(page.locator("#chat")).to_contain_text(words)
