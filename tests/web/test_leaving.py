"""Leaving the page with its script: at once, from anywhere, even when nothing answers any more."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.channels.counting import CountingConversation
from tests.web.conftest import Serve, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
WATCH = """() => {
    // What is on the page in the very moment in which the last key or click has been dealt with.
    window.addEventListener("%s", (event) => {
        queueMicrotask(() => console.log("left:" + document.body.textContent.trim().length));
    }, false);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def conversation() -> CountingConversation:
    return CountingConversation()


@pytest_asyncio.fixture(loop_scope="session")
async def site(serve: Serve, conversation: CountingConversation) -> AsyncIterator[Site]:
    async with serve(conversation) as site:
        yield site


async def deep(browser: Browser, site: Site, before: str = "about:blank") -> Page:
    """Somebody in the middle of a conversation, who came from somewhere."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(before)
    await page.goto(site.url)
    await page.get_by_role("button", name="Yes <now>").click()
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    await page.get_by_role("textbox").fill("half a sentence")
    return page


async def gone(page: Page, elsewhere: str, conversation: CountingConversation) -> None:
    await page.wait_for_url(elsewhere)
    for _ in range(100):
        if not conversation.sessions and not await page.context.cookies():
            break
        await asyncio.sleep(0.02)
    assert conversation.sessions == {}
    assert await page.context.cookies() == []


async def leave_by_link(page: Page) -> None:
    await page.locator(".exit").click(no_wait_after=True)


async def leave_by_keys(page: Page) -> None:
    for _ in range(3):
        await page.keyboard.press("Escape")


@pytest.mark.parametrize("leave", [leave_by_link, leave_by_keys])
async def test_leaving_erases_and_takes_the_place_of_the_visit(
    chromium: Browser, site: Site, conversation: CountingConversation, elsewhere: str, leave: object
) -> None:
    before = f"{elsewhere}?before"
    page = await deep(chromium, site, before)
    entries = await page.evaluate("history.length")
    assert callable(leave)
    await leave(page)
    await gone(page, elsewhere, conversation)
    assert await page.evaluate("history.length") == entries
    # There is no way back to it: one step back is what was there before.
    await page.go_back()
    assert page.url == before
    await page.context.close()


async def test_two_presses_or_others_between_leave_nothing(
    chromium: Browser, site: Site, conversation: CountingConversation
) -> None:
    page = await deep(chromium, site)
    for key in ("Escape", "Escape", "a", "Escape", "Escape"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    assert conversation.sessions
    await page.context.close()


@pytest.mark.parametrize("how", ["click", "keydown"])
async def test_nothing_is_to_be_seen_in_the_same_moment(
    chromium: Browser, site: Site, how: str
) -> None:
    page = await deep(chromium, site)
    # The other site never answers, so what is here stays here.
    await page.route("http://localhost:*/**", lambda _: None)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.evaluate(WATCH % how)
    await (leave_by_link if how == "click" else leave_by_keys)(page)
    for _ in range(100):
        if "left:0" in said:
            break
        await asyncio.sleep(0.02)
    assert [words for words in said if words.startswith("left:")][-1] == "left:0"
    await page.context.close()


async def test_it_leaves_although_nothing_answers_any_more(
    serve: Serve, chromium: Browser, conversation: CountingConversation, elsewhere: str
) -> None:
    async with serve(conversation) as site:
        page = await deep(chromium, site)
        await site.runner.cleanup()
        await leave_by_keys(page)
        await page.wait_for_url(elsewhere)
        await page.context.close()


async def test_offline_the_page_is_empty_and_the_way_back_is_closed(
    chromium: Browser, site: Site
) -> None:
    page = await deep(chromium, site)
    await page.context.set_offline(True)
    await leave_by_keys(page)
    for _ in range(200):
        if page.url.startswith("chrome-error:"):
            break
        await asyncio.sleep(0.02)
    assert page.url.startswith("chrome-error:"), "the browser says that there is no network"
    assert "Turn" not in await page.content()
    await page.context.close()


async def test_a_page_that_was_left_by_a_link_is_not_kept_to_be_shown_again(
    chromium: Browser, site: Site, elsewhere: str
) -> None:
    page = await deep(chromium, site)
    await page.goto(elsewhere)
    await page.go_back()
    # What stands there was asked for anew, and knows nothing of what was half written.
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    await expect(page.get_by_role("textbox")).to_have_value("")
    await page.context.close()


async def test_a_browser_that_keeps_the_page_keeps_an_empty_one(
    chromium: Browser, site: Site
) -> None:
    page = await deep(chromium, site)
    hide = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
    await page.evaluate(hide)
    assert (await page.inner_text("body")).strip() == ""
    async with page.expect_navigation():
        await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    await page.context.close()


async def test_another_site_cannot_make_somebody_leave(
    chromium: Browser, site: Site, conversation: CountingConversation, elsewhere: str
) -> None:
    page = await deep(chromium, site)
    other = await page.context.new_page()
    await other.goto(elsewhere)
    attack = f"fetch('{site.url}exit', {{method: 'POST', mode: 'no-cors'}}).catch(() => 0)"
    await other.evaluate(attack)
    await page.reload()
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    assert conversation.sessions
    await page.context.close()
