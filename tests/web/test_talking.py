"""A conversation on the page with its script: nothing loads anew, and nobody is lost on the way."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.channels.contract import Incoming, Outgoing, Pressed, Words
from bot.channels.web_page import SCRIPTS, TEMPLATES
from tests.channels.counting import DOWN, CountingConversation
from tests.web.conftest import Serve, Site, picture

pytestmark = pytest.mark.asyncio(loop_scope="session")
SMALL = {"width": 320, "height": 640}
KEPT = "window.loaded = true"


async def enter(browser: Browser, site: Site, **wishes: object) -> Page:
    context = await browser.new_context(viewport=SMALL, **wishes)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(site.url)
    await page.evaluate(KEPT)
    return page


async def turn(page: Page, number: int) -> None:
    await expect(page.get_by_role("main")).to_contain_text(f"Turn {number}.")


async def test_a_whole_way_without_loading_the_page_again(serve: Serve, chromium: Browser) -> None:
    conversation = CountingConversation()
    async with serve(conversation) as site:
        page = await enter(chromium, site)
        asked: set[str] = set()
        troubles: list[str] = []
        page.on("request", lambda request: asked.add(request.url))
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        entries = await page.evaluate("history.length")
        await page.get_by_role("button", name="Yes <now>").click()
        await turn(page, 1)
        await page.get_by_label("Pick from the list").select_option("Region 7")
        await page.get_by_role("button", name="Go on").click()
        await turn(page, 2)
        await picture(page, "talk-card")
        # A card's own button stands on the card, and nowhere else.
        assert await page.get_by_role("button", name="Open: Центр допомоги").count() == 1
        assert await page.get_by_role("button", name="Центр").count() == 1
        await page.get_by_role("button", name="Open").click()
        await turn(page, 3)
        await page.get_by_role("button", name="Українська").click()
        await expect(page.locator("html")).to_have_attribute("lang", "uk")
        await page.get_by_role("button", name="العربية").click()
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert await page.title() == "دليل"
        await page.get_by_role("button", name="English").click()
        await page.get_by_role("link", name="Phone numbers for right now").click()
        await expect(page.get_by_role("main")).to_contain_text("112")
        await page.get_by_role("link", name="Back to the guide").click()
        await turn(page, 6)
        await page.get_by_role("button", name="Leave").click()
        await expect(page.get_by_role("main")).to_contain_text("What I remembered is gone.")
        assert await page.evaluate("window.loaded"), "the page was never loaded again"
        assert await page.evaluate("history.length") == entries
        assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert await page.context.cookies() == []
        await page.get_by_role("link", name="Start again").click()
        await turn(page, 0)
        assert asked == {site.url, f"{site.url}now/en"}
        assert [text for text in troubles if "Cleared data types" not in text] == []
        assert conversation.sessions == {}
        assert [one.heard for one in conversation.taken][:3] == [
            Pressed("yes", "0"),
            Pressed("=UA-07", "1"),
            Pressed("=centre", "2"),
        ]
        await page.context.close()


async def test_all_of_it_is_done_with_keys_alone(serve: Serve, chromium: Browser) -> None:
    conversation = CountingConversation()
    async with serve(conversation) as site:
        page = await enter(chromium, site)
        await page.keyboard.press("1")
        # Nothing yet: a number works from within the answer, not on whatever is open.
        assert conversation.taken == []
        await page.keyboard.press("Tab")
        await expect(page.locator(".exit")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("1")
        await turn(page, 1)
        await expect(page.get_by_role("heading", level=1)).to_be_focused()
        await expect(page.locator("#told")).to_contain_text("Turn 1.")
        await page.keyboard.press("1")
        await turn(page, 2)
        await page.get_by_role("textbox").focus()
        await page.keyboard.type("1 word")
        await turn(page, 2)
        await page.keyboard.press("Enter")
        await turn(page, 3)
        await expect(page.get_by_role("textbox")).to_be_focused()
        await expect(page.get_by_role("textbox")).to_have_value("")
        assert [one.heard for one in conversation.taken] == [
            Pressed("yes", "0"),
            Pressed("abroad", "1"),
            Words("1 word"),
        ]
        # What was read out is said; what a card holds is left to be read at leisure.
        await expect(page.locator("#told")).to_contain_text("Turn 3.")
        assert "0 800" not in await page.inner_text("#told")
        await page.context.close()


async def test_an_answer_that_does_not_come_is_said_and_nothing_written_is_lost(
    serve: Serve, chromium: Browser
) -> None:
    conversation = CountingConversation()
    async with serve(conversation) as site:
        page = await enter(chromium, site)
        await page.get_by_role("textbox").fill("a word")
        await page.context.set_offline(True)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("No answer came.")
        await expect(page.get_by_role("textbox")).to_have_value("a word")
        await page.context.set_offline(False)
        await page.keyboard.press("Enter")
        await turn(page, 1)
        await expect(page.get_by_role("alert")).to_be_hidden()
        conversation.failing = DOWN
        await page.get_by_role("button", name="Abroad").click()
        await expect(page.get_by_role("main")).to_contain_text("112")
        conversation.failing = None
        await page.get_by_role("link", name="Back to the guide").click()
        await turn(page, 1)
        assert await page.evaluate("window.loaded")
        await page.context.close()


async def test_pressed_twice_in_a_hurry_counts_once(serve: Serve, chromium: Browser) -> None:
    conversation = CountingConversation()
    async with serve(conversation) as site:
        page = await enter(chromium, site)
        await page.get_by_role("button", name="Yes <now>").dblclick()
        await turn(page, 1)
        assert len(conversation.taken) == 1
        await page.context.close()


async def test_two_tabs_show_the_same_once_they_are_looked_at(
    serve: Serve, chromium: Browser
) -> None:
    conversation = CountingConversation()
    async with serve(conversation) as site:
        page = await enter(chromium, site)
        await page.get_by_role("button", name="Yes <now>").click()
        await turn(page, 1)
        other = await page.context.new_page()
        await other.goto(site.url)
        await other.get_by_role("button", name="Abroad").click()
        await turn(other, 2)
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await turn(page, 2)
        assert await page.evaluate("window.loaded")
        await page.context.close()


async def test_a_browser_without_cookies_is_told_why_nothing_goes_on(
    serve: Serve, chromium: Browser
) -> None:
    async with serve(CountingConversation()) as site:
        page = await enter(chromium, site)
        await page.get_by_role("button", name="Yes <now>").click()
        await turn(page, 1)
        assert "did not keep the cookie" not in await page.inner_text("main")
        await page.context.clear_cookies()
        await page.get_by_role("button", name="Abroad").click()
        await expect(page.get_by_role("main")).to_contain_text("did not keep the cookie")
        await page.context.close()


async def test_an_answer_on_its_way_can_still_be_left(
    serve: Serve, chromium: Browser, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(self: CountingConversation, incoming: Incoming) -> Outgoing | None:
        begun.set()
        await asyncio.Event().wait()
        return None

    async with serve(CountingConversation()) as site:
        page = await enter(chromium, site)
        with monkeypatch.context() as patch:
            patch.setattr(CountingConversation, "take", never)
            await page.get_by_role("button", name="Yes <now>").click()
            await asyncio.wait_for(begun.wait(), 10)
            await page.get_by_role("link", name="Leave this page now").click()
            await page.wait_for_url(elsewhere)
            (waiting,) = [t for t in asyncio.all_tasks() if "never" in repr(t.get_coro())]
            waiting.cancel()
        assert await page.context.cookies() == []
        await page.context.close()


async def test_the_scripts_are_small_plain_and_keep_nothing() -> None:
    scripts = [(TEMPLATES / name).read_text("utf-8") for name in SCRIPTS]
    assert sum(len(script.encode()) for script in scripts) < 20 * 1024
    for script in scripts:
        kept = r"localStorage|sessionStorage|indexedDB|cookie\b.*=|caches\.|pushState|innerHTML"
        assert not re.search(kept, script)
        assert not re.search(r"https?:|import |eval\(|\.style\b", script)


async def test_the_policy_lets_in_nothing_but_our_own(serve: Serve, chromium: Browser) -> None:
    async with serve(CountingConversation()) as site:
        context: BrowserContext = await chromium.new_context()
        page = await context.new_page()
        weights: list[int] = []
        page.on("requestfinished", lambda request: weights.append(1))
        answer = await page.goto(site.url)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "connect-src 'self'" in policy
        assert len(weights) == 1, "the whole page is one answer"
        assert len(await answer.body()) < 60 * 1024
        blocked = await page.evaluate(
            """() => new Promise((done) => {
                document.addEventListener("securitypolicyviolation", (e) => done(e.blockedURI));
                const script = document.createElement("script");
                script.textContent = "window.broken = true";
                document.body.append(script);
            })"""
        )
        assert blocked == "inline"
        assert await page.evaluate("window.broken === undefined")
        await context.close()
