"""The audit of one installation: appending, reading, and giving its first key away.

It decides the order: an entry is on the disk before its key is moved on. It must not be given
anything about a person who writes, and nothing here may say no to an act.

Beside the signing keys lie `audit.key` (the key of the next entry, its number) and, until somebody
takes it away, `audit.first`, which verifies everything.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, Self

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.pool import NullPool, QueuePool

from bot import report
from bot.audit import tables
from bot.audit.chain import FIRST_HASH, MOST_STEPS, check_of, hash_of, next_key, seal_of
from bot.audit.model import BY_THE_DAY, MOST, Entry
from bot.storage import StoreError, opening
from bot.storage.database import Database, database_at
from bot.vault import KeyRingError, Signing

FOLDER: Final = Path(__file__).parent / "migrations"
KEY, FIRST = "audit.key", "audit.first"
_NUMBER = slice(0, 8)
_KEY = slice(8, 40)
_CHECK = slice(40, 48)


class Held(Protocol):
    """Whatever tells what was done: see `Audit.write`."""

    def __call__(self, staff: str, act: str, about: str = "", why: str = "") -> object:
        """Write it down; False when that could not be done."""
        ...


class Audit:
    """Use `Audit.open`. Any thread of any process may write."""

    def __init__(
        self, database: Database, engine: Engine, keys: Signing, clock: Callable[[], float]
    ) -> None:
        """Use `Audit.open`."""
        self._database, self._engine, self._keys, self._clock = database, engine, keys, clock

    @classmethod
    def open(
        cls, where: Path | Database, keys: Signing, clock: Callable[[], float] = time.time
    ) -> Self:
        """The audit in that file or database, made and migrated as needed; its keys are made
        with it. Raises `StoreError` or `KeyRingError`.
        """
        database = database_at(where, "audit")
        database.prepare()
        # A file is let go of after each entry; a server's connection is worth keeping.
        engine = database.engine(5.0, QueuePool if database.backend == "postgresql" else NullPool)
        database.migrate(engine, tables.HEAD, FOLDER)
        audit = cls(database, engine, keys, clock)
        with keys.alone(KEY):
            if keys.kept(KEY) is None and not audit.count():
                first = secrets.token_bytes(32)
                keys.keep(FIRST, first)
                keys.keep(KEY, packed(1, first))
        return audit

    def write(self, staff: str, act: str, about: str = "", why: str = "") -> bool:
        """Write down that somebody did that. Durable when it returns. Never raises: False, and an
        alarm, when it could not be written, for no person may wait for an audit.
        """
        try:
            with self._keys.alone(KEY), self._database.explaining():
                self._append(staff, act, about, why)
            return True
        except (StoreError, KeyRingError) as error:
            report.alarm("audit_failed", error)
            return False

    def count(self) -> int:
        """The number of the last entry."""
        with self._looking() as connection:
            found = connection.execute(select(func.max(tables.entry.c.number))).scalar()
        return int(found or 0)

    def newest(self, most: int = 200, before: int | None = None) -> tuple[Entry, ...]:
        """The last entries, newest first; `before`: only those with a lower number."""
        table = tables.entry
        asked = select(table).order_by(table.c.number.desc()).limit(most)
        if before is not None:
            asked = asked.where(table.c.number < before)
        with self._looking() as connection:
            return tuple(Entry(*row[:6]) for row in connection.execute(asked))

    def rows(self) -> list[tuple[Entry, bytes, bytes]]:
        """All entries as they lie there, in the order of their numbers, with hash and seal."""
        with self._looking() as connection:
            found = connection.execute(select(tables.entry).order_by(tables.entry.c.number))
            return [(Entry(*row[:6]), row[6], row[7]) for row in found]

    def next_key(self) -> tuple[int, bytes] | None:
        """The number of the next entry and its key, as they are kept. None: missing or broken."""
        return unpacked(self._keys.kept(KEY))

    @property
    def first_key(self) -> bytes | None:
        """What verifies everything, as long as nobody took it away."""
        return self._keys.kept(FIRST)

    def take_first_key(self) -> bytes | None:
        """The same, and gone from here."""
        first = self.first_key
        self._keys.drop(FIRST)
        return first

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _looking(self) -> Iterator[Connection]:
        engine = self._engine.execution_options(begin=opening.READ)
        with self._database.explaining(), engine.begin() as connection:
            yield connection

    def _append(self, staff: str, act: str, about: str, why: str) -> None:
        number, key = self.next_key() or (0, b"")
        with self._engine.begin() as connection:
            table = tables.entry
            asked = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
            last = connection.execute(asked).one_or_none()
            count, before = (last.number, last.hash) if last else (0, FIRST_HASH)
            # A crash may have left the key behind; further on than the entries it never is.
            while key and number <= count < number + MOST_STEPS:
                number, key = number + 1, next_key(key)
            if not key or number != count + 1:
                # Entries were cut off, or the key is gone. What staff do is still written down,
                # and the verifier says from where on it cannot be believed.
                report.alarm("audit_broken", count=count)
                number, key = count + 1, key or bytes(32)
            entry = Entry(
                number,
                _now(self._clock(), act),
                *(
                    cut(said, MOST[name])
                    for name, said in (
                        *(("staff", staff), ("act", act), ("about", about), ("why", why)),
                    )
                ),
            )
            hashed = hash_of(entry, before)
            values = {name: getattr(entry, name) for name in Entry.__slots__}
            sealed = seal_of(key, hashed)
            connection.execute(insert(table).values(**values, hash=hashed, seal=sealed))
        if any(key):
            self._keys.keep(KEY, packed(number + 1, next_key(key)))


def packed(number: int, key: bytes) -> bytes:
    """A key and its number, as they are kept."""
    return number.to_bytes(8, "big") + key + check_of(key)


def unpacked(kept: bytes | None) -> tuple[int, bytes] | None:
    """Back again; None for anything else."""
    if kept is None or len(kept) != _CHECK.stop or check_of(kept[_KEY]) != kept[_CHECK]:
        return None
    return int.from_bytes(kept[_NUMBER], "big"), kept[_KEY]


def cut(said: str, most: int) -> str:
    """One line, at most so long."""
    return " ".join(said.encode("utf-8", "replace").decode("utf-8").split())[:most]


def _now(clock: float, act: str) -> str:
    said = datetime.fromtimestamp(clock, UTC).strftime("%Y-%m-%dT%H:%M")
    return said[:10] if act.startswith(BY_THE_DAY) else said
