"""The tables beside the records: reports, translations, merges, marks, views and counts.

They say what a row holds; what may be in it is decided elsewhere. They belong to the metadata of
`tables`, so that a purge looks through their words too: what it may rewrite is no key.
"""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from bot.ledger.tables import WORDS, metadata

task = Table(
    "task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("contact", Text, nullable=False, info=WORDS),
    Column("count", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("stopped", Text, nullable=False),
    Column("done_by", Text),
    Column("answer", Text, nullable=False, info=WORDS),
    Index("task_record", "record", "open"),
    Index("task_open", "open", "problem"),
    Index("task_stopped", "stopped"),
)
"""What was said of a listing, never by whom. `stopped`: the day on which it suspended the listing,
empty when it did not."""

mark = Table(
    "mark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org", Text, nullable=False, info=WORDS),
    Column("name", Text, nullable=False, info=WORDS),
    Column("why", Text, nullable=False, info=WORDS),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Index("mark_org", "org"),
)
"""Organisations that asked not to be listed."""

mark_name = Table(
    "mark_name",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("known_as", Text, nullable=False, info=WORDS),
    Column("org", Text, nullable=False, info=WORDS),
    Index("mark_name_org", "org"),
)
"""Every name under which such an organisation was known when it asked, in any language."""

dismissal = Table(
    "dismissal",
    metadata,
    Column("one", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Column("like_one", Text, nullable=False),
    Column("like_other", Text, nullable=False),
    Column("why", Text, nullable=False, info=WORDS),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
)
"""Two records that are not the same, in the order of their ids; and hashes of what was compared."""

text = Table(
    "text",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("part", Text, nullable=False, info=WORDS),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("stale", Boolean, nullable=False),
    Column("source_hash", Text, nullable=False),
    Column("words", Text, nullable=False, info=WORDS),
    Column("translator", Text),
    Column("reviewer", Text),
    Column("day", Text, nullable=False),
    Index("text_record", "record", "language"),
    Index("text_state", "language", "stale", "state"),
)
"""Translations that are under way, and those whose English changed since. A text of the listing
without a row here is taken as it stands."""

unmet = Table(
    "unmet",
    metadata,
    Column("week", Text, primary_key=True),
    Column("need", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""Searches that found nothing, five together at the least."""

view = Table(
    "view",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False, info=WORDS),
)
"""Lists that a person looks at again. `query` is JSON."""
