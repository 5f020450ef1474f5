"""The tables of the ledger. They say what a row holds; what may be in it is decided elsewhere.

`head` is signed and vouches for everything else: for the last act of the chain, and through
`page` for every row of `shelf`, and through its `state` for every record, draft and check.
Columns with `info={"words": True}` hold words of listings: a purge looks through all of them.
Days are ISO dates, contents are JSON.
"""

from typing import Final

from sqlalchemy import Boolean, Column, Index, LargeBinary, MetaData, Table

from bot.storage.columns import TEXT, WHOLE

HEAD = "0003"
"""The newest migration. A test holds it to what is in `migrations/versions`."""
WORDS: Final = {"words": True}

metadata = MetaData()

head = Table(
    "head",
    metadata,
    Column("one", WHOLE, primary_key=True),
    Column("ledger", TEXT, nullable=False),
    Column("generation", WHOLE, nullable=False),
    Column("acts", WHOLE, nullable=False),
    Column("last", TEXT, nullable=False),
    Column("contents", WHOLE, nullable=False),
    Column("root", TEXT, nullable=False),
    Column("key", TEXT, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""One row: how far the ledger has come, signed. `last` is the hash of the last act, `root` of all
pages of the shelf, `contents` the highest id of a content."""

act = Table(
    "act",
    metadata,
    Column("seq", WHOLE, primary_key=True),
    Column("record", TEXT, nullable=False),
    Column("kind", TEXT, nullable=False),
    Column("by", TEXT, nullable=False),
    Column("second", TEXT),
    Column("day", TEXT, nullable=False),
    Column("number", WHOLE),
    Column("content", WHOLE),
    Column("content_hash", TEXT),
    Column("salt", LargeBinary, nullable=False),
    Column("said", TEXT, nullable=False, info=WORDS),
    Column("said_hash", TEXT, nullable=False),
    Column("previous", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
    Index("act_record", "record", "seq"),
    Index("act_kind", "kind", "seq"),
)
"""Everything that was ever done, each bound to the one before it. `said` (why, and what belongs to
the kind of act) is bound by a salted hash, so that a purge can take words out of it."""

content = Table(
    "content",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("record", TEXT, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", TEXT, nullable=False, info=WORDS),
    Column("redacted", TEXT, nullable=False),
    Index("content_record", "record"),
)
"""What a record or a draft ever said. The chain holds the salted hash of each."""

record = Table(
    "record",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("country", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),
    Column("revision", WHOLE, nullable=False),
    Column("content", WHOLE),
    Column("published", Boolean, nullable=False),
    Column("suspended", WHOLE, nullable=False),
    Column("redirect", TEXT),
    Column("changed", TEXT, nullable=False),
    Column("checks", TEXT, nullable=False, info=WORDS),
    Column("tasks", WHOLE, nullable=False),
    # What follows follows from the above and the content, for lists.
    Column("name", TEXT, nullable=False, info=WORDS),
    Column("sort", TEXT, nullable=False, info=WORDS),
    Column("organization", TEXT, nullable=False, info=WORDS),
    Column("org", TEXT, nullable=False, info=WORDS),
    Column("visibility", TEXT, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("due_on", TEXT),
    # Each with what decides who may see it, so that walking to a late page reads no row.
    Index("record_seen", "id", "redirect", "visibility"),
    Index("record_sort", "sort", "id", "redirect", "visibility"),
    Index("record_due", "due_on", "sort", "id", "redirect", "visibility"),
    Index("record_changed", "changed", "sort", "id", "redirect", "visibility"),
    Index("record_org", "org"),
    Index("record_suspended", "suspended"),
    Index(
        *("record_stage", "redirect", "retired", "suspended", "published", "due_on"),
        *("visibility", "tasks"),
    ),
    Index("record_work", "suspended", "published", "retired", "due_on", "sort", "id"),
)
"""Every record as it stands. `suspended`: the act that suspended it, 0 when it is not; `tasks`: how
many are open; `shown`: survivors may be sent there, as far as it does not depend on the day."""

draft = Table(
    "draft",
    metadata,
    Column("record", TEXT, primary_key=True),
    Column("version", WHOLE, nullable=False),
    Column("digest", TEXT, nullable=False),
    Column("base", WHOLE, nullable=False),
    Column("content", WHOLE, nullable=False),
    Column("authors", TEXT, nullable=False),
    Column("why", TEXT, nullable=False, info=WORDS),
    Column("since", TEXT, nullable=False),
    Column("source", TEXT, nullable=False),
    Column("lifts", Boolean, nullable=False),
    Column("absorbs", TEXT, nullable=False),
    Index("draft_source", "source"),
)
"""The one open proposal of a record. `absorbs`: records that are merged into it with it."""

tag = Table(
    "tag",
    metadata,
    Column("kind", TEXT, primary_key=True),
    Column("value", TEXT, primary_key=True),
    Column("record", TEXT, primary_key=True),
    Index("tag_record", "record"),
    sqlite_with_rowid=False,
)
"""What lists are filtered by: `area`, `around` (what lies around its areas), `need`, `above` (needs
above its own), `language`."""

wordlist = Table(
    "wordlist",
    metadata,
    Column("record", TEXT, primary_key=True),
    Column("text", TEXT, nullable=False, info=WORDS),
    Column("hidden", TEXT, nullable=False, info=WORDS),
)
"""What a record is found by when somebody types; `hidden`: by those only who may see it."""

shelf = Table(
    "shelf",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("page", WHOLE, nullable=False),
    Column("generation", WHOLE, nullable=False),
    Column("revision", WHOLE, nullable=False),
    Column("body", TEXT, info=WORDS),
    Column("country", TEXT, nullable=False),
    Column("due_on", TEXT),
    Column("by", TEXT),
    Column("how", TEXT),
    Column("on", TEXT),
    Column("changed", TEXT, nullable=False),
    Column("redirect", TEXT),
    Column("state", TEXT, nullable=False),
    Index("shelf_generation", "generation"),
    Index("shelf_page", "page"),
)
"""What is served of each record: `body` None when nothing is. `state`: the hash of the record,
its checks and its draft, so that nobody changes those behind our back either."""

page = Table(
    "page",
    metadata,
    Column("page", WHOLE, primary_key=True),
    Column("leaves", TEXT, nullable=False),
    Column("digest", TEXT, nullable=False),
)
"""The hashes of the rows of the shelf, in 1024 pages, so that one change is cheap to sign."""
