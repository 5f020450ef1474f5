"""The part of a page that goes on by itself without JavaScript: what comes, what it may cost."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.channels import web_live
from bot.channels.contract import Address, Block, Line, Outgoing
from bot.channels.web import WebSettings
from bot.channels.web_live import BREATH, Live
from bot.channels.web_request import address_of, cookie_text, new_secret
from tests.channels.counting import DOWN, CountingConversation
from tests.web.conftest import Serve, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Reader:
    """A browser that has a frame open."""

    def __init__(self, web: aiohttp.ClientSession, secret: bytes) -> None:
        self._web, self._secret = web, secret
        self.said = b""

    async def open(self) -> aiohttp.ClientResponse:
        headers = {"Cookie": f"s={cookie_text(self._secret)}"}
        self._answer = await self._web.get("/live", headers=headers)
        await self.until(b"</head>")
        return self._answer

    async def until(self, words: bytes) -> None:
        async with asyncio.timeout(10):
            while words not in self.said:
                read = await self._answer.content.readany()
                assert read, "it ended before that came"
                self.said += read

    async def end(self) -> bytes:
        async with asyncio.timeout(10):
            return self.said + await self._answer.content.read()

    def leave(self) -> None:
        self._answer.close()

    async def answer(self, mark: str, key: str) -> None:
        headers = {"Cookie": f"s={cookie_text(self._secret)}"}
        form = {"m": mark, "c": key}
        async with self._web.post("/", data=form, headers=headers, allow_redirects=False) as got:
            assert got.status in {200, 303}


@pytest_asyncio.fixture(loop_scope="session")
async def conversation() -> CountingConversation:
    return CountingConversation(live=True)


@pytest_asyncio.fixture(loop_scope="session")
async def site(serve: Serve, conversation: CountingConversation) -> AsyncIterator[Site]:
    async with serve(conversation, settings=WebSettings(live_pages=5)) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def web(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(site.url, cookie_jar=aiohttp.DummyCookieJar()) as web:
        yield web


async def settled(live: Live, count: int) -> None:
    for _ in range(200):
        if len(live) == count:
            return
        await asyncio.sleep(0.01)
    assert len(live) == count


async def test_what_was_said_in_another_tab_comes_by_itself(
    site: Site, web: aiohttp.ClientSession
) -> None:
    secret = new_secret()
    mine, other = Reader(web, secret), Reader(web, new_secret())
    got = await mine.open()
    await other.open()
    assert got.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in got.headers["Content-Security-Policy"]
    assert "script-src 'none'" in got.headers["Content-Security-Policy"]
    await mine.answer("0", "yes")
    await mine.until(b"Turn 1.")
    await mine.answer("1", "abroad")
    await mine.until(b"Turn 2.")
    await other.answer("0", "unsure")
    await other.until(b"Turn 1.")
    assert b"Turn 2." not in other.said
    assert len(mine.said) % 1024 == 0, "sizes tell little"
    mine.leave()
    other.leave()
    await settled(site.live, 0)


async def test_whoever_leaves_is_told_nothing_more(site: Site, web: aiohttp.ClientSession) -> None:
    mine = Reader(web, new_secret())
    await mine.open()
    await mine.answer("0", "!leave")
    said = await mine.end()
    assert b"Turn" not in said
    assert said.rstrip().endswith(b"</html>")
    assert len(site.live) == 0


async def test_nobody_opens_more_than_their_share(site: Site, web: aiohttp.ClientSession) -> None:
    secret = new_secret()
    mine = [Reader(web, secret) for _ in range(4)]
    for reader in mine:
        await reader.open()
    assert b'target="_top"' in await mine[0].end()
    await settled(site.live, 3)
    others = [Reader(web, new_secret()) for _ in range(3)]
    for reader in others:
        await reader.open()
    # One too many: a whole page with a link in it, and nothing held open.
    assert b'target="_top"' in await others[2].end()
    await settled(site.live, 5)
    for reader in (*mine[1:], *others[:2]):
        reader.leave()
    await settled(site.live, 0)


async def test_someone_unknown_gets_a_link_and_holds_nothing(
    site: Site, web: aiohttp.ClientSession
) -> None:
    for path in ("/live", "/live/soon"):
        async with web.get(path) as got:
            said = await got.text()
        assert 'target="_top"' in said
        assert ("refresh" in said) == (path == "/live/soon")
    assert len(site.live) == 0


async def test_a_fault_ends_a_frame_with_the_way_to_look(
    site: Site, web: aiohttp.ClientSession, conversation: CountingConversation
) -> None:
    secret = new_secret()
    mine = Reader(web, secret)
    await mine.open()
    for failing in (DOWN, ValueError("qzxcanaryword")):
        conversation.failing = failing
        site.live.wake(address_of(secret, "web").person)
        said = await mine.end()
        assert b'target="_top"' in said
        assert b"qzxcanaryword" not in said
        conversation.failing = None
        mine = Reader(web, secret)
        await mine.open()
    mine.leave()
    await settled(site.live, 0)


async def test_a_frame_shows_signs_of_life_and_one_that_nobody_reads_is_let_go(
    serve: Serve, conversation: CountingConversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_live, "KEEP_ALIVE", 0.02)
    turn = itertools.count()

    async def look(self: CountingConversation, address: Address, language: str) -> Outgoing:
        # Something else each time: what stands there is not said again.
        much = f"{next(turn)}" + "x" * 1_000_000
        return Outgoing("en", "ltr", (Block("say", (Line("text", much),)),))

    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(serve(conversation))
        web = await stack.enter_async_context(aiohttp.ClientSession(site.url))
        mine = Reader(web, new_secret())
        await mine.open()
        await mine.until(BREATH * 3)
        mine.leave()
        await settled(site.live, 0)
        # Opens a frame, and never reads.
        secret = new_secret()
        _, pen = await asyncio.open_connection("127.0.0.1", int(site.url.split(":")[2][:-1]))
        pen.write(
            f"GET /live HTTP/1.1\r\nHost: x\r\nCookie: s={cookie_text(secret)}\r\n\r\n".encode()
        )
        pen.transport.pause_reading()  # type: ignore[attr-defined]
        await settled(site.live, 1)
        monkeypatch.setattr(CountingConversation, "look", look)
        while len(site.live):
            site.live.wake(address_of(secret, "web").person)
            await asyncio.sleep(0.01)
        pen.close()


async def test_stopping_the_service_waits_for_no_frame(
    serve: Serve, conversation: CountingConversation
) -> None:
    async with serve(conversation) as site, aiohttp.ClientSession(site.url) as web:
        mine = Reader(web, new_secret())
        await mine.open()
        async with asyncio.timeout(5):
            await site.runner.cleanup()
        assert b'target="_top"' in await mine.end()


async def test_in_a_browser_without_script_the_page_is_there_first_and_news_come_into_it(
    site: Site, chromium: Browser
) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page, other = await context.new_page(), await context.new_page()
    await page.goto(site.url)
    await page.get_by_role("button", name="Yes <now>").click()
    await page.wait_for_load_state("load")
    await settled(site.live, 1)
    await other.goto(site.url)
    await other.get_by_role("button", name="Abroad").click()
    frame = page.frame_locator("iframe")
    await expect(frame.locator("body")).to_contain_text("Turn 2.")
    await expect(page.get_by_role("main")).to_contain_text("Turn 1.")
    await frame.get_by_role("link", name="Show what is new").first.click()
    await expect(page.get_by_role("main")).to_contain_text("Turn 2.")
    await context.close()
    await settled(site.live, 0)
