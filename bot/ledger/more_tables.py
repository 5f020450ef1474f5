"""The tables beside the records: reports, translations, merges, marks, views and counts.

They say what a row holds; what may be in it is decided elsewhere. They belong to the metadata of
`tables`, so that a purge looks through their words too: what it may rewrite is no key.
"""

from sqlalchemy import Boolean, Column, Index, Table

from bot.ledger.tables import WORDS, metadata
from bot.storage.columns import TEXT, WHOLE

task = Table(
    "task",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("record", TEXT, nullable=False),
    Column("problem", TEXT, nullable=False),
    Column("told", TEXT, nullable=False),
    Column("contact", TEXT, nullable=False, info=WORDS),
    Column("count", WHOLE, nullable=False),
    Column("since", TEXT, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("stopped", TEXT, nullable=False),
    Column("done_by", TEXT),
    Column("answer", TEXT, nullable=False, info=WORDS),
    Index("task_record", "record", "open"),
    Index("task_open", "open", "problem"),
    Index("task_stopped", "stopped"),
)
"""What was said of a listing, never by whom. `stopped`: the day on which it suspended the listing,
empty when it did not."""

mark = Table(
    "mark",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("org", TEXT, nullable=False, info=WORDS),
    Column("name", TEXT, nullable=False, info=WORDS),
    Column("why", TEXT, nullable=False, info=WORDS),
    Column("by", TEXT, nullable=False),
    Column("day", TEXT, nullable=False),
    Index("mark_org", "org"),
)
"""Organisations that asked not to be listed."""

mark_name = Table(
    "mark_name",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("known_as", TEXT, nullable=False, info=WORDS),
    Column("org", TEXT, nullable=False, info=WORDS),
    Index("mark_name_org", "org"),
)
"""Every name under which such an organisation was known when it asked, in any language."""

dismissal = Table(
    "dismissal",
    metadata,
    Column("one", TEXT, primary_key=True),
    Column("other", TEXT, primary_key=True),
    Column("like_one", TEXT, nullable=False),
    Column("like_other", TEXT, nullable=False),
    Column("why", TEXT, nullable=False, info=WORDS),
    Column("by", TEXT, nullable=False),
    Column("day", TEXT, nullable=False),
)
"""Two records that are not the same, in the order of their ids; and hashes of what was compared."""

text = Table(
    "text",
    metadata,
    Column("id", WHOLE, primary_key=True),
    Column("record", TEXT, nullable=False),
    Column("part", TEXT, nullable=False, info=WORDS),
    Column("language", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("source_hash", TEXT, nullable=False),
    Column("words", TEXT, nullable=False, info=WORDS),
    Column("translator", TEXT),
    Column("reviewer", TEXT),
    Column("day", TEXT, nullable=False),
    Index("text_record", "record", "language"),
    Index("text_state", "language", "stale", "state"),
)
"""Translations that are under way, and those whose English changed since. A text of the listing
without a row here is taken as it stands."""

unmet = Table(
    "unmet",
    metadata,
    Column("week", TEXT, primary_key=True),
    Column("need", TEXT, primary_key=True),
    Column("area", TEXT, primary_key=True),
    Column("language", TEXT, primary_key=True),
    Column("count", WHOLE, nullable=False),
)
"""Searches that found nothing, five together at the least."""

view = Table(
    "view",
    metadata,
    Column("owner", TEXT, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("query", TEXT, nullable=False, info=WORDS),
)
"""Lists that a person looks at again. `query` is JSON."""
