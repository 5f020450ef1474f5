"""Where a database of ours is: a SQLite file, or a schema of a PostgreSQL server.

It decides what every room may ask of its database whichever it is: connections, tables of the
right version, and what an error means. It knows no table and no row, and shows no host, no user
and no password.
"""

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import SecretStr
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, Pool

from bot.storage import opening
from bot.storage.errors import Locked, StoreError, explained, replaced
from bot.storage.migrate import migrate
from bot.storage.watch import SqliteWatch, Watch

POSTGRESQL = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://", re.IGNORECASE)
"""How the address of a PostgreSQL database begins."""


class Database(Protocol):
    """A place for tables. Any thread may use it; it holds no connection itself."""

    @property
    def backend(self) -> Literal["sqlite", "postgresql"]:
        """Which of the two it is."""
        ...

    @property
    def name(self) -> str:
        """For messages to whoever runs the service: a path, or the schema. No host, no user."""
        ...

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What its driver and SQLAlchemy raise; `explained` says what it means."""
        ...

    def engine(self, wait: float = 2.0, pool: type[Pool] = NullPool) -> Engine:
        """Connections, set as we need them. `wait`: seconds for somebody else's lock.

        A transaction is alone from its start, with everything that was kept before; with the
        execution option `begin=opening.READ` it only reads, one picture, and waits for nobody.
        """
        ...

    def there(self) -> bool:
        """Whether somebody made it before. Raises `StoreError`."""
        ...

    def prepare(self) -> None:
        """Makes the file or the schema where there is none. Raises `StoreError`."""
        ...

    def check(self) -> object:
        """Looks whether it is safe and the same as before: what it gives stays equal."""
        ...

    def migrate(self, engine: Engine, head: str, folder: Path) -> None:
        """Takes the tables to that version, whole or not at all; two that come together take
        turns. Raises `StoreError`, `TooNew` for a version that we do not know.
        """
        ...

    def connect(self, engine: Engine, head: str) -> PoolProxiedConnection:
        """A driver's connection to tables of the version `head`. Raises `StoreError`."""
        ...

    def version(self, cursor: DBAPICursor) -> str | None:
        """The migration that the tables are at, None when there are none."""
        ...

    def watch(self, statement: str) -> Watch:
        """A number that is asked for many times a second: `statement` gives one row of it."""
        ...

    def compact(self, engine: Engine) -> None:
        """Writes every table anew without anything that was taken out of it, as far as the
        database itself holds it. Raises `Locked` when somebody was in the way.
        """
        ...

    def settle(self, engine: Engine) -> None:
        """After very much was written: counts the rows anew for whoever plans a question."""
        ...

    def explained(self, error: Exception) -> StoreError:
        """What an error of the driver means. It repeats nothing of what the driver said."""
        ...

    def explaining(self) -> contextlib.AbstractContextManager[None]:
        """Turns every error of the driver within the block into the `StoreError` it means."""
        ...


class Explaining:
    """What every database does alike with an error of its driver."""

    failures: tuple[type[Exception], ...] = ()

    def explained(self, error: Exception) -> StoreError:
        """See `Database.explained`."""
        raise NotImplementedError

    @contextlib.contextmanager
    def explaining(self) -> Iterator[None]:
        """See `Database.explaining`."""
        try:
            yield
        except self.failures as error:
            raise self.explained(error) from None


class SqliteFile(Explaining):
    """A SQLite file of ours: mode 0600 in a folder of mode 0700."""

    backend: Literal["sqlite"] = "sqlite"
    failures: tuple[type[Exception], ...] = (SQLAlchemyError, sqlite3.Error)

    def __init__(self, path: Path) -> None:
        """`path`: need not be there yet."""
        self.path = path.absolute()
        self.name = str(self.path)
        self._file: tuple[int, int] | None = None

    def engine(self, wait: float = 2.0, pool: type[Pool] = NullPool) -> Engine:
        """See `Database.engine`."""
        return opening.make_engine(self.path, wait, pool)

    def there(self) -> bool:
        """See `Database.there`."""
        return self.path.exists()

    def prepare(self) -> None:
        """See `Database.prepare`. Raises `Unsafe`, `ReadOnly` or `Unreachable`."""
        opening.make_file(self.path)
        self._file = opening.check_file(self.path)

    def check(self) -> object:
        """Device and inode. Raises `Unreachable` when the file is not the one that was prepared."""
        found = opening.check_file(self.path)
        if self._file is not None and found != self._file:
            raise replaced(self.path)
        return found

    def migrate(self, engine: Engine, head: str, folder: Path) -> None:
        """See `Database.migrate`."""
        migrate(self.path, engine, head, folder)

    def connect(self, engine: Engine, head: str) -> PoolProxiedConnection:
        """See `Database.connect`."""
        return opening.connect(self.path, engine, head)

    def version(self, cursor: DBAPICursor) -> str | None:
        """See `Database.version`."""
        return opening.version(cursor)

    def watch(self, statement: str) -> Watch:
        """See `Database.watch`. Microseconds when nobody wrote since it was asked."""
        return SqliteWatch(self.path, statement, self.check)

    def compact(self, engine: Engine) -> None:
        """See `Database.compact`. It empties the journal too."""
        with self.explaining(), contextlib.closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            ((busy, *_),) = cursor.fetchall()
        if busy:
            mend = "Somebody reads it just now: do the same again in a moment."
            raise Locked(self.path, "its journal could not be emptied", mend)

    def settle(self, engine: Engine) -> None:
        """See `Database.settle`. It moves the journal into the file too."""
        with self.explaining(), contextlib.closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            for statement in ("PRAGMA wal_checkpoint(PASSIVE)", "ANALYZE"):
                cursor.execute(statement)
                cursor.fetchall()

    def explained(self, error: Exception) -> StoreError:
        """See `Database.explained`."""
        return explained(self.path, error)

    def __repr__(self) -> str:
        return f"SqliteFile({self.name})"


def database_at(where: Any, schema: str = "quietline") -> Database:
    """The database that is named: a path, `sqlite:///FILE`, `postgresql://…` or one made before.

    `schema` is for PostgreSQL alone. Raises `NotADatabase` for any other address.
    """
    if isinstance(where, SecretStr):
        where = where.get_secret_value()
    if isinstance(where, str) and POSTGRESQL.match(where):
        # Loaded here: one machine with files needs no driver for a server.
        from bot.storage.postgres import Postgres  # noqa: PLC0415

        return Postgres(SecretStr(where), schema)
    if isinstance(where, str | Path):
        return SqliteFile(opening.path_of(where))
    made: Database = where
    return made
