"""What stands beside the records: reports, marks, dismissed pairs, translations, counts, views."""

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import TEXT, WHOLE

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    work = ["suspended", "published", "retired", "due_on", "sort", "id"]
    op.create_index("record_work", "record", work)
    op.create_table(
        "task",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("problem", TEXT, nullable=False),
        sa.Column("told", TEXT, nullable=False),
        sa.Column("contact", TEXT, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("stopped", TEXT, nullable=False),
        sa.Column("done_by", TEXT),
        sa.Column("answer", TEXT, nullable=False),
    )
    op.create_index("task_record", "task", ["record", "open"])
    op.create_index("task_open", "task", ["open", "problem"])
    op.create_index("task_stopped", "task", ["stopped"])
    op.create_table(
        "mark",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("org", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
    )
    op.create_index("mark_org", "mark", ["org"])
    op.create_table(
        "mark_name",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("known_as", TEXT, nullable=False),
        sa.Column("org", TEXT, nullable=False),
    )
    op.create_index("mark_name_org", "mark_name", ["org"])
    op.create_table(
        "dismissal",
        sa.Column("one", TEXT, primary_key=True),
        sa.Column("other", TEXT, primary_key=True),
        sa.Column("like_one", TEXT, nullable=False),
        sa.Column("like_other", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
    )
    op.create_table(
        "text",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("part", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("source_hash", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("translator", TEXT),
        sa.Column("reviewer", TEXT),
        sa.Column("day", TEXT, nullable=False),
    )
    op.create_index("text_record", "text", ["record", "language"])
    op.create_index("text_state", "text", ["language", "stale", "state"])
    op.create_table(
        "unmet",
        sa.Column("week", TEXT, primary_key=True),
        sa.Column("need", TEXT, primary_key=True),
        sa.Column("area", TEXT, primary_key=True),
        sa.Column("language", TEXT, primary_key=True),
        sa.Column("count", WHOLE, nullable=False),
    )
    op.create_table(
        "view",
        sa.Column("owner", TEXT, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("query", TEXT, nullable=False),
    )


def downgrade() -> None:
    for name in ("view", "unmet", "text", "dismissal", "mark_name", "mark", "task"):
        op.drop_table(name)
    op.drop_index("record_work")
