"""The page in a real browser, with its script and without."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page

from bot.channels.contract import Conversation
from bot.channels.web import LIVE, Language, WebRunner, WebSettings, make_web
from bot.channels.web_live import Live
from tests.browser import CHROMIUM, FLAGS, need_chromium
from tests.web.arabic import words

__all__ = ["CHROMIUM", "FLAGS", "need_chromium"]
LANGUAGES = (
    Language("en", "English"),
    Language("uk", "Українська"),
    Language("ar", "العربية", "rtl"),
)


@dataclass(slots=True)
class Site:
    """A running page. It can be stopped while somebody is on it."""

    url: str
    live: Live
    runner: WebRunner


Serve = Callable[..., AbstractAsyncContextManager[Site]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def elsewhere() -> AsyncIterator[str]:
    """Another site, where the quick exit leads."""
    app = web.Application()

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<title>Weather</title>an encyclopedia", content_type="text/html")

    app.router.add_get("/", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://localhost:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture(scope="module")
def serve(elsewhere: str) -> Serve:
    """Runs the page of any conversation."""

    @asynccontextmanager
    async def serve(
        conversation: Conversation,
        say: Callable[[str, str], str] = words,
        languages: tuple[Language, ...] = LANGUAGES,
        settings: WebSettings | None = None,
    ) -> AsyncIterator[Site]:
        settings = settings or WebSettings(demo=True, exit_url=elsewhere)
        app = make_web(conversation, say, languages, settings)
        runner = WebRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield Site(f"http://127.0.0.1:{runner.addresses[0][1]}/", app[LIVE], runner)
        finally:
            await runner.cleanup()

    return serve


async def picture(page: Page, name: str) -> None:
    """A screenshot in $PAGE_PICTURES, where somebody wants to look at them: each takes its time."""
    if folder := os.environ.get("PAGE_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
