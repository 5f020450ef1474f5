"""The table of `audit.db`. It is only ever added to."""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, MetaData, Table

from bot.audit.model import MOST
from bot.storage.columns import WHOLE, line

HEAD: Final = "0002"
"""The newest migration. A test holds it to what is in `migrations/versions`."""

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("number", WHOLE, primary_key=True),
    Column("at", line(16), nullable=False),
    Column("staff", line(MOST["staff"]), nullable=False),
    Column("act", line(MOST["act"]), nullable=False),
    Column("about", line(MOST["about"]), nullable=False),
    Column("why", line(MOST["why"]), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
    # Every entry asks for the few of two kinds: see `restoring`.
    Index("entry_act", "act"),
)
