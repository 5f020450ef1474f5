"""Every row of a database of ours, carried into another with the same tables: all or nothing.

It decides the order, and that numbers go on after those that are there. It reads no key, and
changes nothing where the rows come from.
"""

from typing import Final

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, select, text

from bot.cli.database import migrations_of, newest_of
from bot.storage.database import Database
from bot.storage.tables import OUTBOX_IDS, outbox

VERSIONS: Final = "alembic_version"
AT_ONCE: Final = 1_000
"""Rows that are carried together."""


def made(database: Database, name: str) -> Engine:
    """Connections to that database, with the newest tables. Raises `StoreError`."""
    database.prepare()
    engine = database.engine(5.0)
    database.migrate(engine, newest_of(name), migrations_of(name))
    return engine


def carry(source: Engine, to: Engine) -> dict[str, tuple[int, int]]:
    """Every row of every table that both have, in an order in which each finds what it needs.

    Gives for each table how many rows there are where they come from, and where they went.
    """
    there, here = MetaData(), MetaData()
    there.reflect(source)
    here.reflect(to)
    counts = {}
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
            counts[table.name] = (_count(reading, known), _count(writing, table))
        if to.dialect.name == "postgresql" and outbox.name in here.tables:
            _go_on_after(writing)
    return counts


def _go_on_after(writing: Connection) -> None:
    """A server numbers letters apart from their rows: the next come after those that are there."""
    highest = writing.execute(select(func.max(outbox.c.id))).scalar()
    if highest is not None:
        asked = text("SELECT setval(CAST(:sequence AS regclass), :highest)")
        writing.execute(asked, {"sequence": OUTBOX_IDS, "highest": highest})


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
