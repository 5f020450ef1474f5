"""The first tables: sealed sessions, marks of taken deliveries, and replies to send."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
_PARTS = 16
"""Of the sessions on PostgreSQL: each is vacuumed by itself, and has an index of its own."""


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("alias", sa.LargeBinary(16), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
        postgresql_partition_by="HASH (alias)",
    )
    if op.get_bind().dialect.name == "postgresql":
        for part in range(_PARTS):
            op.execute(
                f"CREATE TABLE session_{part:02} PARTITION OF session"
                f" FOR VALUES WITH (MODULUS {_PARTS}, REMAINDER {part})"
            )
    op.create_table(
        "seen",
        sa.Column("mark", sa.LargeBinary(16), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("alias", sa.LargeBinary(16), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("outbox_alias", "outbox", ["alias"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("seen")
    op.drop_table("session")
