"""A running server, a clock that is set by hand, and a bot that calls without a library."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.botapi import BotApi


class Clock:
    """A clock that is set by hand."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Caller:
    """A bot that calls and looks at the answers itself."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api, self._session = api, session

    async def __call__(self, method: str, **params: Any) -> Any:
        url = f"{self.api.base}/bot{self.api.token}/{method}"
        async with self._session.post(url, json=params) as answer:
            body = await answer.json()
            assert answer.status == body.get("error_code", 200)
            return body["result"] if body["ok"] else (answer.status, body["description"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def api(clock: Clock) -> AsyncIterator[BotApi]:
    async with BotApi(clock=clock, retry_seconds=0.01) as running:
        yield running


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(api, session)


@asynccontextmanager
async def hook(answer: Callable[[dict[str, Any], str], int]) -> AsyncIterator[str]:
    """A webhook; `answer` gets the update and the secret, and gives a status."""

    async def take(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        return web.Response(status=answer(await request.json(), secret))

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()
