"""What `bench web` measures, each in a process of its own on one core: our webhook, the bare
library, and the page with its open frames.

A site says where it listens, answers what it is asked through its pipe, and ends on the last word.
It must not spend its core on anything but what is measured.
"""

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bot import report
from bot.channels.contract import Address, Outgoing

if TYPE_CHECKING:
    from bot.app import Service

TOKEN: Final = "7000000001:AAmade-up_for-a-measurement"  # noqa: S105 - nobody's
PRESSED: Final = ("!back", "@uk", "@en")
"""Keys that are good under any mark, so that they can be sealed before anybody asked."""
END: Final = "end"

Figures = dict[str, Any]
Ask = Callable[[], Awaitable[Figures]]
Site = AbstractAsyncContextManager[tuple[Figures, Ask]]


def run_site(pipe: Connection, core: int | None, kind: str, folder: str) -> None:
    """The whole life of a process. `core`: None where a process cannot be bound to one."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    report.set_up()
    made: Site = {"webhook": _webhook, "bare": _bare, "pages": _pages}[kind](Path(folder))
    asyncio.run(_serve(pipe, made))


async def _serve(pipe: Connection, made: Site) -> None:
    async with made as (told, ask):
        pipe.send(told)
        with suppress(EOFError):  # whoever measured is gone
            while await asyncio.to_thread(pipe.recv) != END:
                pipe.send(await ask())


@asynccontextmanager
async def _bare(folder: Path) -> AsyncIterator[tuple[Figures, Ask]]:
    """The library alone: reads JSON, says 200."""
    del folder

    async def take(request: web.Request) -> web.Response:
        await request.json()
        return web.Response()

    async def ask() -> Figures:
        return {"cpu": time.process_time()}

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    async with _listening(runner) as port:
        yield {"port": port, "path": "/", "secret": "", "sealed": {}}, ask  # nosec B105  # nobody has one yet


@asynccontextmanager
async def _webhook(folder: Path) -> AsyncIterator[tuple[Figures, Ask]]:
    """The service as it runs: the page with the webhook in it, turns, the outbox and its pump.

    Only the calls to Telegram are left out, which Telegram itself slows down to 30 a second.
    """
    from telegram import Bot

    from bot.channels.telegram import Telegram
    from bot.channels.telegram_buttons import data
    from bot.channels.telegram_contract import CHANNEL, TelegramSettings
    from bot.channels.telegram_request import Token
    from bot.channels.telegram_webhook import Webhook, secret_of
    from bot.channels.web_server import WebRunner
    from bot.clearing import Clearing
    from bot.cli.serve import page_of
    from bot.dialogue.hear import is_urgent
    from bot.seals import ButtonSeal

    class SilentBot(Bot):
        """Calls nobody."""

        async def answer_callback_query(self, *args: Any, **kw: Any) -> bool:
            del args, kw
            return True

    service = _service(folder)
    token = Token(TOKEN)
    await service.start()
    seal = ButtonSeal(service.vault, service.ring.live, CHANNEL, token.bot_id)
    channel = Telegram(
        SilentBot(TOKEN),
        token.bot_id,
        service,
        TelegramSettings(languages=tuple(one.code for one in service.speech.languages)),
        seal=seal,
        footprints=Clearing(service.footprints, service.writer.hand_in, CHANNEL, token.bot_id, 24),
        say=lambda language, key, fields: service.speech.phrases[language](key, **fields),
        urgent=lambda text: is_urgent(service.lexicon, text),
    )
    webhook = Webhook(token, channel.take)
    page = page_of(service)
    webhook.add_to(page)
    sent = 0

    async def sink(address: Address, out: Outgoing) -> None:
        nonlocal sent
        del address, out
        sent += 1

    async def ask() -> Figures:
        waiting = service.store.stats().waiting
        return {"replies": sent, "waiting": waiting, "cpu": time.process_time()}

    service.carry(CHANNEL, sink)
    sealed = {
        chat: {key: data(seal, str(chat).encode(), "", key) for key in PRESSED}
        for chat in chats_of(MOST_PEOPLE)
    }
    async with _listening(WebRunner(page)) as port:
        told = {"port": port, "path": webhook.path, "secret": secret_of(token), "sealed": sealed}
        yield told, ask
    await channel.stop()
    await service.stop()


@asynccontextmanager
async def _pages(folder: Path) -> AsyncIterator[tuple[Figures, Ask]]:
    """The page, with frames that stay open."""
    from bot.channels.web import LIVE
    from bot.channels.web_server import WebRunner
    from bot.cli.serve import page_of

    service = _service(folder)
    await service.start()
    page = page_of(service)

    async def ask() -> Figures:
        gc.collect()
        return {"open": len(page[LIVE]), "rss": _rss()}

    async with _listening(WebRunner(page)) as port:
        yield {"port": port}, ask
    await service.stop()


MOST_PEOPLE: Final = 1_200


def chats_of(people: int) -> range:
    """Ids of as many chats."""
    return range(700_000_001, 700_000_001 + people)


def _service(folder: Path) -> "Service":
    # Loaded only here: the library alone and whoever loads it need nothing of it.
    from bot.app import Service
    from bot.settings import Settings

    return Service(Settings(data=folder, key_ring=folder / "keys"), demo=True)


@asynccontextmanager
async def _listening(runner: web.AppRunner) -> AsyncIterator[int]:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


def _rss() -> int:
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
