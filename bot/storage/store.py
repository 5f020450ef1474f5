"""The store: groups of turns on the disk, and the few things that keep it small.

It decides when something is durable: at the end of `group`, after a full fsync, never before. It
holds bytes that it cannot read. It must not log, and it knows no key, no word and no channel.

One thread at a time writes; the others wait for it. Any thread may call any method.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import SQLAlchemyError

from bot.storage import opening, tables
from bot.storage.errors import StoreError, Unreachable, explained, replaced
from bot.storage.group import Group, Posted
from bot.storage.migrate import migrate

_CHUNK = 512
"""Rows that are swept in one transaction: turns wait for a few milliseconds at most."""


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
    """Bytes of the database file and its journal."""


class Store:
    """A database file, open for groups of turns. Use `Store.open`."""

    def __init__(self, path: Path, engine: Engine) -> None:
        """Use `Store.open`: it checks the file and brings the tables up to date."""
        self._path = path
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: PoolProxiedConnection | None = None
        self._file = (0, 0)

    @classmethod
    def open(cls, where: Path | str, wait: float = 2.0) -> Self:
        """The store in that file (a path or `sqlite:///FILE`), made and migrated as needed.

        `wait` is for how many seconds another process may hold it. Raises `StoreError`.
        """
        path = opening.path_of(where).absolute()
        opening.make_file(path)
        opening.check_file(path)
        store = cls(path, opening.make_engine(path, wait))
        migrate(path, store._engine)
        with store.group():
            pass
        return store

    @contextlib.contextmanager
    def group(self) -> Iterator[Group]:
        """One transaction for a group of turns: durable after the block, or nothing of it is kept.

        Whatever the block raises undoes the whole group. Raises `StoreError`, also for the commit.
        """
        with self._lock:
            connection = self._connected()
            try:
                cursor = connection.cursor()
                with self._explained():
                    cursor.execute(opening.BEGIN)
                yield Group(self._path, cursor)
                with self._explained():
                    connection.commit()
            except BaseException as error:
                self._undo(connection, broken=isinstance(error, StoreError))
                raise

    def pending(self, limit: int = 100, after: int = -1) -> list[Posted]:
        """Replies that were saved and not reported as sent, oldest first, after that number."""
        with self.group() as group:
            return [Posted(*row) for row in group.ask(tables.PENDING, (after, limit, 0))]

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
        size = 0
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                size += Path(f"{self._path}{suffix}").stat().st_size
        return Stats(sessions, sealed, marks, waiting, footprints, size)

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
            _sync(to.parent)
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
        file = opening.check_file(self._path)
        if self._connection is None:
            self._connection = opening.connect(self._path, self._engine)
            self._file = file
        elif file != self._file:
            raise replaced(self._path)
        return self._connection

    def _undo(self, connection: PoolProxiedConnection, *, broken: bool) -> None:
        with contextlib.suppress(sqlite3.Error):
            connection.rollback()
        if broken:
            # After a fault of the file or the disk, the next group starts with a new connection.
            with contextlib.suppress(sqlite3.Error):
                connection.close()
            self._connection = None

    def _look(self, statement: str, values: tuple[int, ...]) -> list[Any]:
        """Reads on a connection of its own, so that no group waits for it."""
        opening.check_file(self._path)
        with self._explained(), contextlib.closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def _copy(self, to: Path) -> None:
        opening.check_file(self._path)
        with self._explained(), contextlib.closing(self._engine.raw_connection()) as connection:
            # Without the pages that were freed: a backup holds what is there and nothing older.
            connection.cursor().execute("VACUUM INTO ?", (str(to),))
        # Without what is on its way: a restored backup must not send again what was sent since,
        # nor delete in a chat what was deleted since.
        with self._explained(), contextlib.closing(sqlite3.connect(to)) as copy:
            for table in tables.ON_THEIR_WAY:
                copy.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            copy.commit()
            copy.execute("VACUUM")
        _sync(to)

    def _checkpoint(self) -> None:
        """Moves the journal into the file, all of it unless someone reads there now."""
        with self._lock, self._explained():
            opening.check_file(self._path)
            with contextlib.closing(self._engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute("PRAGMA busy_timeout=0")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explained(self._path, error) from None

    def __repr__(self) -> str:
        return "Store()"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> Unreachable:
    mend = "Name a new file in a directory that is there and writable, on a disk with room."
    return Unreachable(path, f"it cannot be made ({os.strerror(error.errno or 0).lower()})", mend)
