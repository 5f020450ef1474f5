"""The tables of the staff book: made by migrations, and taken down by them."""

from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.pool import NullPool

from bot.staff import StaffBook, tables
from bot.staff.store import FOLDER
from bot.storage import opening
from bot.storage.migrate import migrate
from tests.staff.conftest import PEPPER, QUICK


def test_the_newest_migration_is_the_one_that_the_program_asks_for() -> None:
    numbers = sorted(path.name[:4] for path in (FOLDER / "versions").glob("0*.py"))
    assert numbers[-1] == tables.HEAD


def test_migrations_make_the_tables_that_are_used_and_take_them_down(tmp_path: Path) -> None:
    path = tmp_path / "data" / "staff.db"
    StaffBook.open(path, PEPPER, cost=QUICK).close()
    engine = opening.make_engine(path, 1.0, NullPool)
    there = {
        table: {column["name"] for column in inspect(engine).get_columns(table)}
        for table in inspect(engine).get_table_names()
        if table != "alembic_version"
    }
    assert there == {
        name: {column.name for column in table.columns}
        for name, table in tables.metadata.tables.items()
    }
    migrate(path, engine, "base", FOLDER)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    migrate(path, engine, tables.HEAD, FOLDER)
    assert path.stat().st_mode & 0o777 == 0o600
