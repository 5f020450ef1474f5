"""What `bench handoff` measures, in a process of its own: the service with its page, its desk and
its console, as `serve` runs them, with made-up people in them.

It says where it listens, answers what it is asked through its pipe, and ends on the last word. It
must not seal or open anything for those who load it: they do that themselves.
"""

import asyncio
import os
import resource
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot import report
from bot.app import LOCALES, Service
from bot.atlas import read_atlas
from bot.channels.contract import Heard, Incoming, Pressed, Words
from bot.channels.web import LIVE
from bot.channels.web_request import address_of, cookie_text, new_secret
from bot.channels.web_server import WebRunner
from bot.cli.console import office_of
from bot.cli.office import Kept, open_kept
from bot.cli.serve import page_of, service_of
from bot.console.console import make_console
from bot.console.cookie import token_of
from bot.handoff.hours import Weekly
from bot.handoff.model import Address, Asked
from bot.human import Human
from bot.sealing import generate
from bot.settings import Settings
from bot.staff import StaffBook

END: Final = "end"
LANGUAGE: Final = "uk"
ASK: Final = "!human"
WAY_IN: Final = ("wait", "yes", "noted")
"""Choices that lead from the question for a human to a place in line."""

Figures = dict[str, Any]


def run_site(pipe: Connection, folder: str) -> None:
    """The whole life of the process."""
    report.set_up()
    asyncio.run(_serve(pipe, Path(folder)))


async def _serve(pipe: Connection, folder: Path) -> None:
    async with _running(folder) as site:
        pipe.send(await site.told())
        with suppress(EOFError):  # whoever measured is gone
            while (asked := await asyncio.to_thread(pipe.recv)) != END:
                name, *given = asked
                pipe.send(await getattr(site, name)(*given))


class _Site:
    """Everything that runs."""

    def __init__(self, service: Service, kept: Kept, page: WebRunner, console: WebRunner) -> None:
        if service.human is None:
            raise RuntimeError("the service has no desk")
        self._service, self._kept, self._human = service, kept, service.human
        self._page, self._console = page, console

    async def told(self) -> Figures:
        """Where it listens, and its number."""
        return {"page": _url(self._page), "console": _url(self._console), "pid": os.getpid()}

    async def staff(self, count: int) -> list[Figures]:
        """As many operators who are signed in: their ids, cookies and tokens."""
        return await asyncio.to_thread(_signed_in, self._kept.book, count)

    async def visitors(self, count: int) -> list[str]:
        """As many people who asked for a human on the page: their cookies."""
        return await asyncio.gather(*(self._visitor() for _ in range(count)))

    async def waiting(self, count: int) -> int:
        """As many more people in line; gives how many there are now."""
        await asyncio.to_thread(in_line, self._human, count)
        return len(self._human.board.picture.order)

    async def used(self) -> Figures:
        """The largest memory in MiB."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak_rss_mib": round(peak / 1024, 1)}

    async def _visitor(self) -> str:
        secret = new_secret()
        address = address_of(secret, "web")
        mark, number = "", 0

        async def take(heard: Heard) -> tuple[str, list[str]]:
            nonlocal number
            number += 1
            incoming = Incoming(address, heard, once=f"{number}", language=LANGUAGE)
            out = await self._service.take(incoming)
            if out is None:
                raise RuntimeError("a turn was not taken")
            return out.mark, [option.key for option in out.options]

        await take(Words("menu"))
        mark, keys = await take(Pressed(ASK, ""))
        for key in WAY_IN:
            if key in keys:
                mark, keys = await take(Pressed(key, mark))
        return cookie_text(secret)


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[_Site]:
    settings = Settings(data=folder, key_ring=folder / "keys", signing_keys=folder / "signing")
    kept = open_kept(settings, read_atlas(settings.countries).served, demo=True, seeded=False)
    service = service_of(settings, kept, demo=True)
    if service.human is not None:
        service.human.opening.save("bench", {LANGUAGE: 0}, Weekly(rules="24/7"))
    await service.start()
    page = page_of(service)
    service.wake_on("web", page[LIVE].wake)
    runners = [
        WebRunner(page),
        WebRunner(make_console(office_of(service, kept), locales=LOCALES)),
    ]
    for runner in runners:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    yield _Site(service, kept, *runners)
    for runner in runners:
        await runner.cleanup()
    await service.stop()
    kept.close()


def _url(runner: WebRunner) -> str:
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


def _signed_in(book: StaffBook, count: int) -> list[Figures]:
    made = []
    there = len(book.accounts.everyone())
    for number in range(there, there + count):
        staff = book.accounts.add(f"Bench {number:03}", ["operator"])[0]
        with book.store.transaction() as connection:
            opened = book.sessions.begin(connection, staff.id, "signed_in")
        cookie = urlsafe_b64encode(opened.secret).rstrip(b"=").decode()
        token = token_of(opened.session.csrf)
        made.append({"staff": staff.id, "name": staff.name, "cookie": cookie, "token": token})
    return made


def in_line(human: Human, count: int) -> None:
    """People in line whom nobody loads: no page of theirs is open."""
    for start in range(0, count, 100):
        with human.store.group() as group:
            for number in range(start, min(start + 100, count)):
                address = Address("telegram", "bench", b"waits %d" % number)
                asked = Asked(
                    LANGUAGE,
                    address,
                    "telegram",
                    need="legal",
                    place="UA-63",
                    severity=(0, 0, 0, 1, 2)[number % 5],
                    public=generate(1).public,
                )
                human.chats.ask(group, asked, human.clock())
    human.board.look()
