"""Two replicas within this process, on one server: each has its own connections, keys and port."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from bot.app import Service
from bot.channels.telegram_request import Token
from bot.channels.web import LIVE
from bot.channels.web_server import WebRunner
from bot.cli.serve import page_of
from bot.cli.telegram_link import TelegramLink
from bot.settings import Settings
from bot.vault import SigningKeys
from tests.botapi import BotApi
from tests.telegram.running import IMPATIENT


@dataclass(frozen=True, slots=True)
class Here:
    """One of them."""

    service: Service
    url: str


@asynccontextmanager
async def running(
    folder: Path, telegram: BotApi, number: int, **more: object
) -> AsyncIterator[Here]:
    """One replica; `more`: settings, with the database and where keys are."""
    data = folder / f"data-{number}"
    data.mkdir(mode=0o700)
    known = {
        "data": data,
        "telegram_mode": "webhook",
        "telegram_token": telegram.token,
        "telegram_api_base": telegram.base,
        "web_behind_proxy": True,
    }
    signing = SigningKeys.open(folder / "signing")
    service = Service(Settings.model_validate(known | more), demo=True, signing=signing)
    async with AsyncExitStack() as stack:
        await service.start()
        stack.push_async_callback(service.stop)
        link = TelegramLink(service, Token(telegram.token), IMPATIENT)
        page = page_of(service)
        service.wake_on("web", page[LIVE].wake)
        link.attach(page)
        runner = WebRunner(page)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await link.start()
        stack.push_async_callback(link.stop)
        yield Here(service, f"http://127.0.0.1:{runner.addresses[0][1]}")


@asynccontextmanager
async def two(folder: Path, telegram: BotApi, database: str) -> AsyncIterator[list[Here]]:
    """Both of them, on that database, with one folder of keys."""
    more = {"database": SecretStr(database), "key_ring": folder / "keys"}
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(running(folder, telegram, number, **more))
            for number in range(2)
        ]
