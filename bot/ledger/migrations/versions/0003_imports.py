"""Imports: plans that wait, files that were taken, and the drafts that came of them."""

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import TEXT, WHOLE

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_plan",
        sa.Column("digest", TEXT, primary_key=True),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
    )
    op.create_table(
        "batch",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
    )
    op.create_index("batch_source", "batch", ["source", "seq"])
    op.create_table(
        "batch_row",
        sa.Column("batch", TEXT, primary_key=True),
        sa.Column("record", TEXT, primary_key=True),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("base", WHOLE, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("theirs", TEXT),
    )
    op.create_index("batch_row_record", "batch_row", ["record"])


def downgrade() -> None:
    for name in ("batch_row", "batch", "kept_plan"):
        op.drop_table(name)
