"""An error at each statement of each database in turn, whose text holds all that was asked with.

What a library says of an error may hold every value of a row. Nothing of it may reach a log, a
page, or the error that a channel is given.
"""

import sqlite3
import string
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import Engine, event

from bot.app import Service
from bot.channels.contract import Address, Heard, Incoming, Pressed, Unavailable, Words
from bot.settings import Settings
from bot.storage.group import Group
from tests.canary import find
from tests.console_frame.visitors import Visitor
from tests.console_listings.rooms import NUMBER, a_desk, content
from tests.postgres import fresh
from tests.trial import seed, size

MOST: Final = size(few=12, whole=400)
"""Statements at which an error is forced, one after the other, in each part."""


class Faults:
    """Raises at one statement, and says everything in the error that a library could say."""

    def __init__(self) -> None:
        self.left = 0
        """So many statements until the error; 0: never."""
        self.struck = False
        self.kind: type[Exception] = sqlite3.OperationalError

    def at(self, number: int) -> None:
        """The next error comes at that statement from now on."""
        self.left, self.struck = number, False

    def count(self, text: object, values: object) -> None:
        """One more statement."""
        self.left -= 1
        if self.left == 0:
            self.struck = True
            raise self.kind(f"near {text!r}: {values!r}")


class Cursor:
    """A cursor whose statements may fail."""

    def __init__(self, real: Any, faults: Faults) -> None:
        self._real, self._faults = real, faults

    def execute(self, text: str, values: Any = ()) -> Any:
        self._faults.count(text, values)
        return self._real.execute(text, values)

    def executemany(self, text: str, values: Any) -> Any:
        values = list(values)
        self._faults.count(text, values)
        return self._real.executemany(text, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Errors in what people's turns ask, and in what staff's pages do."""
    faults, begin = Faults(), Group.__init__

    def faulty(self: Group, database: Any, cursor: Any) -> None:
        begin(self, database, Cursor(cursor, faults))

    def before(_connection: Any, _cursor: Any, text: str, values: Any, *_: Any) -> None:
        faults.count(text, values)

    monkeypatch.setattr(Group, "__init__", faulty)
    event.listen(Engine, "before_cursor_execute", before)
    yield faults
    event.remove(Engine, "before_cursor_execute", before)


@pytest_asyncio.fixture
async def on_server(
    tmp_path: Path, log: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Service, Faults]]:
    """A service on PostgreSQL, whatever it asks there."""
    faults, execute, many = Faults(), psycopg.Cursor.execute, psycopg.Cursor.executemany
    faults.kind = psycopg.OperationalError

    def one(self: Any, text: Any, values: Any = None, **ways: Any) -> Any:
        faults.count(text, values)
        return execute(self, text, values, **ways)

    def all_of(self: Any, text: Any, values: Any, **ways: Any) -> Any:
        faults.count(text, values := list(values))
        return many(self, text, values, **ways)

    (tmp_path / "data").mkdir(mode=0o700)
    for address in fresh():
        known = {"data": tmp_path / "data", "key_ring": tmp_path / "keys", "database": address}
        service = Service(Settings.model_validate(known), demo=True)
        await service.start()
        monkeypatch.setattr(psycopg.Cursor, "execute", one)
        monkeypatch.setattr(psycopg.Cursor, "executemany", all_of)
        yield service, faults
        faults.at(0)
        await service.stop()


async def turns(service: Service, word: str, number: int, faults: Faults) -> list[str]:
    """A conversation in which one statement fails; what a channel was told of it."""
    address = Address("push", word, str(number).encode())
    said: list[Heard] = [Words(word), Pressed("yes", "1"), Words(word * 2), Words("stop")]
    told = []
    for count, heard in enumerate(said):
        incoming = Incoming(address, heard, once=f"{word}{count}", language="en", push=True)
        try:
            await service.take(incoming)
        except Unavailable as refused:
            told.append(f"{refused} {refused!r} {refused.args}")
            await service.take(incoming)  # as a channel brings it again
    return told


async def test_whichever_statement_of_a_turn_fails_no_value_is_told(
    service: Service, log: Path, faults: Faults, record_property: Any
) -> None:
    record_property("statements of turns that failed", await each_fails(service, log, faults))


@pytest.mark.whole
async def test_whichever_statement_of_a_turn_fails_on_a_server_no_value_is_told(
    on_server: tuple[Service, Faults], log: Path, record_property: Any
) -> None:
    service, faults = on_server
    record_property("statements of turns that failed", await each_fails(service, log, faults))


async def each_fails(service: Service, log: Path, faults: Faults) -> int:
    """One statement after the other fails; gives how many did."""
    chance = Random(seed())
    canaries: list[str | int] = ["UA-63"]
    told: list[str] = []
    struck = 0
    for number in range(1, MOST + 1):
        word = "".join(chance.choices(string.ascii_lowercase, k=12))
        person = chance.randrange(6 << 32, 1 << 46)
        canaries += [word, person]
        faults.at(number)
        told += await turns(service, word, person, faults)
        struck += faults.struck
        if not faults.struck:
            break
    faults.at(0)
    assert struck >= 8
    assert told
    assert find([log], canaries) == []
    assert not [one for one in canaries if any(str(one) in said for said in told)]
    assert "OperationalError" not in " ".join(told)
    service.sweep()
    assert (await service.look(Address("push", "x", b"6"), "en")).mark == "0"
    return struck


@pytest_asyncio.fixture
async def visitor(tmp_path: Path, spoken: Path) -> AsyncIterator[tuple[Visitor, str]]:
    """Somebody who may do everything, and a listing."""
    (tmp_path / "desk").mkdir()
    async with a_desk(tmp_path / "desk") as (rooms, console):
        yield await console.someone("Anna Example", "lead", "administrator"), rooms.published()


async def test_whichever_statement_of_a_page_fails_no_value_is_told(
    visitor: tuple[Visitor, str], spoken: Path, faults: Faults, record_property: Any
) -> None:
    anna, listing = visitor
    word = "".join(Random(seed()).choices(string.ascii_lowercase, k=12))
    fields = {"name": f"{word} Example", "role": "viewer", "why": word}
    struck = answered = 0
    for method, path in (
        ("GET", f"/listings?text={word}"),
        ("GET", f"/listings/{listing}"),
        ("POST", "/people"),
        ("POST", f"/listings/{listing}/suspend"),
        ("POST", "/listings/views"),
        ("GET", "/audit"),
    ):
        for number in range(1, MOST + 1):
            faults.at(number)
            if method == "GET":
                async with anna.http.get(anna.url + path, allow_redirects=False) as answer:
                    text = await answer.text()
            else:
                form = {"token": anna.token, **fields, "query": f"text={word}"}
                async with anna.http.post(
                    anna.url + path, data=form, headers=anna.headers(), allow_redirects=False
                ) as answer:
                    text = await answer.text()
            answered += answer.status == 503
            if not faults.struck:
                break
            struck += 1
            assert answer.status in {200, 303, 401, 422, 503}, (path, number)
            assert not [one for one in ("sqlite", "SELECT", "INSERT", "Error:") if one in text]
            assert NUMBER not in text or answer.status == 200
    faults.at(0)
    record_property("statements of pages that failed", struck)
    assert struck >= 20
    assert answered >= 20
    said = content()
    assert find([spoken], ["console_store_failed"]), "the search finds what is there"
    assert find([spoken], [word, "Anna Example", NUMBER, said["names"]["uk"], listing]) == []
