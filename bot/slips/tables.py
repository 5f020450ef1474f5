"""The table of slips, and every statement that they need.

It decides what a row holds: a keyed name of the words, the day from which they are void, and bytes
that only the words open. No person, no language, no service, no time of day.
"""

from typing import Final

from sqlalchemy import (
    ClauseElement,
    Column,
    Dialect,
    Integer,
    LargeBinary,
    Table,
    bindparam,
    delete,
    select,
)
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.dialects.sqlite import insert

from bot.storage.tables import metadata

slip = Table(
    "slip",
    metadata,
    Column("lookup", LargeBinary(16), primary_key=True),
    Column("until", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""A slip that can be redeemed. `until`: the Monday from which it is void, in days since 1970."""

_dialect: Dialect = sqlite_dialect(paramstyle="qmark")


def statement(clause: ClauseElement) -> str:
    """A statement as text, with its values in the order in which they stand in it."""
    return str(clause.compile(dialect=_dialect, compile_kwargs={"render_postcompile": True}))


def adding(table: Table) -> str:
    """Inserts a row where none is of its key. Values: all columns in their order."""
    return statement(insert(table).on_conflict_do_nothing())


ADD: Final = adding(slip)
"""Values: lookup, until, sealed."""
FIND: Final = statement(select(slip.c.until, slip.c.sealed).where(slip.c.lookup == bindparam("l")))
TAKE: Final = statement(
    delete(slip).where(slip.c.lookup == bindparam("l")).returning(slip.c.lookup)
)
"""Deletes it, and gives it to whoever was first."""
SWEEP: Final = statement(delete(slip).where(slip.c.until <= bindparam("today")))
