"""The table of slips.

It decides what a row holds: a keyed name of the words, the day from which they are void, and bytes
that only the words open. No person, no language, no service, no time of day.
"""

from sqlalchemy import Column, Integer, LargeBinary, Table

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
