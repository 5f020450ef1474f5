"""A ledger in a directory of its own, its keys beside it, and the people who keep it."""

import contextlib
import functools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor, Draft, Revision
from bot.storage.database import Database, database_at
from bot.vault import SigningKeys
from referral_directory.keeping import critical
from tests.postgres import fresh

DAY = 86_400
KNOWN = Known(
    needs=frozenset(
        {"legal", "legal.advice", "shelter", "medical", "information", "emergency.hotline"}
    ),
    areas={"UA": "UA", "UA-63": "UA", "UA-46": "UA", "LT": "LT", "INT": "INT"},
)
ANNA, BORYS, VIRA = Actor("anna"), Actor("borys"), Actor("vira", restricted=True, vets=True)
PHONE = "+380440000001"


def listing(name: str = "Legal Advice Centre", **more: Any) -> dict[str, Any]:
    """A listing that is plainly made up."""
    return {
        "names": {"en": name, "uk": "Правова допомога"},
        "organization": {"en": "Example Organisation"},
        "needs": ["legal.advice"],
        "area": ["UA-63"],
        "languages": ["uk"],
        "summary": {"en": "Free legal advice.", "uk": "Безоплатна правова допомога."},
        "contacts": [{"kind": "phone", "number": PHONE}],
        "source": {"url": "https://example.org/about", "date": "2026-05-01"},
    } | more


@dataclass
class Office:
    """The ledger and what surrounds it; the clock stands where a test puts it."""

    folder: Path
    now: float = 1_790_000_000.0
    server: str = ""
    """The address of a database on a server; without it the ledger is a file."""
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.keys = SigningKeys.open(self.folder / "keys", outside=self.folder / "data")
        self.ledger = self.again()

    @property
    def path(self) -> Path:
        assert not self.server, "a ledger on a server has no file"
        return self.folder / "data" / "directory.db"

    @property
    def where(self) -> Path | Database:
        return database_at(self.server, "directory") if self.server else self.path

    def again(self) -> Ledger:
        """The same ledger, opened once more: as another process has it."""
        return Ledger.open(self.where, self.keys, lambda: self.now, known=KNOWN)

    def later(self, days: int) -> None:
        self.now += days * DAY

    def proposed(self, content: dict[str, Any], by: Actor = ANNA) -> Draft:
        return self.ledger.propose(by, None, content, base=0, version=None)

    def changed(self, record: str, by: Actor = ANNA, **fields: Any) -> Draft:
        stands = self.ledger.record(record, by)
        draft = stands.draft
        content = {**(draft.content if draft else stands.content), **fields}
        version = draft.version if draft else None
        return self.ledger.propose(by, record, content, base=stands.revision, version=version)

    def checked(self, draft: Draft, by: Actor = ANNA) -> None:
        if parts := critical(draft.content):
            self.ledger.check(by, draft.record, parts, "call", draft.version)

    def approved(self, draft: Draft, by: Actor = BORYS) -> Revision:
        return self.ledger.publish(by, draft.record, draft.version, draft.digest)

    def published(self, **more: Any) -> str:
        """A listing that went the whole way: proposed, called, approved by another."""
        draft = self.proposed(listing(**more))
        self.checked(draft)
        self.approved(draft)
        return draft.record

    def served(self) -> dict[str, bytes | None]:
        return {row.id: row.content for row in self.ledger.published().rows}

    def by_hand(self, statement: str, *values: Any) -> int:
        """What somebody does who can write to the database and has no key."""
        return int(self._run(statement, values).rowcount)

    def row_by_hand(self, statement: str) -> tuple[Any, ...]:
        """The first row that they find."""
        found: tuple[Any, ...] = self._run(statement, ()).fetchone()
        return found

    def bytes(self) -> bytes:
        """Every byte that the database itself holds; of a server without its journal."""
        if not self.server:
            return b"".join(file.read_bytes() for file in sorted(self.path.parent.iterdir()))
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            return b"".join(row[0] for row in connection.execute(_EVERY_BYTE))

    def _run(self, statement: str, values: Sequence[Any]) -> Any:
        if self.server:
            with psycopg.connect(self.server, options="-c search_path=directory") as there:
                return there.execute(statement.replace("?", "%s"), values)
        with contextlib.closing(sqlite3.connect(self.path)) as here, here:
            return Found(here.execute(statement, values))


_EVERY_BYTE = """
    SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
    WHERE relkind IN ('r', 'i', 't') AND oid >= 16384
"""


class Found:
    """What a statement did, after its connection was closed."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self.rowcount = cursor.rowcount
        self.fetchone = functools.partial(next, iter(cursor.fetchall()), None)


EVERY = os.environ.get("QUIETLINE_SUITE") == "1"
ON_A_SERVER = {"test_checks", "test_file", "test_organizations"}
"""Files whose tests run on a server too, each time; the others when everything is asked for."""
OF_A_FILE = {
    "test_a_file_that_was_put_in_its_place_is_refused",
    "test_a_ledger_that_another_process_holds_says_so",
    "test_a_whole_file_from_before_is_noticed",
    "test_another_key_signs_nothing_here",
    "test_nobody_else_may_read_the_file",
}
"""What only a file has."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whoever asks for a ledger gets one in a file, and one on a server."""
    both = EVERY or metafunc.module.__name__.rpartition(".")[2] in ON_A_SERVER
    if "backend" in metafunc.fixturenames and both and metafunc.function.__name__ not in OF_A_FILE:
        metafunc.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Where ledgers of this test are."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger with its keys, made once: a test takes a copy."""
    office = Office(tmp_path_factory.mktemp("ledger") / "empty")
    office.ledger.close()
    return office.folder


@pytest.fixture(scope="session")
def empty_on_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The same on a server."""
    for address in fresh():
        office = Office(tmp_path_factory.mktemp("ledger") / "on_server", server=address)
        office.ledger.close()
        yield office


@pytest.fixture
def make_office(
    tmp_path: Path, backend: str, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Office]]:
    with contextlib.ExitStack() as ends:

        def make(name: str) -> Office:
            if backend == "sqlite":
                folder = shutil.copytree(request.getfixturevalue("empty"), tmp_path / name)
                office = Office(Path(folder))
            else:
                like: Office = request.getfixturevalue("empty_on_server")
                address = ends.enter_context(contextlib.contextmanager(fresh)(like.server))
                folder = shutil.copytree(like.folder, tmp_path / name)
                office = Office(Path(folder), server=address)
            ends.callback(lambda: office.ledger.close())  # noqa: PLW0108 - the one that it has then
            return office

        yield make


@pytest.fixture
def office(make_office: Callable[[str], Office]) -> Office:
    return make_office("office")
