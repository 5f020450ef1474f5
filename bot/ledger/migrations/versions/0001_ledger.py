"""The first tables: the signed head, the chain of acts, contents, records, drafts and the shelf."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "head",
        sa.Column("one", sa.Integer, primary_key=True),
        sa.Column("ledger", sa.Text, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("acts", sa.Integer, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("contents", sa.Integer, nullable=False),
        sa.Column("root", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "act",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("second", sa.Text),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("content", sa.Integer),
        sa.Column("content_hash", sa.Text),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("said_hash", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_index("act_record", "act", ["record", "seq"])
    op.create_index("act_kind", "act", ["kind", "seq"])
    op.create_table(
        "content",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("redacted", sa.Text, nullable=False),
    )
    op.create_index("content_record", "content", ["record"])
    op.create_table(
        "record",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", sa.Integer),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("suspended", sa.Integer, nullable=False),
        sa.Column("redirect", sa.Text),
        sa.Column("changed", sa.Text, nullable=False),
        sa.Column("checks", sa.Text, nullable=False),
        sa.Column("tasks", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sort", sa.Text, nullable=False),
        sa.Column("organization", sa.Text, nullable=False),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("due_on", sa.Text),
    )
    op.create_index("record_seen", "record", ["id", "redirect", "visibility"])
    op.create_index("record_sort", "record", ["sort", "id", "redirect", "visibility"])
    op.create_index("record_due", "record", ["due_on", "sort", "id", "redirect", "visibility"])
    op.create_index("record_changed", "record", ["changed", "sort", "id", "redirect", "visibility"])
    op.create_index("record_org", "record", ["org"])
    op.create_index("record_suspended", "record", ["suspended"])
    op.create_index(
        "record_stage",
        "record",
        ["redirect", "retired", "suspended", "published", "due_on", "visibility", "tasks"],
    )
    op.create_table(
        "draft",
        sa.Column("record", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("content", sa.Integer, nullable=False),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("lifts", sa.Boolean, nullable=False),
        sa.Column("absorbs", sa.Text, nullable=False),
    )
    op.create_index("draft_source", "draft", ["source"])
    op.create_table(
        "tag",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("tag_record", "tag", ["record"])
    op.create_table(
        "wordlist",
        sa.Column("record", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("hidden", sa.Text, nullable=False),
    )
    op.create_table(
        "shelf",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("page", sa.Integer, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("due_on", sa.Text),
        sa.Column("by", sa.Text),
        sa.Column("how", sa.Text),
        sa.Column("on", sa.Text),
        sa.Column("changed", sa.Text, nullable=False),
        sa.Column("redirect", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("shelf_generation", "shelf", ["generation"])
    op.create_index("shelf_page", "shelf", ["page"])
    op.create_table(
        "page",
        sa.Column("page", sa.Integer, primary_key=True),
        sa.Column("leaves", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("page")
    op.drop_table("shelf")
    op.drop_table("wordlist")
    op.drop_table("tag")
    op.drop_table("draft")
    op.drop_table("record")
    op.drop_table("content")
    op.drop_table("act")
    op.drop_table("head")
