"""The machine is switched off and taken: database, journal, logs, temporary files and a backup.

People of each kind write words that are nowhere else, and so are their names, numbers, cookies and
addresses. Then all that lies on a disk is searched for each of them, in every form.
"""

import asyncio
import logging
import os
import random
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
import structlog
from aiohttp import web
from playwright.async_api import Browser

from bot import report
from bot.app import Service
from bot.channels.telegram_request import Token
from bot.channels.web_server import WebRunner
from bot.cli.serve import page_of
from bot.cli.telegram_link import TelegramLink
from bot.handoff.model import Chat
from bot.settings import Settings
from bot.storage.tables import metadata
from bot.vault import SigningKeys
from tests.botapi import BotApi
from tests.canary import find
from tests.handing.operators import Operator
from tests.postgres import Server
from tests.telegram.running import IMPATIENT
from tests.trial import WHOLE, seed, size
from tests.trials.test_canaries import CHOSEN, Canaries, browse
from tests.trials_seizure.conftest import ROOT
from tests.trials_seizure.memory import family, swap, swapped
from tests.trials_seizure.pages import chromium, comes

MESSENGER, SCRIPT, PLAIN = size(4, 600), size(2, 200), size(2, 200)
AT_ONCE = 20
BROWSERS = 4
"""At once."""
AT_DESK = 4
"""Of so many people one asks for a human."""
pytestmark = [
    pytest.mark.whole,
    pytest.mark.timeout(1_800),
]


@dataclass
class Line:
    """The service with its page and its messenger, and what was said."""

    folder: Path
    service: Service
    telegram: BotApi
    url: str
    operator: Operator
    made: Canaries = field(default_factory=Canaries)
    at_desk: int = 0

    async def in_messenger(self, number: int) -> None:
        """A conversation in Telegram, with an operator in some."""
        made = self.made
        chat = self.telegram.chat(made.number(), "uk")
        chat.first_name, chat.last_name, chat.username = made.word(), made.word(), made.word()
        said = ["/start", f"{made.word()} {made.region()}", "так", made.region(), made.word()]
        said += (
            ["медична допомога", "Харків"]
            if number % AT_DESK
            else ["людина", "так", "вже записано"]
        )
        for one in said:
            sends = chat.sends
            chat.say(one)
            # Who is told to write more slowly gets no other answer, and goes on.
            with suppress(TimeoutError):
                await until(lambda before=sends: chat.sends > before, 3)  # type: ignore[misc]
        chat.send("voice", made.word())
        if self.chats_of(chat.id):
            chat.say(made.word())
            await until(lambda: any(one.number_in for one in self.chats_of(chat.id)))

    def chats_of(self, person: int) -> list[Chat]:
        """Those at the desk."""
        every = self.operator.human.board.picture.chats.values()
        return [one for one in every if one.address.person == str(person).encode()]

    async def answers(self) -> None:
        """The operator takes whoever waits, as many as one may have, and answers."""
        for _ in range(2):
            chat = self.operator.claim()
            self.operator.read(chat)
            self.operator.say(chat, self.made.word())
            self.at_desk += 1


async def until(holds: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that logs what the one that we describe logs."""
    conf = (ROOT / "deploy" / "postgresql" / "quietline.conf").read_text("utf-8").splitlines()
    lines = [line.split(" = ") for line in conf if line.startswith(("log_", "track_"))]
    kept = {name: value for name, value in lines if name != "logging_collector"}
    with Server(**kept) as server:
        yield server


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """All that the program and its libraries say at DEBUG, by the handlers of the program."""
    path = tmp_path / "log"
    with path.open("w", encoding="utf-8", errors="surrogatepass", buffering=1) as file:
        monkeypatch.setattr(sys, "stderr", file)
        report.set_up(level=logging.DEBUG)
        loggers = [logging.getLogger(name) for name in (None, *report.QUIETED)]
        before = [one.level for one in loggers]
        for one in loggers:
            one.setLevel(logging.DEBUG)
        yield path
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture
async def line(tmp_path: Path, server: Server, log: Path, temporary: Path) -> AsyncIterator[Line]:
    async with BotApi() as telegram:
        known = {
            "data": tmp_path / "data",
            "key_ring": tmp_path / "keys",
            "slips": "all",
            "database": server.dsn(),
            "telegram_mode": "polling",
            "telegram_token": telegram.token,
            "telegram_api_base": telegram.base,
            "public_url": "https://guide.example",
            "web_behind_proxy": True,
        }
        (tmp_path / "data").mkdir(mode=0o700)
        signing = SigningKeys.open(tmp_path / "signing")
        service = Service(Settings.model_validate(known), demo=True, signing=signing)
        await service.start()
        app = page_of(service)
        link = TelegramLink(service, Token(telegram.token), IMPATIENT)
        link.attach(app)
        runner = WebRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await link.start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield Line(tmp_path, service, telegram, url, Operator(service, "s1"))
        await runner.cleanup()
        await link.stop()
        await service.stop()


async def test_a_server_that_was_switched_off_in_the_middle_tells_nobodys_words_or_name(
    line: Line, server: Server, record_property: Callable[[str, object], None]
) -> None:
    random.seed(seed())
    limit, browsers = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(BROWSERS)

    async def written(number: int, http: aiohttp.ClientSession) -> None:
        async with limit:
            if number < MESSENGER:
                await line.in_messenger(number)
            else:
                await browse(line.url, line.made, http, leaves=number % 4 == 0)

    async def sealed(number: int, browser: Browser) -> None:
        async with browsers:
            await comes(browser, line.url, line.made, asks=number % AT_DESK == 0)

    no_cookies = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=no_cookies) as http, chromium() as browser:
        await asyncio.gather(
            *(written(number, http) for number in range(MESSENGER + PLAIN)),
            *(sealed(number, browser) for number in range(SCRIPT)),
        )
    await line.answers()
    stats = line.service.store.stats()
    assert stats.sessions >= MESSENGER
    assert stats.footprints >= MESSENGER
    every = line.operator.human.board.picture.chats.values()
    at_pages = [chat.mode for chat in every if chat.kind == "web"]
    assert at_pages == ["device"] * -(-SCRIPT // AT_DESK)  # each browser sealed by itself
    backup = line.folder / "backup.db"
    line.service.store.backup(backup)
    # The power goes, with people in the middle of their talks.
    kept = (Path(server._folder) / "data" / "postmaster.pid").read_text("utf-8")  # noqa: SLF001
    in_swap = swapped([os.getpid(), *family(int(kept.split()[0]))])
    line.service.store.close()
    taken = line.folder / "taken"
    server.stop(signal.SIGQUIT)
    shutil.copytree(server._folder, taken, ignore=shutil.ignore_patterns(".s.*"))  # noqa: SLF001
    server.start()
    assert list((taken / "data" / "pg_wal").iterdir())
    places = [taken, backup, line.folder / "data", line.folder / "log", line.folder / "temporary"]
    if not WHOLE:
        # What a new server brings along is the same everywhere, and takes long to look through.
        made = (taken / "data" / "PG_VERSION").stat().st_mtime + 1
        tables = (taken / "data" / "base").rglob("*")
        ours = [file for file in tables if file.is_file() and file.stat().st_mtime > made]
        assert len(ours) > len(metadata.tables)
        places[0:1] = [taken / "log", taken / "data" / "pg_wal", *ours]
    assert all(place.exists() for place in places)
    assert find(places, [*CHOSEN, *line.made.all]) == []
    # What is in swap now was searched for in it; where there is none nothing of it can be there.
    assert find(swap(), line.made.all) == []
    assert in_swap == 0
    record_property("kib_in_swap", in_swap)
    record_property("people", MESSENGER + SCRIPT + PLAIN)
    record_property("canaries", len(line.made.all))
    record_property("bytes", sum(f.stat().st_size for p in places for f in p.rglob("*")))
    assert (line.folder / "log").stat().st_size > 0
