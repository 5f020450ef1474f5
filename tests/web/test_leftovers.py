"""What a browser leaves on the disk of a person's device: the whole profile is searched for words.

A cookie's value and everything that was said, shown or typed are looked for in every form in which
a browser might have written them.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.channels.contract import Address, Block, Incoming, Line, Outgoing
from tests.browser import AS_IT_COMES, CHROMIUM, FLAGS, need_chromium
from tests.canary import find
from tests.channels.counting import CountingConversation
from tests.web.conftest import Serve

pytestmark = pytest.mark.asyncio(loop_scope="session")
TYPED = "vorkhelumitze"
SAID = "quandeltrofix"


class Telling(CountingConversation):
    """Says a word that nobody else says."""

    async def take(self, incoming: Incoming) -> Outgoing | None:
        out = await super().take(incoming)
        return out and marked(out)

    async def look(self, address: Address, language: str) -> Outgoing:
        return marked(await super().look(address, language))


def marked(out: Outgoing) -> Outgoing:
    return replace(out, blocks=(*out.blocks, Block("say", (Line("text", SAID),))))


async def leave_by_keys(page: Page, elsewhere: str) -> None:
    for _ in range(3):
        await page.keyboard.press("Escape")
    await page.wait_for_url(elsewhere)


async def leave_by_link(page: Page, elsewhere: str) -> None:
    await page.locator(".exit").click()
    await page.wait_for_url(elsewhere)


async def erase(page: Page, elsewhere: str) -> None:
    await page.get_by_role("button", name="Leave", exact=True).click()
    await expect(page.get_by_role("main")).to_contain_text("is gone")


async def close_the_tab(page: Page, elsewhere: str) -> None:
    await page.close()


async def talk(page: Page, url: str) -> str:
    await page.goto(url)
    await page.get_by_role("button", name="Yes <now>").click()
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    await page.get_by_role("textbox").fill(TYPED)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_contain_text("Turn 2.")
    await page.get_by_role("textbox").press_sequentially(TYPED)
    (cookie,) = await page.context.cookies()
    return cookie["value"]


WAYS: dict[bool, tuple[Callable[[Page, str], Awaitable[None]], ...]] = {
    # One after another in the same browser: all that any of them leaves is searched at once.
    True: (leave_by_keys, leave_by_link, erase, close_the_tab),
    False: (leave_by_link, erase, close_the_tab),
}


@pytest.mark.parametrize("script", WAYS, ids=["with script", "without"])
async def test_no_word_of_it_is_in_the_profile_of_the_browser(
    serve: Serve, elsewhere: str, tmp_path: Path, *, script: bool
) -> None:
    need_chromium()
    profile = tmp_path / "profile"
    cookies: list[str] = []
    async with serve(Telling()) as site, async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=AS_IT_COMES if os.environ.get("QUIETLINE_SUITE") else FLAGS,
            headless=True,
            java_script_enabled=script,
        )
        for go in WAYS[script]:
            page = await context.new_page()
            cookies.append(await talk(page, site.url))
            await go(page, elsewhere)
        # Time to write down what it wants to, before and while it ends.
        await asyncio.sleep(0.5)
        await context.close()
    host = site.url.split("/")[2]
    assert find([profile / "Default" / "History"], [host]), "the search finds what is there"
    assert find([profile], [TYPED, SAID, *cookies, "0 800 000 000", "Region 7"]) == []
