"""The disk is full, the database is held, gone or closed, the keys are away.

Who writes reads where to get help; nothing that was acknowledged is lost, and it goes on by itself.
"""

import asyncio
import contextlib
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Unavailable, Words
from bot.pump import Pump
from bot.storage import StoreError
from tests.channels.html import Page
from tests.trials.conftest import Clock
from tests.trials.programs import make_service, start_page

DAY = 86_400


class Person:
    """Someone at the page, and how many of their answers count."""

    def __init__(self, browser: aiohttp.ClientSession, url: str) -> None:
        self.browser, self.url = browser, url
        self.cookie, self.count = "", 0

    async def ask(self, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": f"s={self.cookie}"} if self.cookie else {}
        how = "GET" if form is None else "POST"
        asked = self.browser.request(
            how, self.url, data=form, headers=headers, allow_redirects=False
        )
        async with asked as answer:
            if "s" in answer.cookies:
                self.cookie = answer.cookies["s"].value
            return answer.status, await answer.text()

    async def say(self) -> int:
        """One more answer, whatever it does. Gives the status."""
        status, text = await self.ask({"m": str(self.count), "t": "menu"})
        if status == 303:
            self.count += 1
        else:
            await self.reads_where_to_get_help(status, text)
        return status

    async def says_it_until_there_is_no_room(self) -> None:
        for _ in range(1_000):
            if await self.say() == 503:
                return
        raise AssertionError("there is room without end")

    async def reads_where_to_get_help(self, status: int, text: str) -> None:
        assert status == 503
        assert 'href="tel:' in text
        assert "Traceback" not in text

    async def sees_that_all_counts(self) -> None:
        status, text = await self.ask()
        assert status == 200
        assert {form.fields["m"] for form in Page(text).forms} == {str(self.count)}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB where the machine lets us mount one, else a folder."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "mode=700,size=24m", "none", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder
    if mounted:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def full(database: Path) -> Iterator[None]:
    ballast = database.parent.parent / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4_096))
    yield
    ballast.unlink()


@contextmanager
def held(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def closed(database: Path) -> Iterator[None]:
    database.chmod(0o400)
    yield
    database.chmod(0o600)


@contextmanager
def open_to_all(database: Path) -> Iterator[None]:
    database.chmod(0o644)
    yield
    database.chmod(0o600)


@contextmanager
def gone(database: Path) -> Iterator[None]:
    aside = database.rename(database.with_name("aside"))
    yield
    aside.rename(database)


@contextmanager
def replaced(database: Path) -> Iterator[None]:
    aside = database.rename(database.with_name("aside"))
    shutil.copy2(aside, database)
    yield
    aside.rename(database)


@contextmanager
def folder_gone(database: Path) -> Iterator[None]:
    aside = database.parent.rename(database.parent.with_name("aside"))
    yield
    aside.rename(database.parent)


FAULTS: tuple[Callable[[Path], AbstractContextManager[None]], ...] = (
    *(closed, open_to_all, gone, replaced, folder_gone, held, full),
)


async def test_what_befalls_the_database_is_told_kindly_and_passes(
    disk: Path, tmp_path: Path
) -> None:
    data, log = disk / "data", tmp_path / "log"
    program = await start_page(data, log)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        person = Person(browser, f"http://127.0.0.1:{program.port}/")
        for fault in FAULTS if is_small(disk) else FAULTS[:-1]:
            assert await person.say() == 303
            with fault(data / "quietline.db"):
                if fault is full:
                    await person.says_it_until_there_is_no_room()
                else:
                    others = [Person(browser, person.url) for _ in range(2)]
                    told = await asyncio.gather(person.say(), *(other.say() for other in others))
                    assert told == [503] * 3, fault
                    assert [other.cookie for other in others] == [""] * 2
            await person.sees_that_all_counts()
            assert await person.say() == 303
            await person.sees_that_all_counts()
        assert await program.stop() == 0
        program = await start_page(data, log)
        person.url = f"http://127.0.0.1:{program.port}/"
        await person.sees_that_all_counts()
    assert await program.stop() == 0
    said = read(log)
    assert "Traceback" not in said
    for error in ("ReadOnly", "Unsafe", "Unreachable", "Locked"):
        assert f'"error": "{error}"' in said
    assert ('"error": "Full"' in said) == is_small(disk)


def is_small(disk: Path) -> bool:
    """Whether it is a disk of its own."""
    return disk.is_mount()


def read(log: Path) -> str:
    return log.read_text("utf-8")


@contextmanager
def ring_open(ring: Path) -> Iterator[None]:
    ring.chmod(0o755)
    yield
    ring.chmod(0o700)


@contextmanager
def ring_gone(ring: Path) -> Iterator[None]:
    aside = ring.rename(ring.with_name("keys aside"))
    yield
    aside.rename(ring)


@pytest.mark.parametrize("fault", [ring_open, ring_gone])
async def test_keys_that_are_away_or_open_to_others_are_told_and_it_goes_on_with_them(
    service: Service,
    url: str,
    clock: Clock,
    log: Path,
    fault: Callable[[Path], AbstractContextManager[None]],
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        person = Person(browser, url)
        assert await person.say() == 303
        with fault(service.settings.data / "keys"):
            # Today it goes on with the keys that it has read; tomorrow it needs a new one.
            assert await person.say() == 303
            clock.later = DAY
            assert await person.say() == 503
            await person.reads_where_to_get_help(*await person.ask())
        await person.sees_that_all_counts()
        assert await person.say() == 303
        await person.sees_that_all_counts()
    assert "group_not_saved" in read(log)


async def test_with_the_keys_destroyed_under_it_everyone_begins_anew(
    service: Service, url: str, clock: Clock
) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        person = Person(browser, url)
        assert await person.say() == 303
        for key in (service.settings.data / "keys").glob("*.key"):
            key.unlink()
        await person.sees_that_all_counts()
        clock.later = DAY
        person.count = 0
        await person.sees_that_all_counts()
        assert await person.say() == 303
        await person.sees_that_all_counts()
        service.sweep()
        assert service.store.stats().sessions == 1


async def test_replies_wait_while_the_database_is_away_and_are_then_sent_once(
    service: Service,
) -> None:
    ann, ben = Address("push", "trial", b"7000000001"), Address("push", "trial", b"7000000002")
    sent: list[tuple[Address, str]] = []
    third = asyncio.Event()

    async def deliver(address: Address, outgoing: Outgoing) -> None:
        if address == ben:
            raise ConnectionError("Ben cannot be reached, and nobody else is told")
        sent.append((address, outgoing.mark))
        if len(sent) == 3:
            third.set()

    turns = service.turns
    pump = Pump(service.store, turns.vault, service.wording, turns.clock, deliver)
    for who in (ann, ben, ann):
        await service.take(Incoming(who, Words("menu"), push=True))
    with gone(service.settings.data / "quietline.db"), pytest.raises(StoreError):
        await pump.send_waiting()
    assert sent == []
    assert await pump.send_waiting() == 3
    assert sent == [(ann, "1"), (ann, "2")]
    pumping = asyncio.create_task(pump.run())
    await service.take(Incoming(ann, Words("menu"), push=True))
    pump.wake()
    await third.wait()
    pumping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pumping
    assert sent[2:] == [(ann, "3")]
    assert service.store.pending() == []


async def test_a_reply_that_was_sent_is_taken_out_also_when_the_disk_was_full_meanwhile(
    disk: Path,
) -> None:
    if not is_small(disk):
        pytest.skip("this machine does not let us mount a disk")
    service = make_service(disk / "data")
    await service.start()
    ann = Address("push", "trial", b"7000000001")
    await service.take(Incoming(ann, Words("menu"), push=True))
    with full(disk / "data" / "quietline.db"):
        for _ in range(1_000):
            # Each reply is sent at once, and reported with the next turn.
            service.turns.sent.extend(row.id for row in service.store.pending())
            try:
                await service.take(Incoming(ann, Words("menu"), push=True))
            except Unavailable:
                break
    assert len(service.turns.sent) == 1
    out = await service.take(Incoming(ann, Words("menu"), push=True))
    assert out is not None
    assert len(service.store.pending()) == 1
    await service.stop()
