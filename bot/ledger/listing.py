"""Lists of records: which of them a person may see and asked for, a page at a time.

It decides how a question becomes SQL, so that a hundred thousand records take a blink. Whatever
the lists say was written with the record; only the stage is worked out here, by the day.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from bot.ledger import tables
from bot.ledger.known import Known
from bot.ledger.loading import portions
from bot.ledger.model import Actor, ListQuery, Page, Row, Stage, Tampered
from bot.ledger.plain import asked, plain
from referral_directory.keeping import HIDDEN_AFTER, STALE_AFTER, stage_of

_R: Final = tables.record.c
LARGEST: Final = 500
"""Rows of a page, at most."""
_ORDER: Final = {
    "name": (_R.sort, _R.id),
    # What was never checked has no day: it comes first, on every database.
    "due": (_R.due_on.asc().nulls_first(), _R.sort, _R.id),
    # All of it downwards, so that the index of it can be walked backwards.
    "changed": (_R.changed.desc(), _R.sort.desc(), _R.id.desc()),
}
_FEW: Final = 3000


def find(connection: Connection, query: ListQuery, actor: Actor, known: Known, today: date) -> Page:
    """One page of what was asked for, of what the person may see."""
    wanted = and_(visible(actor), *_conditions(query, actor, known, today))
    size = max(1, min(query.size, LARGEST))
    order = _ORDER[query.order]
    # Few are found in one walk and counted with it. Of many, the index of the order gives the
    # first ones at once, and only the counting walks.
    few = connection.execute(select(_R.id).where(wanted).limit(_FEW + 1)).scalars().all()
    total = len(few)
    among: ColumnElement[bool] = _R.id.in_(few)
    if total > _FEW:
        counted = select(func.count()).select_from(tables.record).where(wanted)
        total, among = connection.execute(counted).scalar_one(), wanted
    pages = max(1, -(-total // size))
    page = max(1, min(query.page, pages))
    statement = rows_of(among).order_by(*order).limit(size).offset((page - 1) * size)
    return Page(lines(connection, statement, today), total, page, pages)


def some(
    connection: Connection, actor: Actor, records: Sequence[str], today: date
) -> dict[str, Row]:
    """Those records as lines of a list, by id, of what this person may see."""
    found: dict[str, Row] = {}
    for portion in portions(list(dict.fromkeys(records))):
        statement = rows_of(and_(visible(actor), _R.id.in_(portion)))
        found |= {row.id: row for row in lines(connection, statement, today)}
    return found


def rows_of(wanted: ColumnElement[bool]) -> Select[Any]:
    """The records that fit, with whether each has a draft."""
    has_draft = exists().where(tables.draft.c.record == _R.id)
    return select(*(_R[name] for name in _COLUMNS), has_draft.label("has_draft")).where(wanted)


_COLUMNS: Final = (
    *("id", "name", "organization", "country", "published", "shown", "suspended", "retired"),
    *("due_on", "visibility", "tasks"),
)


def lines(connection: Connection, statement: Select[Any], today: date) -> tuple[Row, ...]:
    """The rows of a list."""
    found = connection.execute(statement).mappings().all()
    said = _tags(connection, [row["id"] for row in found])
    try:
        return tuple(_row(dict(row), said.get(row["id"], {}), today) for row in found)
    except (TypeError, ValueError):
        mend = "Look at it with: ./quietline directory verify"
        raise Tampered("a list was changed in the database by hand", mend) from None


def visible(actor: Actor) -> ColumnElement[bool]:
    """What this person may see at all."""
    conditions: list[ColumnElement[bool]] = [_R.redirect.is_(None)]
    if not actor.restricted:
        conditions.append(_R.visibility == "public")
    if actor.areas:
        conditions.append(_tagged(("area", "around"), actor.areas))
    return and_(*conditions)


def at_stage(stage: Stage, today: date) -> ColumnElement[bool]:
    """The records that are at that stage today: as `keeping.stage_of` says, in SQL."""
    running = and_(_R.retired.is_(False), _R.suspended == 0, _R.published.is_(True))
    day, stale = today.isoformat(), (today - STALE_AFTER).isoformat()
    hidden = (today - HIDDEN_AFTER).isoformat()
    return {
        "retired": _R.retired.is_(True),
        "suspended": and_(_R.retired.is_(False), _R.suspended != 0),
        "draft": and_(_R.retired.is_(False), _R.suspended == 0, _R.published.is_(False)),
        "verified": and_(running, _R.due_on > day),
        "due": and_(running, or_(_R.due_on.is_(None), and_(_R.due_on <= day, _R.due_on > stale))),
        "stale": and_(running, _R.due_on <= stale, _R.due_on > hidden),
        "hidden": and_(running, _R.due_on <= hidden),
    }[stage]


def _conditions(
    query: ListQuery, actor: Actor, known: Known, today: date
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.text.strip():
        said = and_(*(_said(one, actor) for one in asked(query.text)))
        found.append(_R.id.in_(select(tables.wordlist.c.record).where(said)))
    if query.stage:
        found.append(or_(*(at_stage(stage, today) for stage in query.stage)))
    if query.need:
        found.append(_tagged(("need", "above"), [query.need]))
    if query.area:
        tag = tables.tag.c
        covers = and_(tag.kind == "area", tag.value.in_(known.within(query.area)))
        within = and_(tag.kind == "around", tag.value == query.area)
        found.append(_R.id.in_(select(tag.record).where(or_(covers, within))))
    if query.language:
        found.append(_tagged(("language",), [query.language]))
    if query.organization:
        found.append(_R.org == plain(query.organization))
    if query.source:
        found.append(_R.source == query.source)
    if query.due_before is not None:
        found += [_R.published.is_(True), _R.due_on < query.due_before.isoformat()]
    if query.draft is not None:
        has = _R.id.in_(select(tables.draft.c.record))
        found.append(has if query.draft else ~has)
    if query.task is not None:
        found.append(_R.tasks > 0 if query.task else _R.tasks == 0)
    return found


def _said(word: str, actor: Actor) -> ColumnElement[bool]:
    there = tables.wordlist.c.text.contains(word, autoescape=True)
    if not actor.restricted:
        return there
    return or_(there, tables.wordlist.c.hidden.contains(word, autoescape=True))


def _tagged(kinds: Sequence[str], values: Sequence[str]) -> ColumnElement[bool]:
    tag = tables.tag.c
    said = and_(tag.kind.in_(list(kinds)), tag.value.in_(list(values)))
    return _R.id.in_(select(tag.record).where(said))


def _tags(connection: Connection, records: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    tag = tables.tag.c
    wanted = and_(tag.record.in_(list(records)), tag.kind.in_(["area", "need", "language"]))
    statement = select(tag.record, tag.kind, tag.value).where(wanted).order_by(tag.value)
    found: dict[str, dict[str, list[str]]] = {}
    for record, kind, value in connection.execute(statement) if records else ():
        found.setdefault(record, {}).setdefault(kind, []).append(value)
    return found


def _row(row: Mapping[str, Any], said: Mapping[str, list[str]], today: date) -> Row:
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    return Row(
        id=row["id"],
        name=row["name"],
        organization=row["organization"],
        country=row["country"],
        area=tuple(said.get("area", ())),
        needs=tuple(said.get("need", ())),
        languages=tuple(said.get("language", ())),
        stage=stage_of(
            published=row["published"],
            suspended=bool(row["suspended"]),
            retired=row["retired"],
            due_on=due,
            today=today,
        ),
        due_on=due,
        published=row["shown"],
        visibility=row["visibility"],
        has_draft=bool(row["has_draft"]),
        open_tasks=row["tasks"],
    )
