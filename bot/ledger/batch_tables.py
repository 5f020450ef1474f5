"""The tables of imports: plans that wait for a decision, and what was taken of each file.

They say what a row holds; what may be in it is decided elsewhere. They belong to the metadata of
`tables`, so that a purge looks through their words too.
"""

from sqlalchemy import Column, Index, Integer, Table, Text

from bot.ledger.tables import WORDS, metadata

kept_plan = Table(
    "kept_plan",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("source", Text, nullable=False, info=WORDS),
    Column("body", Text, nullable=False, info=WORDS),
)
"""Plans as JSON, until they are committed, forgotten or a few days old."""

batch = Table(
    "batch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("source", Text, nullable=False, info=WORDS),
    Column("by", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("batch_source", "source", "seq"),
)
"""A file that was taken. `state`: `committed` or `undone`; `seq`: its order among all."""

batch_row = Table(
    "batch_row",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("action", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("theirs", Text, info=WORDS),
    Index("batch_row_record", "record"),
)
"""A record that a file had: which version of its draft was made of it, over which revision, with
which digest. `theirs`: what a pack said of it, as JSON. An `unchanged` one made no draft."""
