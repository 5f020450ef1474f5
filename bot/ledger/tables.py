"""The tables of the ledger. They say what a row holds; what may be in it is decided elsewhere.

`head` is signed and vouches for everything else: for the last act of the chain, and through
`page` for every row of `shelf`, and through its `state` for every record, draft and check.
Columns with `info={"words": True}` hold words of listings: a purge looks through all of them.
Days are ISO dates, contents are JSON.
"""

from typing import Final

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

HEAD = "0003"
"""The newest migration. A test holds it to what is in `migrations/versions`."""
WORDS: Final = {"words": True}

metadata = MetaData()

head = Table(
    "head",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("ledger", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("acts", Integer, nullable=False),
    Column("last", Text, nullable=False),
    Column("contents", Integer, nullable=False),
    Column("root", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""One row: how far the ledger has come, signed. `last` is the hash of the last act, `root` of all
pages of the shelf, `contents` the highest id of a content."""

act = Table(
    "act",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("second", Text),
    Column("day", Text, nullable=False),
    Column("number", Integer),
    Column("content", Integer),
    Column("content_hash", Text),
    Column("salt", LargeBinary, nullable=False),
    Column("said", Text, nullable=False, info=WORDS),
    Column("said_hash", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("act_record", "record", "seq"),
    Index("act_kind", "kind", "seq"),
)
"""Everything that was ever done, each bound to the one before it. `said` (why, and what belongs to
the kind of act) is bound by a salted hash, so that a purge can take words out of it."""

content = Table(
    "content",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False, info=WORDS),
    Column("redacted", Text, nullable=False),
    Index("content_record", "record"),
)
"""What a record or a draft ever said. The chain holds the salted hash of each."""

record = Table(
    "record",
    metadata,
    Column("id", Text, primary_key=True),
    Column("country", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content", Integer),
    Column("published", Boolean, nullable=False),
    Column("suspended", Integer, nullable=False),
    Column("redirect", Text),
    Column("changed", Text, nullable=False),
    Column("checks", Text, nullable=False, info=WORDS),
    Column("tasks", Integer, nullable=False),
    # What follows follows from the above and the content, for lists.
    Column("name", Text, nullable=False, info=WORDS),
    Column("sort", Text, nullable=False, info=WORDS),
    Column("organization", Text, nullable=False, info=WORDS),
    Column("org", Text, nullable=False, info=WORDS),
    Column("visibility", Text, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("due_on", Text),
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
    Column("record", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("content", Integer, nullable=False),
    Column("authors", Text, nullable=False),
    Column("why", Text, nullable=False, info=WORDS),
    Column("since", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("lifts", Boolean, nullable=False),
    Column("absorbs", Text, nullable=False),
    Index("draft_source", "source"),
)
"""The one open proposal of a record. `absorbs`: records that are merged into it with it."""

tag = Table(
    "tag",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Index("tag_record", "record"),
    sqlite_with_rowid=False,
)
"""What lists are filtered by: `area`, `around` (what lies around its areas), `need`, `above` (needs
above its own), `language`."""

wordlist = Table(
    "wordlist",
    metadata,
    Column("record", Text, primary_key=True),
    Column("text", Text, nullable=False, info=WORDS),
    Column("hidden", Text, nullable=False, info=WORDS),
)
"""What a record is found by when somebody types; `hidden`: by those only who may see it."""

shelf = Table(
    "shelf",
    metadata,
    Column("id", Text, primary_key=True),
    Column("page", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, info=WORDS),
    Column("country", Text, nullable=False),
    Column("due_on", Text),
    Column("by", Text),
    Column("how", Text),
    Column("on", Text),
    Column("changed", Text, nullable=False),
    Column("redirect", Text),
    Column("state", Text, nullable=False),
    Index("shelf_generation", "generation"),
    Index("shelf_page", "page"),
)
"""What is served of each record: `body` None when nothing is. `state`: the hash of the record,
its checks and its draft, so that nobody changes those behind our back either."""

page = Table(
    "page",
    metadata,
    Column("page", Integer, primary_key=True),
    Column("leaves", Text, nullable=False),
    Column("digest", Text, nullable=False),
)
"""The hashes of the rows of the shelf, in 1024 pages, so that one change is cheap to sign."""
