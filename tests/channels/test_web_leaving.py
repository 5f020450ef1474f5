"""Leaving the page: the quick exit, the last words, and a browser that hangs up half-way."""

import asyncio
from http import HTTPStatus

import aiohttp
import pytest

from bot.channels.contract import LEAVE, Incoming, Outgoing
from tests.channels.conftest import Site
from tests.channels.counting import DOWN, CountingConversation
from tests.channels.html import Page
from tests.channels.visiting import read, send

CANARY = "qzxcanaryword"
FORM = "application/x-www-form-urlencoded"


async def test_the_quick_exit_erases_and_leads_away(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, {"m": "0", "c": "yes"})
    assert conversation.sessions
    async with browser.get("/exit", allow_redirects=False) as answer:
        assert answer.status == HTTPStatus.SEE_OTHER
        assert answer.headers["Location"] == "https://www.wikipedia.org/"
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert conversation.sessions == {}
    assert not list(browser.cookie_jar)


@pytest.mark.parametrize("failing", [DOWN, ValueError(CANARY)])
async def test_the_quick_exit_leads_away_even_when_nothing_works(
    browser: aiohttp.ClientSession, conversation: CountingConversation, failing: Exception
) -> None:
    await send(browser, {"m": "0", "c": "yes"})
    conversation.failing = failing
    async with browser.get("/exit", allow_redirects=False) as answer:
        assert answer.headers["Location"] == "https://www.wikipedia.org/"
        assert "Max-Age=0" in answer.headers["Set-Cookie"]


async def test_a_browser_that_looks_ahead_erases_nothing(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, {"m": "0", "c": "yes"})
    async with browser.get("/exit", headers={"Sec-Purpose": "prefetch;prerender"}) as answer:
        assert answer.status == HTTPStatus.FORBIDDEN
    async with browser.head("/exit") as answer:
        assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
    assert conversation.sessions


async def test_leaving_shows_the_last_words_once_and_forgets_the_browser(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    await send(browser, {"m": "0", "c": "yes"})
    button = (await read(browser)).button("Leave")
    async with browser.post("/", data=button, allow_redirects=False) as answer:
        assert answer.status == HTTPStatus.OK
        assert "Clear-Site-Data" in answer.headers
        last = Page(await answer.text())
    assert "What I remembered is gone." in last.text
    assert last.forms == []
    assert conversation.sessions == {}
    assert not list(browser.cookie_jar)
    assert "Turn 0." in (await read(browser)).text


async def test_someone_who_never_answered_can_leave_too(
    browser: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    answer = await send(browser, (await read(browser)).button("Leave"))
    assert answer.status == HTTPStatus.OK
    assert conversation.sessions == {}
    assert not list(browser.cookie_jar)


async def test_a_turn_is_finished_although_the_browser_has_gone(
    site: Site, conversation: CountingConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()
    take = CountingConversation.take

    async def slow(self: CountingConversation, incoming: Incoming) -> Outgoing | None:
        begun.set()
        await go_on.wait()
        out = await take(self, incoming)
        done.set()
        return out

    monkeypatch.setattr(CountingConversation, "take", slow)
    body = f"m=0&c={LEAVE}"
    _, pen = await asyncio.open_connection("127.0.0.1", site.port)
    pen.write(
        f"POST / HTTP/1.1\r\nHost: here\r\nContent-Type: {FORM}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await begun.wait()
    pen.transport.abort()
    await asyncio.sleep(0.05)
    go_on.set()
    await asyncio.wait_for(done.wait(), 5)
    assert len(conversation.taken) == 1
