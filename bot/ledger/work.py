"""The work of the week: which listings somebody should call, and what to ask there.

It decides the order and the questions. The day on which a listing is due was worked out with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from bot.ledger import tables
from bot.ledger.known import Known
from bot.ledger.listing import lines, rows_of, visible
from bot.ledger.loading import load
from bot.ledger.model import Actor, Check, Content, Row
from bot.ledger.scope import seen
from referral_directory.keeping import (
    HIDDEN_AFTER,
    STALE_AFTER,
    class_of,
    critical,
    parts,
    reachable,
)
from referral_directory.keeping.due import Class

When = Literal["due", "unchecked", "hidden", "stale", "overdue", "week", "soon"]
"""`unchecked`: shown, though nobody ever called. `hidden`, `stale`: 90 and 30 days overdue.
`overdue`: by fewer. `week`: due within seven days. `due`: all of these. `soon`: within fourteen."""
WHEN: Final[tuple[When, ...]] = get_args(When)
SIZE: Final = 25
_R: Final = tables.record.c
_WEEK, _SOON = timedelta(days=7), timedelta(days=14)


def N_(text: str) -> str:  # noqa: N802  (the name by which gettext's tools know a sentence)
    """Marks a sentence for whoever translates the console; it stays as it is here."""
    return text


QUESTIONS: Final[Mapping[str, str]] = {
    "phone": N_("Is this the number that people should call?"),
    "sms": N_("May people write a text message to this number?"),
    "web": N_("Does this page open, and is it still yours?"),
    "email": N_("Does somebody read this address, and how soon?"),
    "messenger": N_("Does somebody answer here, and at which hours?"),
    "hours": N_("On which days and at which hours does somebody answer?"),
    "who": N_("Whom do you receive, and whom can you not receive?"),
    "area": N_("From which places may people come or call?"),
    "languages": N_("Which languages are spoken without an interpreter, and which with one?"),
    "cost": N_("Does anything cost money, the way there too?"),
    "address": N_("May this address be public, and is it the door where people are received?"),
}
"""What to ask, by part. The sentences are fixed, so that they are translated like any other."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One part of a listing: what it says, what to ask, and who asked last."""

    part: str
    question: str
    """A sentence of `QUESTIONS`."""
    says: Any = field(repr=False)
    must: bool
    """Without it the listing stays due."""
    last: Check | None


@dataclass(frozen=True, slots=True)
class Work:
    """A listing to call."""

    row: Row
    urgency: Class
    asks: tuple[Ask, ...]
    content: Content = field(repr=False)
    """What the person may see of it."""
    revision: int
    """The revision that says so."""


@dataclass(frozen=True, slots=True)
class WorkPage:
    """One page of the work list."""

    items: tuple[Work, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the work list."""

    when: When | None = None
    """None: all that is due within fourteen days, or overdue."""
    area: str = ""
    page: int = 1
    urgent: bool | None = None
    """Only hotlines, shelter and medical care, or only the others."""


def work(
    connection: Connection,
    actor: Actor,
    known: Known,
    today: date,
    asked: Wanted,
) -> WorkPage:
    """What is to be called, the longest overdue first."""
    mine = and_(visible(actor), _RUNNING)
    within = (*_lies_in(asked.area, known), *_is_urgent(known, urgent=asked.urgent))
    wanted = and_(mine, _due(asked.when, today), *within)
    total = int(
        connection.execute(
            select(func.count()).select_from(tables.record).where(wanted)
        ).scalar_one()
    )
    pages = max(1, -(-total // SIZE))
    page = max(1, min(asked.page, pages))
    # What was never checked has no day: it comes first, on every database.
    order = (_R.due_on.asc().nulls_first(), _R.sort, _R.id)
    statement = rows_of(wanted).order_by(*order).limit(SIZE).offset((page - 1) * SIZE)
    rows = lines(connection, statement, today)
    held = load(connection, [row.id for row in rows])
    items = []
    for row in rows:
        one = held[row.id]
        content = seen(actor, one.content)
        last = {check.part: check for check in one.checked(content)}
        items.append(Work(row, class_of(content), asks(content, last), content, one.revision))
    return WorkPage(tuple(items), total, page, pages)


def counts(connection: Connection, actor: Actor, today: date) -> dict[When, int]:
    """How many listings there are for each `When`, of what this person may see."""
    each = (func.sum(case((_due(when, today), 1), else_=0)) for when in WHEN)
    wanted = and_(visible(actor), _RUNNING, _due(None, today))
    found = connection.execute(select(*each).select_from(tables.record).where(wanted)).one()
    return {when: int(count or 0) for when, count in zip(WHEN, found, strict=True)}


def asks(content: Mapping[str, Any], last: Mapping[str, Check]) -> tuple[Ask, ...]:
    """What to ask about a listing, what must be asked first."""
    must = critical(content) or reachable(content)
    found = [
        Ask(part, question(part), says, part in must, last.get(part))
        for part, says in parts(content).items()
    ]
    return tuple(sorted(found, key=lambda ask: not ask.must))


def question(part: str) -> str:
    """The question that verifies a part."""
    kind = part.split(":")[1] if part.startswith("contact:") else part
    return QUESTIONS.get(kind, QUESTIONS["messenger"])


_RUNNING: Final = and_(_R.published.is_(True), _R.retired.is_(False), _R.suspended == 0)


def _due(when: When | None, today: date) -> ColumnElement[bool]:
    day = today.isoformat()
    stale, hidden = (today - STALE_AFTER).isoformat(), (today - HIDDEN_AFTER).isoformat()
    week, soon = (today + _WEEK).isoformat(), (today + _SOON).isoformat()
    if when is None:
        return or_(_R.due_on.is_(None), _R.due_on <= soon)
    return {
        "due": or_(_R.due_on.is_(None), _R.due_on <= week),
        "unchecked": _R.due_on.is_(None),
        "hidden": _R.due_on <= hidden,
        "stale": and_(_R.due_on > hidden, _R.due_on <= stale),
        "overdue": and_(_R.due_on > stale, _R.due_on <= day),
        "week": and_(_R.due_on > day, _R.due_on <= week),
        "soon": and_(_R.due_on > week, _R.due_on <= soon),
    }[when]


def _lies_in(area: str, known: Known) -> tuple[ColumnElement[bool], ...]:
    """Listings of the area, of those within it, and of those around it."""
    if not area:
        return ()
    tag = tables.tag.c
    around = select(tag.record).where(tag.kind == "area", tag.value.in_(known.within(area)))
    within = select(tag.record).where(tag.kind.in_(["area", "around"]), tag.value == area)
    return (or_(_R.id.in_(around), _R.id.in_(within)),)


def _is_urgent(known: Known, *, urgent: bool | None) -> tuple[ColumnElement[bool], ...]:
    """Whether the listing is of the class that is checked most often; nothing when not asked."""
    if urgent is None:
        return ()
    needs = [need for need in known.needs if class_of({"needs": [need]}) == "urgent"]
    tag = tables.tag.c
    wanted = _R.id.in_(select(tag.record).where(tag.kind == "need", tag.value.in_(needs)))
    return (wanted if urgent else ~wanted,)
