"""A schema of a PostgreSQL server as a database of ours.

It decides how a connection is set, what "alone" means there, and in what order replicas that
start together bring the tables up to date. It knows no table and no row, needs no extension, and
its address is in no message, no repr and no engine's URL.
"""

import contextlib
import hashlib
import math
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool, Pool, QueuePool

from bot.storage import opening
from bot.storage.database import Explaining
from bot.storage.errors import NotADatabase, StoreError, too_new
from bot.storage.migrate import walk
from bot.storage.postgres_errors import explained, too_old
from bot.storage.watch import Watch

OLDEST: Final = 14
"""The first version of PostgreSQL that is served: older ones get no repairs any more."""
_LOCKS: Final = 0x514C
"""The first half of our advisory locks, which no lock of one number alone meets."""
_KEEPALIVE: Final = {
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""A server that is silent for some ten seconds is taken for gone."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PATIENCE: Final = 5.0
"""A statement may take so many times as long as a lock is waited for."""
_LEAST: Final = 10.0
_POOLED: Final = {"pool_size": 2, "max_overflow": 6, "pool_recycle": 1800, "pool_pre_ping": True}
"""Few connections, because replicas share the server's hundred; each is asked whether it still
lives before it is used, so that a server that was started anew is no error."""


class Postgres(Explaining):
    """One schema of one database on a server. Use `database_at`."""

    backend: Literal["postgresql"] = "postgresql"
    failures: tuple[type[Exception], ...] = (SQLAlchemyError, psycopg.Error)

    def __init__(self, dsn: SecretStr, schema: str) -> None:
        """`dsn`: an address or conninfo of libpq. Raises `NotADatabase` when it is none."""
        if not _NAME.fullmatch(schema):
            raise ValueError("a schema is named by small letters, digits and _")
        self.schema = schema
        self.name = f"PostgreSQL (schema {schema})"
        self._where = SecretStr(_conninfo(dsn.get_secret_value(), self.name))
        self._key = int.from_bytes(hashlib.sha256(schema.encode()).digest()[:4], "big", signed=True)

    @property
    def lock(self) -> str:
        """The statement that makes a transaction the only one that writes in the schema."""
        return f"SELECT pg_advisory_xact_lock({_LOCKS}, {self._key})"

    def raw(self, wait: float = 2.0, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A driver's connection of its own, set as we need it. Raises `psycopg.Error`."""
        settings = {
            "search_path": self.schema,
            "lock_timeout": str(math.ceil(wait * 1000)),
            "statement_timeout": str(math.ceil(max(_LEAST, wait * _PATIENCE) * 1000)),
            "idle_in_transaction_session_timeout": "60000",
            "timezone": "UTC",
        }
        connection = psycopg.connect(
            self._where.get_secret_value(),
            connect_timeout=max(2, math.ceil(wait)),
            autocommit=True,
        )
        try:
            said = ", ".join(
                f"set_config('{name}', '{value}', false)" for name, value in settings.items()
            )
            connection.execute(f"SELECT {said}")
            connection.autocommit = autocommit
        except BaseException:
            connection.close()
            raise
        return connection

    def engine(self, wait: float = 2.0, pool: type[Pool] = NullPool) -> Engine:
        """See `Database.engine`."""
        pooled = {**_POOLED, "pool_timeout": wait} if issubclass(pool, QueuePool) else {}
        engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: self.raw(wait),
            hide_parameters=True,
            poolclass=pool,
            **pooled,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            reads = connection.get_execution_options().get("begin") == opening.READ
            connection.exec_driver_sql(_READ if reads else self.lock)

        return engine

    def there(self) -> bool:
        """See `Database.there`."""
        with self.explaining(), self.raw() as connection:
            return self._is_there(connection)

    def prepare(self) -> None:
        """Makes the schema where there is none. Raises `StoreError`, also for an old server."""
        with self.explaining(), self.raw() as connection:
            if connection.info.server_version < OLDEST * 10_000:
                raise too_old(self.name, OLDEST)
            connection.execute(self.lock)
            if not self._is_there(connection):
                connection.execute(f"CREATE SCHEMA {self.schema}")

    def _is_there(self, connection: psycopg.Connection[Any]) -> bool:
        asked = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
        return connection.execute(asked, (self.schema,)).fetchone() is not None

    def check(self) -> object:
        """Nothing to look at here: the server says itself when something is wrong."""
        return ()

    def migrate(self, engine: Engine, head: str, folder: Path) -> None:
        """See `Database.migrate`."""
        with self.explaining(), engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            now = self.version(connection.connection.cursor())
            if now != head:
                walk(self.name, connection, now, head, folder)

    def connect(self, engine: Engine, head: str) -> PoolProxiedConnection:
        """See `Database.connect`."""
        with self.explaining():
            connection = engine.raw_connection()
            try:
                if self.version(connection.cursor()) != head:
                    raise too_new(self.name)
                connection.rollback()
            except BaseException:
                connection.close()
                raise
        return connection

    def version(self, cursor: DBAPICursor) -> str | None:
        """See `Database.version`."""
        cursor.execute(f"SELECT to_regclass('{self.schema}.alembic_version')")
        if cursor.fetchall()[0][0] is None:
            return None
        cursor.execute("SELECT version_num FROM alembic_version")
        found = cursor.fetchone()
        return None if found is None else str(found[0])

    def watch(self, statement: str) -> Watch:
        """See `Database.watch`. A round trip to the server."""
        return ServerWatch(self, statement)

    def compact(self, engine: Engine) -> None:
        """See `Database.compact`. What the server's journal and its backups hold ends with them."""
        self._each(engine, "VACUUM (FULL, ANALYZE)")

    def settle(self, engine: Engine) -> None:
        """See `Database.settle`."""
        self._each(engine, "ANALYZE")

    def _each(self, engine: Engine, act: str) -> None:
        with self.explaining(), contextlib.closing(engine.raw_connection()) as connection:
            raw: Any = connection.driver_connection
            raw.autocommit = True
            try:
                raw.execute("SET statement_timeout = 0")
                found = raw.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = %s", (self.schema,)
                ).fetchall()
                for (table,) in found:
                    raw.execute(f'{act} {self.schema}."{table}"')
            finally:
                # Set otherwise than the others: nobody uses it again.
                connection.invalidate()

    def explained(self, error: Exception) -> StoreError:
        """See `Database.explained`."""
        return explained(self.name, error)

    def __repr__(self) -> str:
        return "Postgres()"


class ServerWatch:
    """Asks each time, on a connection of its own; one that broke is made anew the next time."""

    def __init__(self, database: Postgres, statement: str) -> None:
        """`statement`: gives one row of one number."""
        self._database, self._statement = database, statement
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None

    def value(self) -> int:
        """See `Watch.value`."""
        with self._lock:
            if self._connection is None:
                self._connection = self._database.raw(1.0, autocommit=True)
            try:
                row = self._connection.execute(self._statement).fetchone()
            except BaseException:
                self._close()
                raise
            return int(row[0]) if row else 0

    def close(self) -> None:
        """See `Watch.close`."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


_READ: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


def _conninfo(said: str, name: str) -> str:
    """The address for libpq, with what we need of it. Repeats nothing of it when it is wrong."""
    try:
        given = parts_of(said)
        defaults = {**_KEEPALIVE, "application_name": "quietline"}
        if not _on_this_machine(given):
            # What libpq would do by itself goes on without encryption when somebody asks it to.
            defaults["sslmode"] = "verify-full"
        return make_conninfo("", **{**defaults, **given})
    except psycopg.Error:
        mend = "Write it like postgresql://USER@HOST/DATABASE?sslmode=verify-full"
        raise NotADatabase(name, "its address cannot be read", mend) from None


def parts_of(said: str) -> dict[str, Any]:
    """What an address says, by libpq's names. Raises `psycopg.Error`, which may repeat it."""
    _, scheme, rest = said.partition("://")
    return conninfo_to_dict(f"postgresql://{rest}" if scheme else said)


def _on_this_machine(given: Mapping[str, Any]) -> bool:
    hosts = str(given.get("hostaddr") or given.get("host") or "").split(",")
    return all(
        host in {"", "localhost", "::1"} or host.startswith(("/", "@", "127.")) for host in hosts
    )
