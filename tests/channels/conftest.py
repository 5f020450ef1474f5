"""The page as it runs: the real server on a real port of this machine, with real clients."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.channels.contract import Conversation
from bot.channels.web import Language, WebRunner, WebSettings, make_web
from tests.channels.counting import CountingConversation
from tests.channels.wording import words

LANGUAGES = (Language("en", "English"), Language("uk", "Українська"))


@dataclass(frozen=True, slots=True)
class Site:
    """A running page."""

    url: URL
    port: int


@pytest.fixture
def conversation() -> CountingConversation:
    """Any `Conversation` may stand here; the tests in `test_any_*` hold for each."""
    return CountingConversation()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings()


@asynccontextmanager
async def a_site(conversation: Conversation, settings: WebSettings) -> AsyncIterator[Site]:
    """The page of a conversation on a port of its own."""
    runner = WebRunner(make_web(conversation, words, LANGUAGES, settings))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield Site(URL(f"http://127.0.0.1:{port}"), port)
    await runner.cleanup()


@pytest.fixture
async def site(conversation: Conversation, settings: WebSettings) -> AsyncIterator[Site]:
    async with a_site(conversation, settings) as site:
        yield site


@pytest.fixture
async def browser(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """Something that keeps cookies and follows nothing by itself."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(site.url, cookie_jar=jar) as session:
        yield session
