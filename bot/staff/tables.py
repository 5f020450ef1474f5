"""The tables of `staff.db`.

They decide what is kept of a member of staff: no address of a device, no browser, no time of a
sign-in after its session is gone. Secrets are kept as HMACs, or sealed, under the pepper beside the
signing keys. `seal`: that this program wrote the row (`bot.staff.seals`).
"""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

HEAD: Final = "0001"
"""The newest migration. A test holds it to what is in `migrations/versions`."""

metadata = MetaData()

staff = Table(
    "staff",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("key", String(80), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("password", Text),
    Column("totp", LargeBinary),
    Column("totp_step", Integer, nullable=False),
    Column("code", LargeBinary(32)),
    Column("code_until", Integer, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)
"""One account. `key`: its name as names are compared. `totp`: sealed. `code`: hash of the set-up
code that is open.
"""

role = Table(
    "role",
    metadata,
    Column("staff", String(16), ForeignKey("staff.id"), primary_key=True),
    Column("role", String(20), primary_key=True),
)

area = Table(
    "area",
    metadata,
    Column("staff", String(16), ForeignKey("staff.id"), primary_key=True),
    Column("area", String(20), primary_key=True),
)

recovery = Table(
    "recovery",
    metadata,
    Column("staff", String(16), ForeignKey("staff.id"), primary_key=True),
    Column("hash", LargeBinary(32), primary_key=True),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("staff", String(16), ForeignKey("staff.id"), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("label", String(40), nullable=False),
    Column("added", Date, nullable=False),
    Column("used", Date),
    Column("seal", LargeBinary(32), nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("staff", String(16), ForeignKey("staff.id"), nullable=False, index=True),
    Column("stage", String(10), nullable=False),
    Column("csrf", LargeBinary(32), nullable=False),
    Column("began", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("proved", Integer, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("made", Date, nullable=False),
    Column("made_by", String(16), nullable=False),
    Column("used", Date),
    Column("revoked", Boolean, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)

act = Table(
    "act",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("on", Date, nullable=False),
    Column("by", String(16), nullable=False),
    Column("act", String(20), nullable=False),
    Column("about", String(16), nullable=False),
    Column("facts", Text, nullable=False),
)
"""What was done to accounts and keys. Rows are only ever added."""

state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation", Integer, nullable=False),
)
"""One row. The generation counts whatever may end a session before its time."""
