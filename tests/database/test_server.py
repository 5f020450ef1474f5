"""A database on a server: made once, moved between versions, and what is said when it is away."""

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import MetaData, inspect

from authored import Mistakes
from bot.audit import audit as audit_room
from bot.audit import tables as audit_tables
from bot.ledger import batch_tables, books, more_tables
from bot.ledger import tables as ledger_tables
from bot.settings import Settings
from bot.staff import store as staff_room
from bot.staff import tables as staff_tables
from bot.staff.store import StaffStore, moved_on
from bot.storage import Locked, ReadOnly, StoreError, Unreachable
from bot.storage.database import Database, database_at
from bot.wiring import database_of
from tests.postgres import Server, fresh, schema_of_its_own

LEDGER = Path(books.__file__).parent / "migrations"
ROOMS = [
    pytest.param(ledger_tables.metadata, ledger_tables.HEAD, LEDGER, id="ledger"),
    pytest.param(staff_tables.metadata, staff_tables.HEAD, staff_room.FOLDER, id="staff"),
    pytest.param(audit_tables.metadata, audit_tables.HEAD, audit_room.FOLDER, id="audit"),
]


@pytest.fixture
def address() -> Iterator[str]:
    yield from fresh()


@pytest.fixture
def schema() -> Iterator[Database]:
    yield from schema_of_its_own()


@pytest.mark.parametrize(("metadata", "head", "folder"), ROOMS)
def test_migrations_make_the_tables_as_they_are_written_and_take_them_down(
    schema: Database, metadata: MetaData, head: str, folder: Path
) -> None:
    assert batch_tables.batch.metadata is more_tables.task.metadata is ledger_tables.metadata
    assert not schema.there()
    schema.prepare()
    engine = schema.engine()
    schema.migrate(engine, head, folder)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    schema.migrate(engine, "base", folder)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert schema.there()


def _open(address: str) -> None:
    StaffStore.open(database_at(address, "staff")).close()


def test_two_processes_may_open_an_empty_database_at_once(address: str) -> None:
    start = multiprocessing.get_context("fork").Process
    both = [start(target=_open, args=(address,)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert [one.exitcode for one in both] == [0, 0]
    store = StaffStore.open(database_at(address, "staff"))
    assert store.generation() == 0
    store.close()


def test_writers_take_turns_and_a_look_waits_for_nobody(address: str) -> None:
    stores = [StaffStore.open(database_at(address, "staff")) for _ in range(2)]

    def write(store: StaffStore) -> None:
        for _ in range(25):
            with store.transaction() as connection:
                moved_on(connection)

    writers = [threading.Thread(target=write, args=(store,)) for store in stores]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {store.generation() for store in stores} == {50}
    quick = StaffStore.open(database_at(address, "staff"), wait=0.1)
    with stores[0].transaction() as connection:
        moved_on(connection)
        assert quick.generation() == 50
        with pytest.raises(Locked), quick.transaction():
            pass
    assert quick.generation() == 51
    for store in (*stores, quick):
        store.close()


def test_a_server_that_was_away_is_used_again_by_itself() -> None:
    with Server() as server:
        store = StaffStore.open(database_at(server.dsn(), "staff"), wait=0.5)
        with store.transaction() as connection:
            moved_on(connection)
        server.stop()
        for look in (store.generation, lambda: store.transaction().__enter__()):
            with pytest.raises(Unreachable) as told:
                look()
            assert "postgres@" not in str(told.value)
            assert "/tmp" not in str(told.value)
        server.start()
        assert store.generation() == 1
        with store.transaction() as connection:
            moved_on(connection)
        assert store.generation() == 2
        store.close()


def test_what_the_server_cannot_do_is_said_with_what_helps(address: str) -> None:
    store = StaffStore.open(database_at(address, "staff"))
    store.close()
    with psycopg.connect(address, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        with pytest.raises(ReadOnly), store.transaction() as writing:
            moved_on(writing)
        store.close()
        connection.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        with store.transaction() as writing:
            moved_on(writing)
        store.close()
    with pytest.raises(StoreError, match="no such database"):
        database_at(address.replace(name, "nowhere"), "staff").prepare()


def test_a_server_without_a_free_connection_is_waited_for() -> None:
    with Server(
        max_connections="4", superuser_reserved_connections="0", max_wal_senders="0"
    ) as full:
        database = database_at(full.dsn(), "staff")
        held: list[psycopg.Connection] = []
        # The server takes a moment to notice that somebody went: whoever asked whether it is up.
        for _ in range(100):
            with contextlib.suppress(psycopg.OperationalError):
                held.append(psycopg.connect(full.dsn()))
            if len(held) == 4:
                break
            time.sleep(0.1)
        with pytest.raises(Locked):
            database.prepare()
        for one in held:
            one.close()
        for _ in range(100):
            with contextlib.suppress(Locked):
                StaffStore.open(database).close()
                break
            time.sleep(0.1)
        assert database.there()


@pytest.mark.parametrize(
    "written",
    ["postgresql://q:canary@db/q", "postgresql://q@db/q?password=canary", "mysql://canary@db/q"],
)
def test_a_password_does_not_stand_in_the_settings_and_is_not_repeated(
    tmp_path: Path, written: str
) -> None:
    with pytest.raises(Mistakes) as told:
        database_of(Settings(data=tmp_path, database=SecretStr(written)), "staff")
    assert "canary" not in str(told.value)


def test_a_password_comes_from_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    file = tmp_path / "database"
    file.write_text("postgresql://q:canary@db/q\n")
    file.chmod(0o640)
    settings = Settings(data=tmp_path, database_file=file)
    with pytest.raises(Mistakes, match="chmod 600"):
        database_of(settings, "staff")
    file.chmod(0o600)
    database = database_of(settings, "staff")
    assert "canary" not in f"{database!r} {database.name} {database.engine()!r} {vars(database)}"
