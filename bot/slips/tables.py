"""The table of slips, and every statement that they need.

It decides what a row holds: a keyed name of the words, the day from which they are void, and bytes
that only the words open. No person, no language, no service, no time of day.
"""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, Table, bindparam, delete, select

from bot.storage.statements import adding, statement
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

ADD: Final = adding(slip)
"""Values: lookup, until, sealed."""
FIND: Final = statement(select(slip.c.until, slip.c.sealed).where(slip.c.lookup == bindparam("l")))
TAKE: Final = statement(
    delete(slip).where(slip.c.lookup == bindparam("l")).returning(slip.c.lookup)
)
"""Deletes it, and gives it to whoever was first."""
SWEEP: Final = statement(delete(slip).where(slip.c.until <= bindparam("today")))
