"""Imports: plans that wait, files that were taken, and the drafts that came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_plan",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
    )
    op.create_index("batch_source", "batch", ["source", "seq"])
    op.create_table(
        "batch_row",
        sa.Column("batch", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, primary_key=True),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("theirs", sa.Text),
    )
    op.create_index("batch_row_record", "batch_row", ["record"])


def downgrade() -> None:
    for name in ("batch_row", "batch", "kept_plan"):
        op.drop_table(name)
