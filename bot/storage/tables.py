"""The tables, and every statement that a turn needs, compiled once.

It decides what a row holds: names that mean nothing without a key, days, counters and sealed bytes.
No column may ever hold a word, an address or a time of day. The tables that last have no row
number, because that would show who came after whom.
"""

from functools import cache

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    update,
)

from bot.storage.statements import PUMP, Statement, adding, statement

HEAD = "0006"
"""The newest migration. A test holds it to what is in `migrations/versions`."""

metadata = MetaData()

session = Table(
    "session",
    metadata,
    Column("alias", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    postgresql_partition_by="HASH (alias)",
)
"""One sealed session a person and day."""

seen = Table(
    "seen",
    metadata,
    Column("mark", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Marks of deliveries that were taken, so that a second one has no effect."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("alias", LargeBinary(16), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("outbox_alias", "alias"),
)
"""Sealed replies that were saved and are not known to be sent."""

footprint = Table(
    "footprint",
    metadata,
    Column("alias", LargeBinary(16), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("sequence", BigInteger, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""Sealed lists of the messages of a chat that can still be deleted; mostly one a chat and day.

Its aliases are made apart from those of sessions, so that the one does not lead to the other.
"""

day = Table(
    "day",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
)
"""One row: the newest epoch that any replica used. None goes on under an older one."""

OUTBOX_IDS = "outbox_ids"
"""The sequence that numbers replies on PostgreSQL: several replicas number at once. It begins at a
random number, and none returns.
"""

MAKE = adding(session)
"""Values: alias, epoch, sequence, sealed."""
CHANGE = statement(
    # Only what was loaded in this transaction is overwritten: two writers lose no turn. What was
    # loaded and is gone is not made anew.
    update(session)
    .values(epoch=bindparam("day"), sequence=bindparam("new"), sealed=bindparam("other"))
    .where(session.c.alias == bindparam("a"), session.c.sequence == bindparam("was"))
)
"""Values: epoch, sequence, sealed, alias, the sequence that was loaded."""
REMEMBER = adding(seen)
"""Values: mark, epoch."""
POST = adding(outbox)
"""Values: id, alias, epoch, sequence, sealed."""
DROP_SESSION = statement(delete(session).where(session.c.alias == bindparam("a")))
DROP_MARK = statement(delete(seen).where(seen.c.mark == bindparam("m")))
DROP_POSTED = statement(delete(outbox).where(outbox.c.alias == bindparam("a")))
DROP_SENT = statement(delete(outbox).where(outbox.c.id == bindparam("i")))
LEAVE_FOOTPRINT = adding(footprint)
"""Values: alias, epoch, sequence, sealed."""
CHANGE_FOOTPRINT = statement(
    update(footprint)
    .values(sequence=bindparam("new"), sealed=bindparam("other"))
    .where(footprint.c.alias == bindparam("a"), footprint.c.sequence == bindparam("was"))
)
"""Values: sequence, sealed, alias, the sequence that was loaded."""
DROP_FOOTPRINT = statement(
    delete(footprint).where(
        footprint.c.alias == bindparam("a"), footprint.c.sequence == bindparam("s")
    )
)
DROP_FOOTPRINTS = statement(delete(footprint).where(footprint.c.alias == bindparam("a")))
FOOTPRINT_ALIASES = statement(select(footprint.c.alias).distinct())
LAST_POSTED = statement(select(func.max(outbox.c.id)))
WAITING = statement(
    select(outbox)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("none"))
)
"""Values: the id before, how many at most, zero."""
PENDING = statement(
    # What somebody who leaves takes along now is passed over, and is gone in a moment.
    select(outbox)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("none"))
    .with_for_update(skip_locked=True),
    alone=PUMP,
)
"""The same for who takes rows out: until the commit nobody else does. The same values."""
PENDING_OF = statement(
    select(outbox)
    .where(outbox.c.alias == bindparam("a"))
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("none"))
    .with_for_update(skip_locked=True),
    alone=PUMP,
)
"""The same of one alias. Values: the alias, how many at most, zero."""
NUMBERS = statement(
    select(outbox.c.id)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("none"))
)
"""Values: the id before, how many at most, zero."""
DAY = statement(select(day.c.epoch))
NEW_DAY = statement(update(day).values(epoch=bindparam("new")).where(day.c.epoch < bindparam("e")))
"""Values: an epoch, twice."""
NO_DAY = statement(update(day).values(epoch=bindparam("none")))
"""Values: 0."""


@cache
def load(count: int) -> Statement:
    """The statement that loads the sessions of that many aliases."""
    return statement(select(session).where(session.c.alias.in_([b""] * count)))


@cache
def known(count: int) -> Statement:
    """The statement that says which of that many marks are there."""
    return statement(select(seen.c.mark).where(seen.c.mark.in_([b""] * count)))


@cache
def footprints(count: int) -> Statement:
    """The statement that loads the footprints of that many aliases."""
    return statement(select(footprint).where(footprint.c.alias.in_([b""] * count)))


@cache
def dead(count: int) -> tuple[Statement, Statement, Statement, Statement]:
    """Statements for what belongs to none of that many epochs: aliases, marks, outbox ids, and
    aliases with sequences of footprints.
    """
    epochs = [0] * count
    return (
        statement(select(session.c.alias).where(session.c.epoch.not_in(epochs))),
        statement(select(seen.c.mark).where(seen.c.epoch.not_in(epochs))),
        statement(select(outbox.c.id).where(outbox.c.epoch.not_in(epochs))),
        statement(
            select(footprint.c.alias, footprint.c.sequence).where(footprint.c.epoch.not_in(epochs))
        ),
    )


COUNTS = statement(
    select(
        select(func.count()).select_from(session).scalar_subquery(),
        select(
            func.coalesce(func.sum(func.length(session.c.sealed)), literal_column("0"))
        ).scalar_subquery(),
        select(func.count()).select_from(seen).scalar_subquery(),
        select(func.count()).select_from(outbox).scalar_subquery(),
        select(func.count()).select_from(footprint).scalar_subquery(),
    )
)

OF_THE_DESK = ("chat", "message", "wrap", "code", "staff_note", "duty", "figure")
"""Tables of `bot.handoff` whose rows are of people."""
OF_REPORTS = ("tally",)
"""Tables of `bot.reports` that hold exact counts, sealed."""
OF_SLIPS = ("slip",)
"""Tables of `bot.slips`: a copy that lasts would tell of a way that was gone long ago."""
ON_THEIR_WAY = (outbox.name, footprint.name, *OF_THE_DESK, *OF_REPORTS, *OF_SLIPS)
"""Tables of things still to be done or said, which a backup leaves out."""
