"""The server of the database is away, silent, slow, full, read-only, or has no place left.

Whoever cries for help is answered with what is fixed, at the page and in Telegram; nothing that was
not kept is called taken; and it goes on by itself when the server does.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.botapi import BotApi, Chat
from tests.postgres import Server
from tests.trial import WHOLE
from tests.trials.test_faults import Person
from tests.trials_faults.standing import Standing
from tests.trials_kills.relay import Relay

pytestmark = pytest.mark.timeout(1_800 if WHOLE else 120)
CRY = "I want to kill myself"
NUMBER = "112"
DOWN = "This guide has a fault now"
MOST_RECOVERY = 30.0
MOST_UNTIL_TOLD = 20.0
OTHERS = 40
"""Places that the server has; other programs take all that are free."""
MOST_ROOM = 3_000
NOBODY = 65534


class Cable:
    """A relay in a thread of its own, for programs that wait for the server in any way."""

    def __init__(self, path: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._relay = Relay(path)
        asyncio.run_coroutine_threadsafe(self._relay.__aenter__(), self._loop).result()
        self.port = self._relay.port

    def do(self, what: Callable[[Relay], None]) -> None:
        """Something to the relay, where it lives."""
        self._loop.call_soon_threadsafe(what, self._relay)

    def close(self) -> None:
        """Ends it."""
        asyncio.run_coroutine_threadsafe(self._relay.__aexit__(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(frozen=True, slots=True)
class Place:
    """A database on a server of its own, and the cable to it."""

    cable: Cable
    beside: str
    """Another database on that server."""
    inside: str
    """The service's own, not over the cable."""

    def run(self, *statements: str) -> None:
        """As who runs the server."""
        with psycopg.connect(self.beside, autocommit=True) as connection:
            for one in statements:
                connection.execute(one)

    def end_all(self) -> None:
        """Every connection of the service ends."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'quietline' AND pid <> pg_backend_pid()"
        )


Fault = Callable[[Place], AbstractContextManager[None]]


@contextmanager
def away(place: Place) -> Iterator[None]:
    place.cable.do(Relay.cut)
    yield
    place.cable.do(Relay.mend)


@contextmanager
def silent(place: Place) -> Iterator[None]:
    place.cable.do(Relay.hold)
    yield
    place.cable.do(Relay.mend)


@contextmanager
def read_only(place: Place) -> Iterator[None]:
    place.run("ALTER DATABASE trial SET default_transaction_read_only = on")
    place.end_all()
    yield
    place.run("ALTER DATABASE trial RESET default_transaction_read_only")
    place.end_all()


@contextmanager
def closed(place: Place) -> Iterator[None]:
    place.run("ALTER DATABASE trial ALLOW_CONNECTIONS false")
    place.end_all()
    yield
    place.run("ALTER DATABASE trial ALLOW_CONNECTIONS true")


@contextmanager
def no_place_left(place: Place) -> Iterator[None]:
    with ExitStack() as others:
        place.end_all()
        try:
            for _ in range(2 * OTHERS):
                others.enter_context(psycopg.connect(place.beside))
        except psycopg.OperationalError:
            pass
        else:
            raise AssertionError("there are places left")
        yield


@contextmanager
def full(place: Place) -> Iterator[None]:
    with psycopg.connect(place.inside, autocommit=True) as connection:
        connection.execute("CREATE TABLE ballast (bytes bytea)")
        connection.execute("ALTER TABLE ballast ALTER bytes SET STORAGE EXTERNAL")
        for size in (1_000_000, 8_000, 100):
            while True:
                try:
                    connection.execute(
                        "INSERT INTO ballast SELECT decode(repeat('00', %s), 'hex')", (size,)
                    )
                except psycopg.errors.DiskFull:
                    break
        yield
        connection.execute("DROP TABLE ballast")


@contextmanager
def locked(place: Place) -> Iterator[None]:
    with psycopg.connect(place.inside) as connection:
        connection.execute("LOCK TABLE quietline.session IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


PLAIN: tuple[Fault, ...] = (away, read_only)
EVERY: tuple[Fault, ...] = (*PLAIN, closed, locked, no_place_left, full, silent)


@pytest.fixture
def small_disk() -> Iterator[Path | None]:
    """A disk of 48 MB for the database, where this machine lets us mount one."""
    folder = Path(tempfile.mkdtemp(prefix="ql-disk-", dir="/tmp"))  # the server's user reaches it
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m,mode=777", "none", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", "-l", folder], check=True)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(small_disk: Path | None) -> Iterator[str]:
    """The address of a database for the service, on a disk of its own."""
    with Server(max_connections=str(OTHERS)) as server:
        within = ""
        space = (small_disk or Path()) / "space"
        if small_disk is not None:
            space.mkdir()
            if os.geteuid() == 0:
                os.chown(space, NOBODY, NOBODY)
            within = " TABLESPACE small"
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            if within:
                connection.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
            connection.execute(f"CREATE DATABASE trial{within}")
        yield server.dsn("trial")


async def test_whatever_befalls_the_server_a_cry_is_answered_and_all_goes_on_by_itself(
    server: str,
    small_disk: Path | None,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    faults = [one for one in (EVERY if WHOLE else PLAIN) if one is not full or small_disk]
    cable = Cable(f"{conninfo_to_dict(server)['host']}/.s.PGSQL.5432")
    async with (
        BotApi() as telegram,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser,
    ):
        ours = f"postgresql://postgres@127.0.0.1:{cable.port}/trial?sslmode=disable"
        place = Place(cable, server.replace("/trial?", "/postgres?"), server)
        standing = Standing(telegram, tmp_path, ours)
        await standing.start()
        person, chat = Person(browser, standing.url), telegram.chat()
        chat.start()
        await chat.reply(2)
        for fault in faults:
            assert await person.say() == 303
            told, back = await through(fault, place, person, chat)
            record_property(f"{fault.__name__}: seconds until both were told", told)
            record_property(f"{fault.__name__}: seconds until it went on", back)
            assert told <= MOST_UNTIL_TOLD, fault
            assert back <= MOST_RECOVERY, fault
            await person.sees_that_all_counts()
        taken = [one for one in telegram.webhook.deliveries if one.status == 200]
        assert len(taken) == len({one.update for one in taken}) == 1 + len(faults)
        record_property("lost", 1 + len(faults) - len(taken))
        await standing.stop()
    cable.close()


@asynccontextmanager
async def under(fault: Fault, place: Place) -> AsyncIterator[None]:
    """While it lasts. What waits for the server waits in a thread."""
    held = fault(place)
    await asyncio.to_thread(held.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(held.__exit__, None, None, None)


async def until_there_is_no_room(person: Person) -> None:
    """One after another comes anew, and takes room, until nobody can, whoever they are."""
    for _ in range(MOST_ROOM):
        other = Person(person.browser, person.url)
        if await other.say() == 503 and await person.say() == 503:
            return
    raise AssertionError("there is room without end")


def seen(chat: Chat) -> tuple[int, ...]:
    """How many messages say that there is a fault, and how many hold a number that helps."""
    return tuple(sum(said in one.text for one in chat.from_bot) for said in (DOWN, NUMBER))


async def through(fault: Fault, place: Place, person: Person, chat: Chat) -> tuple[float, float]:
    """What a person at the page and one in Telegram see of it; gives the seconds until both were
    told, and until both were taken again.
    """
    telegram = chat._api  # noqa: SLF001 - the server that this person's phone talks to
    async with under(fault, place):
        began = time.monotonic()
        if fault is full:
            await until_there_is_no_room(person)
        before = seen(chat)
        cry = chat.say(CRY)
        assert await person.say() == 503, fault
        await telegram.bell.until(
            lambda: all(now > one for now, one in zip(seen(chat), before, strict=True)),
            f"{fault.__name__}: the fixed answer",
            seconds=MOST_UNTIL_TOLD,
        )
        told = time.monotonic() - began
        tries = [one.status for one in telegram.webhook.deliveries if one.update == cry.id]
        assert 200 not in tries, fault
        assert cry in telegram.updates.waiting
    began = time.monotonic()
    await telegram.bell.until(
        lambda: cry not in telegram.updates.waiting,
        f"{fault.__name__}: the cry is taken",
        seconds=MOST_RECOVERY,
    )
    while await person.say() != 303:
        assert time.monotonic() - began < MOST_RECOVERY, fault
        await asyncio.sleep(0.2)
    return round(told, 1), round(time.monotonic() - began, 1)
