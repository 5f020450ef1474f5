"""The tables, and every statement that a turn needs, compiled once.

It decides what a row holds: names that mean nothing without a key, days, counters and sealed bytes.
No column may ever hold a word, an address or a time of day. The tables that last have no row
number, because that would show who came after whom.
"""

from functools import cache

from sqlalchemy import (
    BigInteger,
    ClauseElement,
    Column,
    Dialect,
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
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.dialects.sqlite import insert

HEAD = "0004"
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

_dialect: Dialect = sqlite_dialect(paramstyle="qmark")


def _compiled(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=_dialect, compile_kwargs={"render_postcompile": True}))


def _kept() -> str:
    new = insert(session)
    # Only what was loaded in this transaction is overwritten: two writers lose no turn.
    return _compiled(
        new.on_conflict_do_update(
            index_elements=[session.c.alias],
            set_={name: new.excluded[name] for name in ("epoch", "sequence", "sealed")},
            where=session.c.sequence == bindparam("was"),
        )
    )


KEEP = _kept()
"""Values: alias, epoch, sequence, sealed, the sequence that was loaded."""
REMEMBER = _compiled(insert(seen).on_conflict_do_nothing())
"""Values: mark, epoch."""
POST = _compiled(insert(outbox))
"""Values: id, alias, epoch, sequence, sealed."""
DROP_SESSION = _compiled(delete(session).where(session.c.alias == bindparam("a")))
DROP_MARK = _compiled(delete(seen).where(seen.c.mark == bindparam("m")))
DROP_POSTED = _compiled(delete(outbox).where(outbox.c.alias == bindparam("a")))
DROP_SENT = _compiled(delete(outbox).where(outbox.c.id == bindparam("i")))
LEAVE_FOOTPRINT = _compiled(insert(footprint).on_conflict_do_nothing())
"""Values: alias, epoch, sequence, sealed."""
CHANGE_FOOTPRINT = _compiled(
    update(footprint)
    .values(sequence=bindparam("new"), sealed=bindparam("other"))
    .where(footprint.c.alias == bindparam("a"), footprint.c.sequence == bindparam("was"))
)
"""Values: sequence, sealed, alias, the sequence that was loaded."""
DROP_FOOTPRINT = _compiled(
    delete(footprint).where(
        footprint.c.alias == bindparam("a"), footprint.c.sequence == bindparam("s")
    )
)
DROP_FOOTPRINTS = _compiled(delete(footprint).where(footprint.c.alias == bindparam("a")))
FOOTPRINT_ALIASES = _compiled(select(footprint.c.alias).distinct())
LAST_POSTED = _compiled(select(func.max(outbox.c.id)))
PENDING = _compiled(
    select(outbox)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("none"))
)
"""Values: the id before, how many at most, zero."""


@cache
def load(count: int) -> str:
    """The statement that loads the sessions of that many aliases."""
    return _compiled(select(session).where(session.c.alias.in_([b""] * count)))


@cache
def known(count: int) -> str:
    """The statement that says which of that many marks are there."""
    return _compiled(select(seen.c.mark).where(seen.c.mark.in_([b""] * count)))


@cache
def footprints(count: int) -> str:
    """The statement that loads the footprints of that many aliases."""
    return _compiled(select(footprint).where(footprint.c.alias.in_([b""] * count)))


@cache
def dead(count: int) -> tuple[str, str, str, str]:
    """Statements for what belongs to none of that many epochs: aliases, marks, outbox ids, and
    aliases with sequences of footprints.
    """
    epochs = [0] * count
    return (
        _compiled(select(session.c.alias).where(session.c.epoch.not_in(epochs))),
        _compiled(select(seen.c.mark).where(seen.c.epoch.not_in(epochs))),
        _compiled(select(outbox.c.id).where(outbox.c.epoch.not_in(epochs))),
        _compiled(
            select(footprint.c.alias, footprint.c.sequence).where(footprint.c.epoch.not_in(epochs))
        ),
    )


COUNTS = _compiled(
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
