"""The same tests on a file and on a PostgreSQL server.

A test asks for the fixture `backend`. It is `sqlite`, and `postgresql` too for the modules that
`on_both` is given: those that depend on the database. `QUIETLINE_SUITE=1` has all of them on both.
"""

import inspect
import os
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from functools import cache

import pytest

from bot.storage import Store
from bot.storage.database import Database, database_at
from tests.postgres import server

WHOLE = os.environ.get("QUIETLINE_SUITE") == "1"
_EMPTY = """
DO $$ DECLARE t text; BEGIN
    FOR t IN SELECT relname FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname NOT IN ('alembic_version', 'chat_clock', 'day')
    LOOP EXECUTE 'DELETE FROM ' || t; END LOOP;
END $$;
UPDATE chat_clock SET version = 0, removed = 0;
UPDATE day SET epoch = 0;
"""


def on_both(metafunc: pytest.Metafunc, modules: Collection[str]) -> None:
    """Has the tests of those modules run twice, if they ask for a `backend`. Who asks for the
    `place` of a file looks into it, and who is marked `in_a_file` speaks to it: neither has a use
    for a server.
    """
    name = metafunc.module.__name__.rpartition(".")[2]
    asks = inspect.signature(metafunc.function).parameters
    looks = "place" in asks or metafunc.definition.get_closest_marker("in_a_file") is not None
    if "backend" in metafunc.fixturenames and (name in modules or (WHOLE and not looks)):
        metafunc.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@cache
def _migrated() -> Database:
    # One for all tests of a process: the tables are made once, and emptied each time.
    database = database_at(server(), f"ql_store_{os.getpid()}")
    Store.open(database).close()
    return database


@contextmanager
def emptied() -> Iterator[Database]:
    """A schema with our tables and nothing in them. One at a time in a process."""
    database = _migrated()
    with closing(database.engine().raw_connection()) as connection:
        connection.cursor().execute(_EMPTY)
        connection.commit()
    yield database


@contextmanager
def of_backend(backend: str) -> Iterator[Database | None]:
    """A schema; None for a file."""
    if backend == "sqlite":
        yield None
        return
    with emptied() as database:
        yield database
