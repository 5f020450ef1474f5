"""What survivors and operators say of a listing becomes a task; unsafe suspends it, pending review.

It decides what one report may do. A stranger can send any number of them: the same thing said
again is counted, at most three listings a day are suspended by survivors' reports, and never an
emergency line or the last hotline of a country; beyond that there is a task, and an alarm.
Nothing of who reported is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, get_args

from sqlalchemy import Connection, RowMapping, and_, case, func, insert, select, update

from bot.ledger import more_tables, tables
from bot.ledger.held import Held
from bot.ledger.listing import visible
from bot.ledger.loading import load
from bot.ledger.model import Actor, NoSuchRecord, Problem, Refused, Task, Told
from bot.ledger.scope import Eyes, is_restricted, may_see
from bot.ledger.stopping import stop
from bot.ledger.transaction import Transaction
from referral_directory.codes import DIALLED, HOTLINE
from referral_directory.keeping import parts
from referral_directory.numbers import is_short

STOPS_A_DAY: Final = 3
"""Listings that survivors' reports may suspend in one day (UTC)."""
MOST: Final = 500
"""Tasks in one answer."""
RESCUE: Final = "emergency.rescue"
_T: Final = more_tables.task.c
_LONGEST_ANSWER: Final = 1000


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report did."""

    task: Task
    suspended: bool
    """It suspended the listing now."""
    alarm: bool
    """Somebody must look at once: it was said to be unsafe, and is still served."""


def report(
    tx: Transaction,
    record: str,
    problem: Problem,
    told: Told,
    contact: str = "",
    actor: Actor | None = None,
) -> Reported:
    """Opens a task or counts one that is open. `contact` is a part of the listing, or empty.

    A record that was merged is the one it was merged into. `actor`: who of the staff says it, of
    what they may see; without one, only what was published for everybody can be reported. Raises
    `NoSuchRecord`.
    """
    if problem not in get_args(Problem) or told not in get_args(Told):
        raise Refused("wrong_stage", "there is no such report", "Say one of the known problems.")
    held = _standing(tx, record, actor)
    by = actor.id if actor else told
    if contact not in parts(held.content):
        # Whoever reports may send anything: only what the listing itself says is written down.
        contact = ""
    said = {"record": held.id, "problem": problem, "told": told, "contact": contact}
    task = _same(tx, said)
    opened = task is None
    if task is None:
        held = tx.put(replace(held, tasks=held.tasks + 1))
        tx.act(held.id, "report", by, said={"problem": problem, "contact": contact})
        row = said | {"count": 1, "since": tx.today.isoformat(), "open": True}
        tx.run(insert(more_tables.task).values(**row, stopped="", answer=""))
        task = _same(tx, said)
    else:
        tx.run(update(more_tables.task).where(_T.id == task).values(count=_T.count + 1))
    suspended = alarm = False
    if problem == "unsafe" and not held.suspended:
        spared = is_emergency(held) or _is_last_line(tx, held)
        suspended = told == "operator" or (not spared and _stops_left(tx))
        alarm = opened and not suspended
    if suspended:
        stop(tx, held.id, by, "said to be unsafe; waits for a second look")
        day = tx.today.isoformat()
        tx.run(update(more_tables.task).where(_T.id == task).values(stopped=day))
    (after,) = tx.ask(select(more_tables.task).where(_T.id == task))
    return Reported(_task(after._mapping), suspended, alarm)


def close_task(tx: Transaction, actor: Actor, task: int, answer: str) -> Task:
    """Closes a task with what was found. Raises `NoSuchRecord`, `Refused`.

    A suspension stays: that a listing goes on is decided by two, as any change.
    """
    rows = tx.ask(select(more_tables.task).where(_T.id == task))
    if not rows:
        raise NoSuchRecord("there is no such task", "Look for it in the list.")
    row = rows[0]._mapping
    held = tx.held(row["record"], actor)
    if not row["open"]:
        raise Refused("wrong_stage", "it was closed already", "Nothing needs to be done.")
    done = {"open": False, "done_by": actor.id, "answer": answer.strip()[:_LONGEST_ANSWER]}
    tx.run(update(more_tables.task).where(_T.id == task).values(**done))
    tx.act(held.id, "answer", actor.id, said={"why": done["answer"], "task": task})
    tx.put(replace(held, tasks=max(0, held.tasks - 1)))
    (after,) = tx.ask(select(more_tables.task).where(_T.id == task))
    return _task(after._mapping)


def move_tasks(tx: Transaction, gone: str, keep: str) -> None:
    """What was said of a record that was merged is looked at where it went."""
    here = and_(_T.record == gone, _T.open.is_(True))
    moved = tx.run(update(more_tables.task).where(here).values(record=keep))
    if moved:
        tx.put(replace(tx.held(gone), tasks=0))
        held = tx.held(keep)
        tx.put(replace(held, tasks=held.tasks + moved))


def tasks(connection: Connection, actor: Actor, *, still_open: bool = True) -> tuple[Task, ...]:
    """The tasks of what this person may see: unsafe first, then what was said most often."""
    urgency = case({"unsafe": 0, "wrong": 1}, value=_T.problem, else_=2)
    statement = (
        select(more_tables.task)
        .join(tables.record, tables.record.c.id == _T.record)
        .where(visible(actor), _T.open.is_(still_open))
        .order_by(*((urgency, _T.count.desc(), _T.id) if still_open else (_T.id.desc(),)))
        .limit(MOST)
    )
    found = [_task(row) for row in connection.execute(statement).mappings()]
    if actor.restricted:
        return tuple(found)
    eyes = {
        record: Eyes.of(actor, held)
        for record, held in load(connection, {one.record for one in found if one.contact}).items()
    }
    return tuple(task_seen(eyes[one.record], one) if one.contact else one for one in found)


def task_seen(eyes: Eyes, task: Task) -> Task:
    """The task as this person may see it: without a contact that is not for them."""
    return task if eyes.may_read(task.contact) else replace(task, contact="")


def tasks_of(connection: Connection, record: str) -> tuple[Task, ...]:
    """The open tasks of one record; who may see it is decided by whoever asks."""
    statement = select(more_tables.task).where(_T.record == record, _T.open.is_(True))
    return tuple(_task(row) for row in connection.execute(statement.order_by(_T.id)).mappings())


def counts(connection: Connection, actor: Actor) -> dict[str, int]:
    """How many tasks are open for each problem, of what this person may see."""
    statement = (
        select(_T.problem, func.count())
        .join(tables.record, tables.record.c.id == _T.record)
        .where(visible(actor), _T.open.is_(True))
        .group_by(_T.problem)
    )
    found = {str(problem): int(count) for problem, count in connection.execute(statement)}
    return {problem: found.get(problem, 0) for problem in get_args(Problem)}


def is_emergency(held: Held) -> bool:
    """Whether it is the line that people call in danger: for rescue, or a number like 102 first.

    No report of a stranger may take it away from everybody else.
    """
    content = held.content
    if RESCUE in content.get("needs", ()):
        return True
    dialled = [c for c in content.get("contacts", ()) if c.get("kind") in DIALLED]
    number = str(dialled[0].get("number", "")) if dialled else ""
    return is_short(number) and 0 < len(number) <= 3


def _is_last_line(tx: Transaction, held: Held) -> bool:
    """Whether no other hotline of its country is shown: a stranger's word leaves nobody alone."""
    if HOTLINE not in held.content.get("needs", ()):
        return False
    record, tag = tables.record.c, tables.tag.c
    lines = select(tag.record).where(tag.kind == "need", tag.value == HOTLINE)
    other = and_(
        record.id.in_(lines),
        record.id != held.id,
        record.country == held.country,
        record.published.is_(True),
        record.suspended == 0,
        record.retired.is_(False),
    )
    return not tx.ask(select(record.id).where(other).limit(1))


def _same(tx: Transaction, said: Mapping[str, str]) -> int | None:
    """The open task in which the same was said; the oldest, when a merge brought two together."""
    same = and_(*(_T[name] == value for name, value in said.items()), _T.open.is_(True))
    found = tx.ask(select(func.min(_T.id)).where(same))[0][0]
    return None if found is None else int(found)


def _stops_left(tx: Transaction) -> bool:
    stopped = select(func.count()).where(_T.stopped == tx.today.isoformat(), _T.told == "survivor")
    return int(tx.ask(stopped)[0][0]) < STOPS_A_DAY


def _standing(tx: Transaction, record: str, actor: Actor | None) -> Held:
    held = tx.held(record)
    for _ in range(8):
        if held.redirect is None:
            break
        held = tx.held(held.redirect)
    public = held.published and not is_restricted(held)
    if not (public if actor is None else may_see(actor, held, tx.known)):
        raise NoSuchRecord("there is no such record", "Look for it in the list.")
    return held


def _task(row: RowMapping) -> Task:
    given: dict[str, Any] = dict(row)
    return Task(
        id=given["id"],
        record=given["record"],
        problem=given["problem"],
        told=given["told"],
        contact=given["contact"],
        count=given["count"],
        since=date.fromisoformat(given["since"]),
        state="open" if given["open"] else "done",
        done_by=given["done_by"],
        answer=given["answer"],
    )
