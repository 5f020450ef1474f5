"""The program as `serve` runs it, with everything that is around it on one machine."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from playwright.async_api import Browser

from bot.app import LOCALES, Service
from bot.atlas import read_atlas
from bot.channels.contract import Address, Outgoing
from bot.channels.telegram_request import Token
from bot.channels.web import LIVE
from bot.channels.web_server import WebRunner
from bot.cli.console import office_of
from bot.cli.office import Kept, open_kept
from bot.cli.serve import page_of
from bot.cli.telegram_link import TelegramLink
from bot.console.console import make_console
from bot.handoff.model import Chat, DeskRules
from bot.human import Human
from bot.pump import Deliver
from bot.settings import Settings
from bot.staff import Role
from tests.botapi import BotApi
from tests.telegram.running import IMPATIENT

PATIENCE = 30.0
"""Seconds. Nothing takes so long; a busy machine may."""


@dataclass(slots=True)
class World:
    """Where everybody is."""

    folder: Path
    service: Service
    kept: Kept
    telegram: BotApi
    browser: Browser
    page: str
    console: str
    http: list[aiohttp.ClientSession] = field(default_factory=list)
    ends: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """How everybody goes home at the end."""
    screens: list[Deliver] = field(default_factory=list)

    def carry(self, channel: str, deliver: Deliver) -> None:
        """Terminals are programs of their own; here there are several in one."""
        self.screens.append(deliver)

        async def to_all(address: Address, out: Outgoing) -> None:
            for screen in self.screens:
                await screen(address, out)

        self.service.carry(channel, to_all)

    @property
    def human(self) -> Human:
        assert self.service.human is not None
        return self.service.human

    def chat(self, chat_id: bytes) -> Chat:
        """A chat as it is kept."""
        with self.service.store.group() as group:
            found = self.human.chats.of_person(group, chat_id)
        assert found is not None
        return found

    def newest(self) -> Chat:
        """Whoever asked last."""
        return max(self.human.board.picture.chats.values(), key=lambda chat: chat.asked)

    def client(self) -> aiohttp.ClientSession:
        """A browser without scripts."""
        http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Accept-Language": "en"}
        )
        self.http.append(http)
        return http

    def staff(self, name: str, *roles: Role) -> str:
        """The cookie of somebody who is signed in."""
        book = self.kept.book
        known = {one.name: one for one in book.accounts.everyone()}
        someone = known.get(name) or book.accounts.add(name, roles)[0]
        with book.store.transaction() as connection:
            opened = book.sessions.begin(connection, someone.id, "signed_in")
        return urlsafe_b64encode(opened.secret).rstrip(b"=").decode()


async def until(holds: Callable[[], object], what: str) -> None:
    """Wait for something that tells of itself to nobody."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not holds():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never: {what}") from None


@asynccontextmanager
async def a_world(
    folder: Path, browser: Browser, *, drop: float = 2.0, open_chats: int = 3
) -> AsyncIterator[World]:
    """Runs all of it. `drop`: seconds after which an operator whose line is gone is gone."""
    async with BotApi() as telegram:
        known = {
            "data": folder / "data",
            "key_ring": folder / "keys",
            "signing_keys": folder / "signing",
            "telegram_mode": "polling",
            "telegram_token": telegram.token,
            "telegram_api_base": telegram.base,
            "public_url": "https://guide.example",
        }
        settings = Settings.model_validate(known)
        kept = open_kept(settings, read_atlas(settings.countries).served, demo=True, seeded=False)
        service = Service(
            settings,
            demo=True,
            signing=kept.signing,
            audit=kept.audit.write,
            rules=DeskRules(drop_seconds=drop, most_open=open_chats),
        )
        await service.start()
        page = page_of(service)
        service.wake_on("web", page[LIVE].wake)
        link = TelegramLink(service, Token(telegram.token), IMPATIENT)
        link.attach(page)
        console = make_console(office_of(service, kept), locales=LOCALES)
        runners = [WebRunner(page), WebRunner(console)]
        for runner in runners:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
        await link.start()
        urls = [f"http://localhost:{runner.addresses[0][1]}" for runner in runners]
        page_url, console_url = urls
        world = World(folder, service, kept, telegram, browser, page_url, console_url)
        try:
            yield world
        finally:
            for end in world.ends:
                await end()
            for http in world.http:
                await http.close()
            for runner in runners:
                await runner.cleanup()
            await link.stop()
            await service.stop()
            kept.close()
