"""The tables of imports: plans that wait for a decision, and what was taken of each file.

They say what a row holds; what may be in it is decided elsewhere. They belong to the metadata of
`tables`, so that a purge looks through their words too.
"""

from sqlalchemy import Column, Index, Table

from bot.ledger.tables import WORDS, metadata
from bot.storage.columns import TEXT, WHOLE

kept_plan = Table(
    "kept_plan",
    metadata,
    Column("digest", TEXT, primary_key=True),
    Column("by", TEXT, nullable=False),
    Column("day", TEXT, nullable=False),
    Column("source", TEXT, nullable=False, info=WORDS),
    Column("body", TEXT, nullable=False, info=WORDS),
)
"""Plans as JSON, until they are committed, forgotten or a few days old."""

batch = Table(
    "batch",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("digest", TEXT, nullable=False),
    Column("source", TEXT, nullable=False, info=WORDS),
    Column("by", TEXT, nullable=False),
    Column("day", TEXT, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("seq", WHOLE, nullable=False),
    Index("batch_source", "source", "seq"),
)
"""A file that was taken. `state`: `committed` or `undone`; `seq`: its order among all."""

batch_row = Table(
    "batch_row",
    metadata,
    Column("batch", TEXT, primary_key=True),
    Column("record", TEXT, primary_key=True),
    Column("action", TEXT, nullable=False),
    Column("version", WHOLE, nullable=False),
    Column("base", WHOLE, nullable=False),
    Column("digest", TEXT, nullable=False),
    Column("theirs", TEXT, info=WORDS),
    Index("batch_row_record", "record"),
)
"""A record that a file had: which version of its draft was made of it, over which revision, with
which digest. `theirs`: what a pack said of it, as JSON. An `unchanged` one made no draft."""
