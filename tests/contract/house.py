"""One service with all its channels, and a look at what it remembers of a person."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.app import LOCALES, Service
from bot.channels.contract import Address, Incoming, Outgoing
from bot.channels.telegram_request import Token
from bot.channels.telegram_sending import Patience
from bot.channels.web import Language, WebRunner, WebSettings, make_web
from bot.cli.telegram_link import TelegramLink, Times
from bot.dialogue.hear import is_urgent
from bot.dialogue.session import Session, unpack
from bot.persons import SESSION
from bot.settings import Settings
from bot.vault import Epoch
from tests.botapi import BotApi

PATIENCE = Patience(first=0.01, most=0.05, chat=0.001, every=0.001)
TIMES = Times(poll=1, read=2, fade=60, patience=PATIENCE)
"""Impatient, but the last words stay long enough to be read."""
LAST_WORDS = ("telegram.erased", "telegram.erased_old", "telegram.erased_later")


class Remembering(Service):
    """The service; it tells who came last on each channel and what they were given."""

    def __init__(self, settings: Settings, clock: Callable[[], float], locales: Path) -> None:
        super().__init__(settings, demo=True, clock=clock, locales=locales)
        self.latest: dict[str, tuple[Address, Outgoing]] = {}

    async def take(self, incoming: Incoming) -> Outgoing | None:
        out = await super().take(incoming)
        if out is not None:
            self.latest[incoming.address.channel] = incoming.address, out
        return out


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs."""

    service: Remembering
    page: str
    telegram: BotApi
    telegram_first: tuple[str, ...]
    """What the Telegram channel says of itself before all else, in every language."""
    telegram_last: tuple[str, ...]
    """And after everything was erased."""

    def last(self, channel: str) -> Address:
        """Who came last on a channel."""
        return self.service.latest[channel][0]

    def given(self, channel: str) -> Outgoing:
        """What they were given."""
        return self.service.latest[channel][1]

    async def remembered(self, address: Address) -> Session | None:
        """What is kept of a person, opened with their own secret."""
        return await asyncio.to_thread(self._remembered, address)

    def _remembered(self, address: Address) -> Session | None:
        vault, today = self.service.vault, self.service.ring.live()[0]
        alias = vault.alias(today, address.channel, address.bot, address.person)
        with self.service.store.group() as group:
            row = group.load([alias]).get(alias)
        if row is None:
            return None
        place = (SESSION, row.alias, Epoch(row.epoch), row.sequence)
        return unpack(vault.open(*place, address.secret, row.sealed))


@asynccontextmanager
async def open_house(
    folder: Path, clock: Callable[[], float], locales: Path = LOCALES
) -> AsyncIterator[House]:
    """The service on the terminal, the page and Telegram, all at once."""
    async with BotApi(clock=clock) as telegram:
        settings = Settings.model_validate(
            {
                "data": folder,
                "key_ring": folder / "keys",
                "telegram_token": telegram.token,
                "telegram_api_base": telegram.base,
            }
        )
        service = Remembering(settings, clock, locales)
        await service.start()
        link = TelegramLink(service, Token(telegram.token), TIMES)
        speech = service.speech
        app = make_web(
            service,
            speech.words,
            tuple(Language(one.code, one.endonym, one.dir) for one in speech.languages),
            WebSettings(),
            urgent=lambda text: is_urgent(service.lexicon, text),
        )
        runner = WebRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await link.start()
        page = f"http://127.0.0.1:{runner.addresses[0][1]}"
        said = speech.phrases.values()
        first = [
            words("telegram.first", hours=str(settings.telegram_clear_hours)) for words in said
        ]
        last = [words(key) for words in said for key in LAST_WORDS]
        yield House(service, page, telegram, tuple(first), tuple(last))
        await runner.cleanup()
        await link.stop()
        await service.stop()
