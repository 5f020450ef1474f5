"""Accounts, ways to sign in, sessions, keys of partners, and what was done to them."""

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import TEXT, WHOLE, line

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", line(16), primary_key=True),
        sa.Column("key", line(80), nullable=False, unique=True),
        sa.Column("name", line(80), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("language", line(8), nullable=False),
        sa.Column("password", TEXT),
        sa.Column("totp", sa.LargeBinary),
        sa.Column("totp_step", WHOLE, nullable=False),
        sa.Column("code", sa.LargeBinary(32)),
        sa.Column("code_until", WHOLE, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    for name, column in (("role", "role"), ("area", "area")):
        op.create_table(
            name,
            sa.Column("staff", line(16), sa.ForeignKey("staff.id"), primary_key=True),
            sa.Column(column, line(20), primary_key=True),
        )
    op.create_table(
        "recovery",
        sa.Column("staff", line(16), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("staff", line(16), sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", WHOLE, nullable=False),
        sa.Column("label", line(40), nullable=False),
        sa.Column("added", sa.Date, nullable=False),
        sa.Column("used", sa.Date),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("staff", line(16), sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("stage", line(10), nullable=False),
        sa.Column("csrf", sa.LargeBinary(32), nullable=False),
        sa.Column("began", WHOLE, nullable=False),
        sa.Column("seen", WHOLE, nullable=False),
        sa.Column("proved", WHOLE, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "api_key",
        sa.Column("id", line(16), primary_key=True),
        sa.Column("name", line(80), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("scopes", TEXT, nullable=False),
        sa.Column("made", sa.Date, nullable=False),
        sa.Column("made_by", line(16), nullable=False),
        sa.Column("used", sa.Date),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "act",
        sa.Column("number", WHOLE, primary_key=True),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("by", line(16), nullable=False),
        sa.Column("act", line(20), nullable=False),
        sa.Column("about", line(16), nullable=False),
        sa.Column("facts", TEXT, nullable=False),
    )
    state = op.create_table(
        "state",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("generation", WHOLE, nullable=False),
    )
    op.bulk_insert(state, [{"id": 1, "generation": 0}])


def downgrade() -> None:
    for name in (
        *("state", "act", "api_key", "session", "passkey"),
        *("recovery", "area", "role", "staff"),
    ):
        op.drop_table(name)
