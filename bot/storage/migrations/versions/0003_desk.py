"""The desk: chats with a human, what goes between them, who is on shift, and counts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("living", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("chat_version", "chat", ["version"])
    clock = op.create_table(
        "chat_clock",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("removed", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(clock, [{"one": 1, "version": 0, "removed": 0}])
    op.create_table(
        "message",
        sa.Column("chat", sa.LargeBinary(16), primary_key=True),
        sa.Column("direction", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wrap",
        sa.Column("chat", sa.LargeBinary(16), primary_key=True),
        sa.Column("direction", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("key", sa.LargeBinary(8), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "code",
        sa.Column("lookup", sa.LargeBinary(16), primary_key=True),
        sa.Column("chat", sa.LargeBinary(16), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("code_chat", "code", ["chat"])
    _of_staff()
    _of_the_desk()


def _of_staff() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.LargeBinary(8), primary_key=True),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger, nullable=False),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prekey",
        sa.Column("id", sa.LargeBinary(8), primary_key=True),
        sa.Column("device", sa.LargeBinary(8), nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duty",
        sa.Column("staff", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_note",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _of_the_desk() -> None:
    op.create_table(
        "desk_setting",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in (
        *("figure", "desk_setting", "staff_note", "duty", "prekey", "device"),
        *("code", "wrap", "message", "chat_clock", "chat"),
    ):
        op.drop_table(table)
