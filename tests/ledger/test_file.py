"""The file of the ledger: made safely, migrated both ways, shared by processes, never replaced."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.ledger import batch_tables, books, more_tables, tables
from bot.ledger.known import Known
from bot.storage import StoreError, Unreachable, Unsafe, migrate, opening
from referral_directory.loading import load_packs
from tests.ledger.conftest import ANNA, Office, listing

FOLDER = Path(books.__file__).parent / "migrations"


def test_the_newest_migration_makes_the_tables_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "data" / "x.db"
    opening.make_file(path)
    engine = opening.make_engine(path, 1)
    assert batch_tables.batch.metadata is more_tables.task.metadata is tables.metadata
    assert ScriptDirectory(str(FOLDER)).get_heads() == [tables.HEAD]
    migrate.migrate(path, engine, tables.HEAD, FOLDER)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    migrate.migrate(path, engine, "base", FOLDER)
    with engine.begin() as connection:
        left = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        assert [row[0] for row in left] == ["alembic_version"]


def test_nobody_else_may_read_the_file(office: Office) -> None:
    assert office.path.stat().st_mode & 0o777 == 0o600
    office.path.chmod(0o644)
    with pytest.raises(Unsafe):
        office.proposed(listing())


def test_a_file_that_was_put_in_its_place_is_refused(office: Office) -> None:
    office.published()
    copy = office.path.with_name("copy.db")
    shutil.copy(office.path, copy)
    copy.chmod(0o600)
    copy.replace(office.path)
    for look in (office.ledger.published, lambda: office.proposed(listing())):
        with pytest.raises(Unreachable):
            look()


def test_a_ledger_that_another_process_holds_says_so(office: Office) -> None:
    office.published()
    office.ledger.close()
    engine = opening.make_engine(office.path, 0.1)
    fast = office.again()
    fast.books._engine.dispose()  # noqa: SLF001 - to wait for a moment and not for ten seconds
    fast.books._engine = opening.make_engine(office.path, 0.1)  # noqa: SLF001
    with engine.begin(), pytest.raises(StoreError):
        fast.propose(ANNA, None, listing(), base=0, version=None)
    # A look is not kept waiting by a writer.
    with engine.begin():
        assert len(fast.published().rows) == 1
    fast.close()
    office.ledger = office.again()


def test_what_failed_left_nothing(office: Office) -> None:
    record = office.published()
    before = office.ledger.generation()
    with contextlib.suppress(ZeroDivisionError), office.ledger.books.writing() as tx:
        tx.act(record, "look", "anna")
        tx.keep(record, listing())
        raise ZeroDivisionError
    assert office.ledger.generation() == before
    assert office.ledger.verify_history() == ()


def test_a_transaction_in_which_nothing_happens_is_none(office: Office) -> None:
    record = office.published()
    before = office.ledger.generation()
    with office.ledger.books.writing() as tx:
        tx.held(record)
    assert office.ledger.generation() == before


def test_packs_come_in_unpublished_and_once(tmp_path: Path) -> None:
    directory = load_packs(countries=("lt",))
    office = Office(tmp_path / "packs")
    office.ledger.books.known = Known.of(directory)
    count = len(directory.entries)
    assert office.ledger.seed(directory.entries, "pack:lt") == count
    assert office.ledger.seed(directory.entries, "pack:lt") == 0
    assert office.served() == {}
    assert office.ledger.verify_history() == ()
    office.ledger.close()


def test_a_demonstration_serves_packs_unconfirmed(tmp_path: Path) -> None:
    directory = load_packs(countries=("lt",))
    office = Office(tmp_path / "packs")
    office.ledger.books.known = Known.of(directory)
    office.ledger.seed(directory.entries, "pack:lt", publish_for_demo=True)
    rows = office.ledger.published().rows
    assert set(office.served()) == set(directory.serving(None).ids())
    assert all(row.confirmed is None and row.due_on is None for row in rows)
    office.ledger.close()


def test_the_umask_of_whoever_starts_it_does_not_matter(tmp_path: Path) -> None:
    was = os.umask(0)
    try:
        office = Office(tmp_path / "loose")
        office.published()
        modes = {file.stat().st_mode & 0o077 for file in office.folder.rglob("*")}
        assert modes == {0}
        office.ledger.close()
    finally:
        os.umask(was)
