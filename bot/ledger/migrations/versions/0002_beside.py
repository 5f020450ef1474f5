"""What stands beside the records: reports, marks, dismissed pairs, translations, counts, views."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    work = ["suspended", "published", "retired", "due_on", "sort", "id"]
    op.create_index("record_work", "record", work)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("stopped", sa.Text, nullable=False),
        sa.Column("done_by", sa.Text),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("task_record", "task", ["record", "open"])
    op.create_index("task_open", "task", ["open", "problem"])
    op.create_index("task_stopped", "task", ["stopped"])
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
    )
    op.create_index("mark_org", "mark", ["org"])
    op.create_table(
        "mark_name",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("known_as", sa.Text, nullable=False),
        sa.Column("org", sa.Text, nullable=False),
    )
    op.create_index("mark_name_org", "mark_name", ["org"])
    op.create_table(
        "dismissal",
        sa.Column("one", sa.Text, primary_key=True),
        sa.Column("other", sa.Text, primary_key=True),
        sa.Column("like_one", sa.Text, nullable=False),
        sa.Column("like_other", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
    )
    op.create_table(
        "text",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("source_hash", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("translator", sa.Text),
        sa.Column("reviewer", sa.Text),
        sa.Column("day", sa.Text, nullable=False),
    )
    op.create_index("text_record", "text", ["record", "language"])
    op.create_index("text_state", "text", ["language", "stale", "state"])
    op.create_table(
        "unmet",
        sa.Column("week", sa.Text, primary_key=True),
        sa.Column("need", sa.Text, primary_key=True),
        sa.Column("area", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "view",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for name in ("view", "unmet", "text", "dismissal", "mark_name", "mark", "task"):
        op.drop_table(name)
    op.drop_index("record_work")
