"""The table of slips.

It decides what a row holds: a keyed name of the words, and sealed bytes. No person, no time of day.
"""

from sqlalchemy import Column, Integer, LargeBinary, Table

from bot.storage.tables import metadata

slip = Table(
    "slip",
    metadata,
    Column("lookup", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""A slip that can be redeemed. `epoch` says when it ends, and is not the day of a person's key."""
