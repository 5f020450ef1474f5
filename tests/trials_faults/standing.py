"""A whole service on either database: its page, its bot, and what Telegram brings to it."""

from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import Service
from bot.channels.telegram_reading import ALLOWED_UPDATES
from bot.channels.telegram_request import Token
from bot.channels.telegram_webhook import path_of, secret_of
from bot.channels.web_server import WebRunner
from bot.cli.serve import page_of
from bot.cli.telegram_link import TelegramLink
from bot.cli.watching import Watching
from bot.settings import Settings
from tests.botapi import BotApi
from tests.telegram.running import IMPATIENT


class Standing:
    """One service. `database`: an address on a server; empty for files in the folder."""

    def __init__(self, telegram: BotApi, folder: Path, database: str = "") -> None:
        known: dict[str, Any] = {
            "data": folder / "data",
            "key_ring": folder / "keys",
            "telegram_mode": "webhook",
            "telegram_token": telegram.token,
            "telegram_api_base": telegram.base,
            "database": database,
        }
        self.telegram, self.url = telegram, ""
        self.settings = Settings.model_validate(known)
        self.service = Service(self.settings, demo=True)
        self._link: TelegramLink | None = None
        self._runner: WebRunner | None = None

    async def start(self) -> None:
        """Listen, and have Telegram bring what people do."""
        await self.service.start()
        page = page_of(self.service)
        self._link = TelegramLink(self.service, Token(self.telegram.token), IMPATIENT)
        self._link.attach(page)
        Watching(self.service).attach(page)
        self._runner = WebRunner(page)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        await self._link.start()
        token = Token(self.telegram.token)
        self.telegram.webhook.set(
            {"url": f"{self.url.rstrip('/')}{path_of(token)}", "secret_token": secret_of(token)}
        )
        self.telegram.updates.allowed = list(ALLOWED_UPDATES)

    async def stop(self) -> None:
        """As `serve` stops."""
        if self._runner is not None:
            await self._runner.cleanup()
        if self._link is not None:
            await self._link.stop()
        await self.service.stop()
