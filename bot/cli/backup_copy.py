"""How a database becomes one SQLite file of a backup, and such a file a database again.

It decides nothing about when or where. Of people it copies ciphertext alone, and of what is still
to be done or said nothing. It reads no key.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, MetaData, create_engine, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from bot.cli.database import migrations_of, newest_of
from bot.storage import Store, opening
from bot.storage.database import Database, SqliteFile

VERSIONS: Final = "alembic_version"
AT_ONCE: Final = 1_000
"""Rows that are carried together."""


def copy_out(name: str, database: Database, to: Path) -> None:
    """Write that database into a new file of mode 0600. Raises `StoreError`.

    `name`: of `FILES`. Of people's database what is on its way is left out, so that nothing is sent
    again from a backup.
    """
    if name == "quietline":
        store = Store.open(database)
        try:
            store.backup(to)
        finally:
            store.close()
        return
    engine = database.engine(5.0)
    try:
        with database.explaining():
            if database.backend == "sqlite":
                to.touch(0o600, exist_ok=False)
                with contextlib.closing(engine.raw_connection()) as connection:
                    connection.cursor().execute("VACUUM INTO ?", (str(to),))
            else:
                fresh = made(SqliteFile(to), name)
                try:
                    _carry(engine.execution_options(begin=opening.READ), fresh)
                finally:
                    fresh.dispose()
    finally:
        engine.dispose()
    _one_file(to)


def copy_in(name: str, file: Path, database: Database) -> None:
    """Put what such a file holds into a database that has no rows yet. Raises `StoreError`."""
    source = create_engine(URL.create("sqlite", database=str(file)), poolclass=NullPool)
    engine = made(database, name)
    try:
        with database.explaining():
            _carry(source, engine)
    finally:
        engine.dispose()
        source.dispose()


def made(database: Database, name: str) -> Engine:
    """Connections to that database, with the newest tables. Raises `StoreError`."""
    database.prepare()
    engine = database.engine(5.0)
    database.migrate(engine, newest_of(name), migrations_of(name))
    return engine


def _carry(source: Engine, to: Engine) -> None:
    """Every row of every table that both have, in an order in which each finds what it needs."""
    there, here = MetaData(), MetaData()
    there.reflect(source)
    here.reflect(to)
    with source.connect() as reading, to.begin() as writing:
        for table in reversed(here.sorted_tables):
            if table.name != VERSIONS:
                writing.execute(table.delete())
        for table in here.sorted_tables:
            if table.name == VERSIONS or table.name not in there.tables:
                continue
            known = there.tables[table.name]
            columns = [known.c[column.name] for column in table.c if column.name in known.c]
            asked = select(*columns).execution_options(yield_per=AT_ONCE)
            rows = reading.execute(asked)
            for some in rows.mappings().partitions(AT_ONCE):
                writing.execute(insert(table), [dict(row) for row in some])


def _one_file(path: Path) -> None:
    """Take what a journal holds into the file, and leave no journal beside it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    path.chmod(0o600)
