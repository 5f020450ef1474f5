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
    LargeBinary,
    MetaData,
    Table,
)

from bot.storage.columns import TEXT, WHOLE, line

HEAD: Final = "0001"
"""The newest migration. A test holds it to what is in `migrations/versions`."""

metadata = MetaData()

staff = Table(
    "staff",
    metadata,
    Column("id", line(16), primary_key=True),
    Column("key", line(80), nullable=False, unique=True),
    Column("name", line(80), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("language", line(8), nullable=False),
    Column("password", TEXT),
    Column("totp", LargeBinary),
    Column("totp_step", WHOLE, nullable=False),
    Column("code", LargeBinary(32)),
    Column("code_until", WHOLE, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)
"""One account. `key`: its name as names are compared. `totp`: sealed. `code`: hash of the set-up
code that is open.
"""

role = Table(
    "role",
    metadata,
    Column("staff", line(16), ForeignKey("staff.id"), primary_key=True),
    Column("role", line(20), primary_key=True),
)

area = Table(
    "area",
    metadata,
    Column("staff", line(16), ForeignKey("staff.id"), primary_key=True),
    Column("area", line(20), primary_key=True),
)

recovery = Table(
    "recovery",
    metadata,
    Column("staff", line(16), ForeignKey("staff.id"), primary_key=True),
    Column("hash", LargeBinary(32), primary_key=True),
)

passkey = Table(
    "passkey",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("staff", line(16), ForeignKey("staff.id"), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", WHOLE, nullable=False),
    Column("label", line(40), nullable=False),
    Column("added", Date, nullable=False),
    Column("used", Date),
    Column("seal", LargeBinary(32), nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("staff", line(16), ForeignKey("staff.id"), nullable=False, index=True),
    Column("stage", line(10), nullable=False),
    Column("csrf", LargeBinary(32), nullable=False),
    Column("began", WHOLE, nullable=False),
    Column("seen", WHOLE, nullable=False),
    Column("proved", WHOLE, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", line(16), primary_key=True),
    Column("name", line(80), nullable=False),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", TEXT, nullable=False),
    Column("made", Date, nullable=False),
    Column("made_by", line(16), nullable=False),
    Column("used", Date),
    Column("revoked", Boolean, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)

act = Table(
    "act",
    metadata,
    Column("number", WHOLE, primary_key=True),
    Column("on", Date, nullable=False),
    Column("by", line(16), nullable=False),
    Column("act", line(20), nullable=False),
    Column("about", line(16), nullable=False),
    Column("facts", TEXT, nullable=False),
)
"""What was done to accounts and keys. Rows are only ever added."""

state = Table(
    "state",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("generation", WHOLE, nullable=False),
)
"""One row. The generation counts whatever may end a session before its time."""
