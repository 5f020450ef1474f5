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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, Self

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.pool import NullPool, QueuePool

from bot import report
from bot.audit import restoring, tables
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

    def restored(self, backup: str, why: str = "", staff: str = "command") -> int:
        """Write down that a backup was put back, and that what came after it is lost; gives how
        many entries those are, and 0 when none are missing or it was written down before.

        `backup`: its name. Raises `StoreError`, `KeyRingError`, or `ValueError` when the key of the
        next entry is gone, so that nothing that is written can be believed.
        """
        with self._keys.alone(KEY), self._database.explaining():
            kept = self.next_key()
            if kept is None:
                raise ValueError("the key of the next entry is missing or broken")
            with self._engine.begin() as connection:
                line = self._line(connection, kept)
                gap = restoring.unrecorded(_breaks(connection))
                if gap is None:
                    return 0
                name = cut(backup, restoring.MOST_NAME).replace(" ", "_")
                reason = cut(why, restoring.MOST_REASON)
                entry = line.entry(staff, restoring.RESTORED, f"{gap} {name}", reason)
                signed = self._keys.sign(restoring.signed_over(entry, line.before))
                line.put(restoring.with_signature(entry, *signed))
            self._keys.keep(KEY, packed(line.number, line.key))
        return gap.size

    def signed(self, entry: Entry, before: bytes) -> bool:
        """Whether a signing key of this service signed that entry in that place."""
        bare = restoring.without_signature(entry)
        if bare is None:
            return False
        unsigned, key_id, signature = bare
        return self._keys.verify(key_id, restoring.signed_over(unsigned, before), signature)

    @contextlib.contextmanager
    def _looking(self) -> Iterator[Connection]:
        engine = self._engine.execution_options(begin=opening.READ)
        with self._database.explaining(), engine.begin() as connection:
            yield connection

    def _append(self, staff: str, act: str, about: str, why: str) -> None:
        with self._engine.begin() as connection:
            line = self._line(connection, self.next_key())
            line.put(line.entry(staff, act, about, why))
        if any(line.key):
            self._keys.keep(KEY, packed(line.number, line.key))

    def _line(self, connection: Connection, kept: tuple[int, bytes] | None) -> "_Line":
        """Where the next entry goes, after a gap was written down when there is one."""
        number, key = kept or (0, b"")
        table = tables.entry
        asked = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
        last = connection.execute(asked).one_or_none()
        count, before = (last.number, last.hash) if last else (0, FIRST_HASH)
        due = count + 1 + restoring.lost(_breaks(connection))
        # A crash may have left the key behind; further on than the entries it never is.
        while key and number < due <= number + MOST_STEPS:
            number, key = number + 1, next_key(key)
        line = _Line(connection, self._clock, count, before, number, key)
        if key and number > due:
            # The last entries were cut off, or a backup was put back. What staff do is written down
            # after a mark of it, so that whatever follows can be verified all the same.
            report.alarm("audit_broken", count=count)
            gap = restoring.Gap(due, number - 1)
            line.put(line.entry(restoring.SERVICE, restoring.GAP, str(gap), ""))
        elif number != due:
            # The key is gone, or too far behind. What staff do is still written down, and the
            # verifier says from where on it cannot be believed.
            report.alarm("audit_broken", count=count)
            line.number, line.key = due, key or bytes(32)
        return line


@dataclass(slots=True)
class _Line:
    """The end of the book while something is added to it."""

    connection: Connection
    clock: Callable[[], float]
    count: int
    before: bytes
    number: int
    """Of the key, which is further on than the entries when some were lost."""
    key: bytes = field(repr=False)

    def entry(self, staff: str, act: str, about: str, why: str) -> Entry:
        """The next entry, not yet put there."""
        said = {"staff": staff, "act": act, "about": about, "why": why}
        fitting = {name: cut(text, MOST[name]) for name, text in said.items()}
        return Entry(self.count + 1, _now(self.clock(), act), **fitting)

    def put(self, entry: Entry) -> None:
        """Writes it, and moves on."""
        hashed = hash_of(entry, self.before)
        values = {name: getattr(entry, name) for name in Entry.__slots__}
        sealed = seal_of(self.key, hashed)
        self.connection.execute(insert(tables.entry).values(**values, hash=hashed, seal=sealed))
        self.count, self.before = entry.number, hashed
        self.number, self.key = self.number + 1, next_key(self.key) if any(self.key) else self.key


def _breaks(connection: Connection) -> list[Entry]:
    """The entries that say where the book was broken and put back, in their order."""
    table = tables.entry
    asked = select(table).where(table.c.act.in_([restoring.GAP, restoring.RESTORED]))
    return [Entry(*row[:6]) for row in connection.execute(asked.order_by(table.c.number))]


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
