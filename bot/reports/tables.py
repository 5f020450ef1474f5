"""The tables of reports, and every statement that they need.

It decides what a row holds: of the week that goes on, counts that are sealed; of a week that is
over, numbers that were made inexact before they were written. A tally is swept with its epoch.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

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
