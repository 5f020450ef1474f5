"""How a database becomes one SQLite file of a backup, and such a file a database again.

It decides nothing about when or where. Of people it copies ciphertext alone, and of what is still
to be done or said nothing. It reads no key.
"""

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from bot.cli.rows_carried import carry, made
from bot.storage import Store, opening
from bot.storage.database import Database, SqliteFile


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
                    carry(engine.execution_options(begin=opening.READ), fresh)
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
            carry(source, engine)
    finally:
        engine.dispose()
        source.dispose()


def _one_file(path: Path) -> None:
    """Take what a journal holds into the file, and leave no journal beside it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    path.chmod(0o600)
