"""The store: groups of turns on the disk, and the few things that keep it small.

It decides when something is durable: at the end of `group`, after a full fsync, never before. It
holds bytes that it cannot read. It must not log, and it knows no key, no word and no channel.

One thread at a time writes; the others wait for it, in their order. Any thread may call any method.
"""

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection

from bot.storage import opening, tables
from bot.storage.database import Database, SqliteFile, database_at
from bot.storage.errors import StoreError, Unreachable
from bot.storage.group import Group, Posted
from bot.storage.in_order import InOrder
from bot.storage.migrate import FOLDER
from bot.storage.statements import Statement

_CHUNK = 512
"""Rows that are swept in one transaction: turns wait for a few milliseconds at most."""
_AT_START = 10
"""Times the usual wait: another program may be bringing the tables up to date just now."""


@dataclass(frozen=True, slots=True)
class Stats:
    """How much there is. Counts and bytes only."""

    sessions: int
    sealed_bytes: int
    """Bytes of all sealed sessions together."""
    marks: int
    waiting: int
    """Replies in the outbox."""
    footprints: int
    """Rows of footprints, mostly one a chat and day."""
    file_bytes: int
    """Bytes of the database file and its journal; on PostgreSQL of all tables of the schema."""


class Store:
    """A database, open for groups of turns. Use `Store.open`."""

    def __init__(self, database: Database, engine: Engine) -> None:
        """Use `Store.open`: it checks the place and brings the tables up to date."""
        self._database = database
        self._engine = engine
        self._lock = InOrder()
        self._connection: PoolProxiedConnection | None = None

    @staticmethod
    def open(where: Database | Path | str, wait: float = 2.0) -> "Store":
        """The store in that place (see `database_at`), made and migrated as needed.

        `wait` is for how many seconds another process may hold it. Raises `StoreError`.
        """
        database, kind = database_at(where), Store
        if database.backend == "postgresql":
            # Loaded here: one machine with a file needs no driver for a server.
            from bot.storage.postgres_store import PostgresStore  # noqa: PLC0415

            kind = PostgresStore
        database.prepare()
        engine = database.engine(wait)
        store = kind(database, engine)
        # Programs that start together wait for the one that brings the tables up to date.
        database.migrate(database.engine(wait * _AT_START), tables.HEAD, FOLDER)
        with store.group():
            pass
        return store

    @contextlib.contextmanager
    def group(self, today: int | None = None, *, reads: bool = False) -> Iterator[Group]:
        """One transaction for a group of turns: durable after the block, or nothing of it is kept.

        `today`: the epoch that its turns are sealed under; where there are replicas, `Group.load`
        raises `Behind` when one has used a later day. With `reads` it only looks, and takes
        nobody's place. Whatever the block raises undoes the whole group. Raises `StoreError`, also
        for the commit.
        """
        with self._lock:
            connection = self._connected()
            try:
                with self._database.explaining():
                    group = self._begun(connection, today, reads=reads)
                yield group
                with self._database.explaining():
                    connection.commit()
            except BaseException as error:
                self._undo(connection, broken=isinstance(error, StoreError))
                raise

    def pending(self, limit: int = 100, after: int = -1) -> list[Posted]:
        """Replies that were saved and not reported as sent, oldest first, after that number."""
        with self.group(reads=True) as group:
            return [Posted(*row) for row in group.ask(tables.WAITING, (after, limit, 0))]

    def footprint_aliases(self) -> list[bytes]:
        """Every alias that has footprints, in order. No group waits for it."""
        found = self._look(tables.FOOTPRINT_ALIASES, ())
        return sorted(alias for (alias,) in found if isinstance(alias, bytes))

    def erase(self, aliases: Iterable[bytes]) -> None:
        """Erases everything kept under those aliases now, and empties the journal."""
        with self.group() as group:
            group.save(forget=(gone := list(aliases)))
            group.run(tables.DROP_FOOTPRINTS, [(alias,) for alias in gone])
        self._checkpoint()

    def sweep(self, live: Collection[int]) -> int:
        """Deletes every row of no live epoch, and gives how many. When none is live: every row.

        It takes the rows in small transactions, so that groups of other threads go on in between.
        """
        epochs = tuple(live)
        drops = (
            tables.DROP_SESSION,
            tables.DROP_MARK,
            tables.DROP_SENT,
            tables.DROP_FOOTPRINT,
        )
        swept = 0
        for find, drop in zip(tables.dead(len(epochs)), drops, strict=True):
            dead = self._look(find, epochs)
            for start in range(0, len(dead), _CHUNK):
                with self.group() as group:
                    group.run(drop, dead[start : start + _CHUNK])
            swept += len(dead)
        self._checkpoint()
        return swept

    def stats(self) -> Stats:
        """How much there is now."""
        ((sessions, sealed, marks, waiting, footprints),) = self._look(tables.COUNTS, ())
        return Stats(sessions, int(sealed), marks, waiting, footprints, self._size())

    def backup(self, to: Path) -> None:
        """A copy of what is there now, in a new file of mode 0600; groups go on meanwhile.

        Without the keys it opens nothing, and nobody may put the keys beside it. Raises
        `StoreError`, also when there is a file of that name.
        """
        part = to.with_name(f"{to.name}.part")
        try:
            os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise _unwritable(part, error) from None
        try:
            self._copy(part)
            # A link refuses where a rename would overwrite an older backup.
            os.link(part, to)
            synced(to.parent)
        except OSError as error:
            raise _unwritable(to, error) from None
        finally:
            part.unlink()

    def close(self) -> None:
        """Empties the journal and lets go of the file. Asked again, the store opens it again."""
        with contextlib.suppress(StoreError):
            self._checkpoint()
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _connected(self) -> PoolProxiedConnection:
        self._database.check()
        if self._connection is None:
            self._connection = self._database.connect(self._engine, tables.HEAD)
        return self._connection

    def _begun(
        self,
        connection: PoolProxiedConnection,
        today: int | None,  # noqa: ARG002 - one machine has one clock and one ring of keys
        *,
        reads: bool,  # noqa: ARG002 - it is the writer's place all the same: there is one connection
    ) -> Group:
        cursor = connection.cursor()
        cursor.execute(opening.BEGIN)
        return Group(self._database, cursor)

    def _undo(self, connection: PoolProxiedConnection, *, broken: bool) -> None:
        with contextlib.suppress(*self._database.failures):
            connection.rollback()
        if broken:
            # After a fault of the file or the disk, the next group starts with a new connection.
            with contextlib.suppress(*self._database.failures):
                connection.close()
            self._connection = None

    def _look(self, statement: Statement, values: tuple[int, ...]) -> list[Any]:
        """Reads on a connection of its own, so that no group waits for it."""
        self._database.check()
        with (
            self._database.explaining(),
            contextlib.closing(self._engine.raw_connection()) as connection,
        ):
            cursor = connection.cursor()
            cursor.execute(getattr(statement, self._database.backend), values)
            return list(cursor.fetchall())

    def _size(self) -> int:
        size = 0
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                size += Path(f"{self._database.name}{suffix}").stat().st_size
        return size

    def _copy(self, to: Path) -> None:
        self._database.check()
        with (
            self._database.explaining(),
            contextlib.closing(self._engine.raw_connection()) as connection,
        ):
            # Without the pages that were freed: a backup holds what is there and nothing older.
            connection.cursor().execute("VACUUM INTO ?", (str(to),))
        # Without what is on its way: a restored backup must not send again what was sent since,
        # nor delete in a chat what was deleted since.
        with SqliteFile(to).explaining(), contextlib.closing(sqlite3.connect(to)) as copy:
            for table in tables.ON_THEIR_WAY:
                copy.execute(f"DELETE FROM {table}")  # nosec B608  # noqa: S608 - names of ours
            copy.commit()
            copy.execute("VACUUM")
        synced(to)

    def _checkpoint(self) -> None:
        """Moves the journal into the file, all of it unless someone reads there now."""
        with self._lock, self._database.explaining():
            self._database.check()
            with contextlib.closing(self._engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute("PRAGMA busy_timeout=0")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()

    def __repr__(self) -> str:
        return "Store()"


def synced(path: Path) -> None:
    """Has that file or folder on the disk when it returns."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> Unreachable:
    mend = "Name a new file in a directory that is there and writable, on a disk with room."
    return Unreachable(path, f"it cannot be made ({os.strerror(error.errno or 0).lower()})", mend)
