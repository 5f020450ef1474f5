"""The table of `audit.db`. It is only ever added to."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table

from bot.audit.model import MOST

HEAD: Final = "0001"
"""The newest migration. A test holds it to what is in `migrations/versions`."""

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String(16), nullable=False),
    Column("staff", String(MOST["staff"]), nullable=False),
    Column("act", String(MOST["act"]), nullable=False),
    Column("about", String(MOST["about"]), nullable=False),
    Column("why", String(MOST["why"]), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)
