"""The tables of reports, and every statement that they need.

It decides what a row holds: of the week that goes on, counts that are sealed; of a week that is
over, numbers that were made inexact before they were written. A tally is swept with its epoch.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    select,
    update,
)

from bot.storage.statements import adding, statement
from bot.storage.tables import metadata

tally = Table(
    "tally",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""What one replica counted since it started, sealed and of one size. Its id is random."""

weekly = Table(
    "weekly",
    metadata,
    Column("week", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What is told of a week: the days from 1970 to its Monday, and inexact numbers."""

OF_PEOPLE: Final = (tally,)
"""Tables whose rows are swept with their epoch."""

TALLIES = statement(select(tally))
MAKE_TALLY = adding(tally)
"""Values: id, epoch, sequence, sealed."""
CHANGE_TALLY = statement(
    update(tally)
    .values(epoch=bindparam("day"), sequence=bindparam("new"), sealed=bindparam("other"))
    .where(tally.c.id == bindparam("i"), tally.c.sequence == bindparam("was"))
)
"""Values: epoch, sequence, sealed, id, the sequence that was loaded."""
DROP_TALLY = statement(
    delete(tally).where(tally.c.id == bindparam("i"), tally.c.sequence == bindparam("was"))
)
"""Values: id, the sequence that was loaded."""
TOLD = statement(select(weekly.c.week))
REPORTS = statement(select(weekly).order_by(weekly.c.week.desc()))
TELL = adding(weekly)
"""Values: week, body. What was told of a week stays as it is."""
