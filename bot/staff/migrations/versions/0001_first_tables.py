"""Accounts, ways to sign in, sessions, keys of partners, and what was done to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("key", sa.String(80), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("totp", sa.LargeBinary),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("code", sa.LargeBinary(32)),
        sa.Column("code_until", sa.Integer, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    for name, column in (("role", "role"), ("area", "area")):
        op.create_table(
            name,
            sa.Column("staff", sa.String(16), sa.ForeignKey("staff.id"), primary_key=True),
            sa.Column(column, sa.String(20), primary_key=True),
        )
    op.create_table(
        "recovery",
        sa.Column("staff", sa.String(16), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("staff", sa.String(16), sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.Integer, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("added", sa.Date, nullable=False),
        sa.Column("used", sa.Date),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("staff", sa.String(16), sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("csrf", sa.LargeBinary(32), nullable=False),
        sa.Column("began", sa.Integer, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("proved", sa.Integer, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("made", sa.Date, nullable=False),
        sa.Column("made_by", sa.String(16), nullable=False),
        sa.Column("used", sa.Date),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "act",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("by", sa.String(16), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    state = op.create_table(
        "state",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
    )
    op.bulk_insert(state, [{"id": 1, "generation": 0}])


def downgrade() -> None:
    for name in (
        *("state", "act", "api_key", "session", "passkey"),
        *("recovery", "area", "role", "staff"),
    ):
        op.drop_table(name)
