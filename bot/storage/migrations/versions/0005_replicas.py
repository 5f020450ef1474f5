"""Replicas: the newest day that any of them used, and numbers of replies that all draw from."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    day = op.create_table(
        "day",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
    )
    op.bulk_insert(day, [{"one": 1, "epoch": 0}])
    if op.get_bind().dialect.name == "postgresql":
        # From a random number on, so that it does not tell how many there were.
        op.execute(f"CREATE SEQUENCE outbox_ids START {1 + secrets.randbelow(1 << 40)}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE outbox_ids")
    op.drop_table("day")
