"""The store on PostgreSQL: what a file does by itself, and several replicas have to agree on.

It decides how its connection is set, that a replica which is behind sweeps nothing, and how a
backup is made: of what lasts, still sealed, in a file like the one that one machine has.
"""

import contextlib
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from psycopg import IsolationLevel
from sqlalchemy import PoolProxiedConnection

from bot.storage import tables
from bot.storage.arrays import teach
from bot.storage.database import SqliteFile
from bot.storage.errors import behind
from bot.storage.group import Group
from bot.storage.migrate import FOLDER
from bot.storage.postgres_group import PostgresGroup
from bot.storage.store import Store, synced

_SET: Final = (
    # Every question of a turn goes by a key. How it is answered must not depend on what the server
    # counted last: while it takes a table for small it reads all of it, also when it has grown.
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET plan_cache_mode = force_generic_plan",
    "SET jit = off",
    # Whoever hangs in the middle of a group lets go of its people.
    "SET idle_in_transaction_session_timeout = '5s'",
)
_PREPARED: Final = 400
_PAGE: Final = 2_000
_SIZE: Final = (
    "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class AS c"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
)


class PostgresStore(Store):
    """A schema of a server, open for groups of turns. Use `Store.open`."""

    def sweep(self, live: Collection[int]) -> int:
        """See `Store.sweep`. With no live epoch the days begin anew as well. Raises `Behind` when a
        replica has used a later day than all of these: its rows are not dead.
        """
        with self.group() as group:
            ((newest,),) = group.ask(tables.DAY, ())
            if live and newest > max(live):
                raise behind(self._database.name)
            if not live:
                group.run(tables.NO_DAY, [(0,)])
        return super().sweep(live)

    def _connected(self) -> PoolProxiedConnection:
        known = self._connection
        connection = super()._connected()
        if connection is not known:
            with self._database.explaining():
                driver: Any = connection.driver_connection
                teach(driver)
                driver.prepare_threshold, driver.prepared_max = 1, _PREPARED
                driver.execute(";".join(_SET))
                driver.commit()
        return connection

    def _begun(self, connection: PoolProxiedConnection, today: int | None, *, reads: bool) -> Group:
        driver: Any = connection.driver_connection
        if driver.read_only is not (reads or None):
            driver.read_only = reads or None
            driver.isolation_level = IsolationLevel.REPEATABLE_READ if reads else None
        return PostgresGroup(self._database, driver, today, reads=reads)

    def _size(self) -> int:
        with (
            self._database.explaining(),
            contextlib.closing(self._engine.raw_connection()) as connection,
        ):
            cursor = connection.cursor()
            cursor.execute(_SIZE)
            return int(cursor.fetchall()[0][0])

    def _copy(self, to: Path) -> None:
        file = SqliteFile(to)
        engine = file.engine()
        file.migrate(engine, tables.HEAD, FOLDER)
        with (
            file.explaining(),
            contextlib.closing(sqlite3.connect(to)) as copy,
            self._database.explaining(),
            contextlib.closing(self._engine.raw_connection()) as connection,
        ):
            driver: Any = connection.driver_connection
            driver.read_only, driver.isolation_level = True, IsolationLevel.REPEATABLE_READ
            driver.execute("SET statement_timeout = 0")
            for table in _lasting(copy):
                _fill(copy, table, driver)
            copy.commit()
            copy.execute("VACUUM")
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{to}{suffix}").unlink()
        synced(to)

    def _checkpoint(self) -> None:
        """Nothing to do: the server empties its journal by itself."""


def _lasting(copy: sqlite3.Connection) -> list[str]:
    """Without what is on its way: a restored backup must not send again what was sent since."""
    found = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    left_out = {"alembic_version", *tables.ON_THEIR_WAY}
    return [name for (name,) in found if name not in left_out]


def _fill(copy: sqlite3.Connection, table: str, driver: Any) -> None:
    columns = [row[1] for row in copy.execute(f"PRAGMA table_info({table})")]
    names, places = ", ".join(columns), ", ".join("?" for _ in columns)
    copy.execute(f"DELETE FROM {table}")  # nosec B608  # noqa: S608 - names of ours
    with driver.cursor(name="copy", binary=True) as rows:
        rows.itersize = _PAGE
        rows.execute(f"SELECT {names} FROM {table}")  # nosec B608  # noqa: S608 - names of ours
        copy.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # nosec B608  # noqa: S608 - ours
