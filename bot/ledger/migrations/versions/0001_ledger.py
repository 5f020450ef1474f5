"""The first tables: the signed head, the chain of acts, contents, records, drafts and the shelf."""

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import TEXT, WHOLE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "head",
        sa.Column("one", WHOLE, primary_key=True),
        sa.Column("ledger", TEXT, nullable=False),
        sa.Column("generation", WHOLE, nullable=False),
        sa.Column("acts", WHOLE, nullable=False),
        sa.Column("last", TEXT, nullable=False),
        sa.Column("contents", WHOLE, nullable=False),
        sa.Column("root", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "act",
        sa.Column("seq", WHOLE, primary_key=True),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("second", TEXT),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("number", WHOLE),
        sa.Column("content", WHOLE),
        sa.Column("content_hash", TEXT),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("said", TEXT, nullable=False),
        sa.Column("said_hash", TEXT, nullable=False),
        sa.Column("previous", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
    )
    op.create_index("act_record", "act", ["record", "seq"])
    op.create_index("act_kind", "act", ["kind", "seq"])
    op.create_table(
        "content",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("redacted", TEXT, nullable=False),
    )
    op.create_index("content_record", "content", ["record"])
    op.create_table(
        "record",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("content", WHOLE),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("suspended", WHOLE, nullable=False),
        sa.Column("redirect", TEXT),
        sa.Column("changed", TEXT, nullable=False),
        sa.Column("checks", TEXT, nullable=False),
        sa.Column("tasks", WHOLE, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sort", TEXT, nullable=False),
        sa.Column("organization", TEXT, nullable=False),
        sa.Column("org", TEXT, nullable=False),
        sa.Column("visibility", TEXT, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("due_on", TEXT),
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
        sa.Column("record", TEXT, primary_key=True),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("base", WHOLE, nullable=False),
        sa.Column("content", WHOLE, nullable=False),
        sa.Column("authors", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("lifts", sa.Boolean, nullable=False),
        sa.Column("absorbs", TEXT, nullable=False),
    )
    op.create_index("draft_source", "draft", ["source"])
    op.create_table(
        "tag",
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("value", TEXT, primary_key=True),
        sa.Column("record", TEXT, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("tag_record", "tag", ["record"])
    op.create_table(
        "wordlist",
        sa.Column("record", TEXT, primary_key=True),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("hidden", TEXT, nullable=False),
    )
    op.create_table(
        "shelf",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("page", WHOLE, nullable=False),
        sa.Column("generation", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("body", TEXT),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("due_on", TEXT),
        sa.Column("by", TEXT),
        sa.Column("how", TEXT),
        sa.Column("on", TEXT),
        sa.Column("changed", TEXT, nullable=False),
        sa.Column("redirect", TEXT),
        sa.Column("state", TEXT, nullable=False),
    )
    op.create_index("shelf_generation", "shelf", ["generation"])
    op.create_index("shelf_page", "shelf", ["page"])
    op.create_table(
        "page",
        sa.Column("page", WHOLE, primary_key=True),
        sa.Column("leaves", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
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
