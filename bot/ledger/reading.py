"""Looks: a record whole, its history, drafts, counts, what importers start from.

They change nothing. What is not public is left out for whoever may not see it; that somebody did
see it is written down by whoever calls `whole` and `history` here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from bot.ledger import tables
from bot.ledger.held import Held, served
from bot.ledger.known import Known
from bot.ledger.listing import at_stage, lines, rows_of, visible
from bot.ledger.loading import load
from bot.ledger.model import Actor, Content, Draft, NoSuchRecord, Record, Revision
from bot.ledger.plain import read
from bot.ledger.reports import task_seen, tasks_of
from bot.ledger.scope import Eyes, may_see, shown_draft
from bot.ledger.shelving import Shelving
from referral_directory.keeping import Change, changes


@dataclass(frozen=True, slots=True)
class Look:
    """One picture of the ledger, for one person."""

    connection: Connection = field(repr=False)
    head: Mapping[str, Any] = field(repr=False)
    """As it was believed."""
    known: Known
    actor: Actor
    today: date


def the_record(look: Look, record: str) -> Held:
    """The record as it was signed, when this person may see it.

    Raises `NoSuchRecord` and `Tampered`.
    """
    found = load(look.connection, [record])
    Shelving(look.connection, dict(look.head)).check([record], found)
    held = found.get(record)
    if held is None or not may_see(look.actor, held, look.known):
        raise NoSuchRecord("there is no such record", "Look for it in the list.")
    return held


def whole(look: Look, held: Held) -> Record:
    """The record as this person may see it."""
    row = lines(look.connection, rows_of(tables.record.c.id == held.id), look.today)[0]
    why = None
    if held.suspended:
        acts = tables.act.c
        said = look.connection.execute(select(acts.said).where(acts.seq == held.suspended)).scalar()
        why = str(read(said or "{}").get("why", ""))
    others = select(tables.record.c.id).where(tables.record.c.redirect == held.id)
    eyes = Eyes.of(look.actor, held)
    content = eyes.see(held.content)
    draft = shown_draft(look.actor, held)
    return Record(
        row=row,
        revision=held.revision,
        content=content,
        published=served(held),
        draft=draft,
        checks=held.checked(content),
        suspended_why=why,
        tasks=tuple(task_seen(eyes, one) for one in tasks_of(look.connection, held.id)),
        redirects=tuple(look.connection.execute(others.order_by(tables.record.c.id)).scalars()),
        source=held.source,
        draft_checks=held.checked(draft.content) if draft else (),
    )


def history(look: Look, held: Held) -> tuple[Revision, ...]:
    """Every act on the record, oldest first, as this person may see it."""
    act, content = tables.act.c, tables.content.c
    rows = look.connection.execute(
        select(tables.act, content.body, content.redacted)
        .outerjoin(tables.content, act.content == content.id)
        .where(act.record == held.id)
        .order_by(act.seq)
    ).mappings()
    acts = [dict(row) | {"said_before": read(row["body"] or "null")} for row in rows]
    before = [act["said_before"] for act in acts if act["said_before"]]
    eyes = Eyes.of(look.actor, held).and_of(before, held.content)
    return tuple(_revision(one, eyes) for one in acts)


def drafts(look: Look) -> tuple[Draft, ...]:
    """Every open draft this person may see, oldest first."""
    statement = (
        select(tables.draft.c.record)
        .join(tables.record, tables.record.c.id == tables.draft.c.record)
        .where(visible(look.actor))
        .order_by(tables.draft.c.since, tables.draft.c.record)
    )
    wanted = list(look.connection.execute(statement).scalars())
    held = load(look.connection, wanted)
    shown = (shown_draft(look.actor, held[one]) for one in wanted)
    return tuple(draft for draft in shown if draft is not None)


def draft_changes(look: Look, held: Held) -> tuple[Change, ...]:
    """The open draft against what stands."""
    if held.draft is None:
        return ()
    eyes = Eyes.of(look.actor, held)
    stands = eyes.see(held.kept.content) if held.kept else None
    return changes(stands, eyes.see(held.draft.kept.content))


def counts(look: Look) -> dict[str, int]:
    """How much there is to do, of what this person may see."""
    mine = visible(look.actor)
    record, draft = tables.record.c, tables.draft.c
    soon = (look.today + timedelta(days=7)).isoformat()
    running = and_(record.published.is_(True), record.retired.is_(False), record.suspended == 0)
    wanted = {
        "due": and_(running, record.due_on.is_(None) | (record.due_on <= soon)),
        "stale": at_stage("stale", look.today),
        "hidden": at_stage("hidden", look.today),
        "suspended": at_stage("suspended", look.today),
        "unpublished": at_stage("draft", look.today),
    }
    one_walk = look.connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(record.tasks), 0),
            *(func.coalesce(func.sum(case((said, 1), else_=0)), 0) for said in wanted.values()),
        ).where(mine)
    ).one()
    found = dict(zip(("records", "tasks", *wanted), map(int, one_walk), strict=True))
    rows = look.connection.execute(
        select(draft.authors).join(tables.record, record.id == draft.record).where(mine)
    ).scalars()
    authors = [read(one) for one in rows]
    found["drafts"] = len(authors)
    found["drafts_waiting"] = sum(look.actor.id not in one for one in authors)
    return found


def everything(connection: Connection) -> Iterator[tuple[str, int, Content]]:
    """Every record that stands: id, revision, content."""
    record, content = tables.record.c, tables.content.c
    rows = connection.execute(
        select(record.id, record.revision, content.body)
        .join(tables.content, content.id == record.content)
        .where(record.redirect.is_(None))
        .order_by(record.id)
    )
    for name, revision, body in rows:
        yield name, revision, read(body)


def resolved(connection: Connection, record: str) -> str:
    """The id that a record has now: it may have been merged into another one."""
    for _ in range(8):
        to = connection.execute(
            select(tables.record.c.redirect).where(tables.record.c.id == record)
        ).scalar()
        if to is None:
            break
        record = str(to)
    return record


def looked(look: Look, record: str) -> bool:
    """Whether it is written down already that this person looked at it today."""
    act = tables.act.c
    by, day = look.actor.id, look.today.isoformat()
    found = select(act.seq).where(
        act.record == record, act.kind == "look", act.by == by, act.day == day
    )
    return look.connection.execute(found.limit(1)).first() is not None


def _revision(row: Mapping[str, Any], eyes: Eyes) -> Revision:
    body = row["said_before"]
    said = eyes.told(read(row["said"]))
    return Revision(
        sequence=row["seq"],
        number=row["number"],
        act=row["kind"],
        by=row["by"],
        second=row["second"],
        on=date.fromisoformat(row["day"]),
        why=str(said.get("why", "")),
        content=eyes.see(body) if body is not None else None,
        redacted=tuple(read(row["redacted"])) if row["redacted"] else (),
        told={name: value for name, value in said.items() if name != "why"},
    )
