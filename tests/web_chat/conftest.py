"""A real page with a small desk behind it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page

import bot.sealing
from bot.channels.web import LIVE, WebRunner, WebSettings, make_web
from tests.web.arabic import words
from tests.web.conftest import LANGUAGES
from tests.web_chat.desk import Desk

SCRIPTS = {
    name: (Path(bot.sealing.__file__).parent / name).read_text("utf-8")
    for name in ("hpke.js", "sealing.js", "roster.js")
}
SMALL = {"width": 320, "height": 640}


@dataclass(slots=True)
class Site:
    """A running page with a chat on it."""

    url: str
    desk: Desk


Serve = Callable[[], AbstractAsyncContextManager[Site]]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """Runs the page of a new desk."""

    @asynccontextmanager
    async def serve() -> AsyncIterator[Site]:
        desk = Desk(tmp_path / "signing", time.time)
        settings = WebSettings(exit_url="about:blank")
        app = make_web(desk, words, LANGUAGES, settings, chat_scripts=SCRIPTS)
        desk.live = app[LIVE]
        runner = WebRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield Site(f"http://127.0.0.1:{runner.addresses[0][1]}/", desk)
        finally:
            await runner.cleanup()

    return serve


@pytest_asyncio.fixture(loop_scope="session")
async def site(serve: Serve) -> AsyncIterator[Site]:
    async with serve() as site:
        yield site


Visit = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Visit:
    """Somebody on the page who has a cookie already."""

    @asynccontextmanager
    async def visit(path: str = "", before: str = "", **wishes: object) -> AsyncIterator[Page]:
        context = await chromium.new_context(viewport=SMALL, **wishes)  # type: ignore[arg-type]
        await context.add_cookies([{"name": "s", "value": "A" * 43, "url": site.url}])
        page = await context.new_page()
        page.set_default_timeout(8_000)
        if before:
            await page.add_init_script(before)
        await page.goto(site.url + path)
        yield page
        await context.close()

    return visit


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds at the desk."""
    async with asyncio.timeout(8):
        while not holds():  # noqa: ASYNC110 - whatever it is, it is no event
            await asyncio.sleep(0.01)
