"""Starts and stops the service with its Telegram channel, as `serve` does, but impatient."""

from pathlib import Path

from aiohttp import web

from bot.app import Service
from bot.channels.contract import Incoming, Outgoing
from bot.channels.telegram_reading import ALLOWED_UPDATES
from bot.channels.telegram_request import Token
from bot.channels.telegram_sending import Patience
from bot.channels.telegram_webhook import path_of, secret_of
from bot.channels.web_server import WebRunner
from bot.cli.telegram_link import TelegramLink, Times
from bot.settings import Settings
from tests.botapi import BotApi

IMPATIENT = Times(
    poll=1,
    read=2,
    fade=0.05,
    burst=500,
    patience=Patience(first=0.01, most=0.05, chat=0.001, every=0.001),
)
PAGE = "https://guide.example"


class Listening(Service):
    """The service, and what it was handed and took, in order."""

    def __init__(self, settings: Settings, taken: list[Incoming]) -> None:
        super().__init__(settings, demo=True)
        self._taken = taken

    async def take(self, incoming: Incoming) -> Outgoing | None:
        out = await super().take(incoming)
        if out is not None:
            self._taken.append(incoming)
        return out


class Running:
    """One bot of ours. It can be started again, also with another token."""

    def __init__(
        self,
        telegram: BotApi,
        folder: Path,
        mode: str,
        *,
        times: Times = IMPATIENT,
        database: str = "",
    ) -> None:
        """`database`: the address of a server; without one it is a file in the folder."""
        self.database = database
        self.telegram, self.folder, self.mode, self.times = telegram, folder, mode, times
        self.service: Service | None = None
        self.link: TelegramLink | None = None
        self.taken: list[Incoming] = []
        """What was taken, in order."""
        self._runner: WebRunner | None = None

    async def start(self) -> None:
        settings = Settings.model_validate(
            {
                "data": self.folder,
                "key_ring": self.folder / "keys",
                "telegram_mode": self.mode,
                "telegram_token": self.telegram.token,
                "telegram_api_base": self.telegram.base,
                "public_url": PAGE,
                "database": self.database,
            }
        )
        self.service = Listening(settings, self.taken)
        await self.service.start()
        token = Token(self.telegram.token)
        self.link = TelegramLink(self.service, token, self.times)
        app = web.Application()
        self.link.attach(app)
        self._runner = WebRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        await self.link.start()
        if self.mode == "webhook":
            port = self._runner.addresses[0][1]
            await self.link.connection.bot.set_webhook(
                f"http://127.0.0.1:{port}{path_of(token)}",
                secret_token=secret_of(token),
                allowed_updates=list(ALLOWED_UPDATES),
            )

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        if self.link is not None:
            await self.link.stop()
        if self.service is not None:
            await self.service.stop()
        self.service = self.link = self._runner = None
