"""What becomes of a plan: drafts of all of it or of nothing; their approval; the way back.

It decides that a plan is committed only over what it was made over, that a second person approves
a batch draft by draft, and that an undo takes nothing from anybody who changed something since.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from bot.ledger import batch_tables, drafts, tables
from bot.ledger.held import Held, HeldDraft
from bot.ledger.listing import visible
from bot.ledger.loading import portions
from bot.ledger.model import Actor, LedgerError, NoSuchRecord, Refused, Stale
from bot.ledger.publishing import publish
from bot.ledger.scope import in_areas, may_see
from bot.ledger.transaction import Transaction
from referral_directory.exchange.plans import WRITES, Plan, PlanItem, names_mark

_AGAIN: Final = "Make the plan again and look at it."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the records of a batch."""

    done: tuple[str, ...]
    left: Mapping[str, str]
    """Those that were left as they are, and why, in words."""


def commit(
    tx: Transaction,
    actor: Actor,
    plan: Plan,
    why: str = "",
    progress: Callable[[int], None] | None = None,
) -> str:
    """Makes the drafts of a plan, and gives the id of the batch. Raises `Stale` and `Refused`."""
    if not plan.ready:
        if plan.blocked or plan.faults:
            said = f"{len(plan.blocked)} rows of the plan are not decided"
            raise Refused("wrong_stage", said, "Mend them, or leave them out, and look again.")
        raise Refused("nothing_new", "the plan changes nothing", "Nothing needs to be done.")
    batch = f"{tx.today.isoformat()}-{secrets.token_hex(4)}"
    source = f"import:{batch}"
    why = why or source
    items = [item for item in plan.items if item.action in WRITES]
    if any(item.action == "create" for item in items):
        there = tx.ask(select(tables.record.c.id).where(visible(actor)))
        if names_mark(row[0] for row in there) != plan.over:
            said = "listings were added or taken out since the plan was made"
            raise Stale(said, _AGAIN, ())
    tx.hold([item.id for item in plan.items if item.id])
    taken = _ever(tx, [item.id for item in items if item.action == "create"])
    rows = []
    for done, item in enumerate(items, 1):
        if progress is not None:
            progress(done)
        if item.action == "create":
            name, draft = _begin(tx, actor, item, source, why, taken)
        else:
            name, draft = item.id, _change(tx, actor, item, source, why)
        rows.append(_row(batch, name, item, draft))
    rows += [
        _row(batch, item.id, item, None)
        for item in plan.items
        if item.action == "unchanged" and item.theirs is not None
    ]
    order = tx.ask(select(func.coalesce(func.max(batch_tables.batch.c.seq), 0)))[0][0] + 1
    tx.run(
        insert(batch_tables.batch).values(
            id=batch,
            digest=plan.digest,
            source=plan.source,
            by=actor.id,
            day=tx.today.isoformat(),
            state="committed",
            seq=order,
        )
    )
    tx.run(insert(batch_tables.batch_row), rows)
    kept = batch_tables.kept_plan
    tx.run(delete(kept).where(kept.c.digest == plan.digest, kept.c.by == actor.id))
    return batch


def _row(batch: str, record: str, item: PlanItem, draft: HeldDraft | None) -> dict[str, Any]:
    return {
        "batch": batch,
        "record": record,
        "action": item.action,
        "version": draft.version if draft else 0,
        "base": item.base_revision,
        "digest": draft.digest if draft else "",
        "theirs": None if item.theirs is None else json.dumps(item.theirs, ensure_ascii=False),
    }


def _change(tx: Transaction, actor: Actor, item: PlanItem, source: str, why: str) -> HeldDraft:
    held = tx.held(item.id, actor)
    if held.revision != item.base_revision or held.draft is not None or held.redirect is not None:
        raise Stale("a listing was changed since the plan was made", _AGAIN, ())
    wish = drafts.Wish(item.content or {}, why, base=item.base_revision, source=source)
    drafts.propose(tx, actor, item.id, wish)
    draft = tx.held(item.id).draft
    if draft is None:
        raise LookupError("a proposal makes a draft")
    return draft


def _begin(
    tx: Transaction, actor: Actor, item: PlanItem, source: str, why: str, taken: set[str]
) -> tuple[str, HeldDraft]:
    """A new record, with the id of the plan unless a listing that is gone had it."""
    if tx.exists(item.id):
        raise Stale("a listing was added since the plan was made", _AGAIN, ())
    said = tx.known.listing(item.content or {})
    if not in_areas(actor, said, tx.known):
        raise NoSuchRecord("an area is not one of yours", "Ask somebody who keeps it.")
    name, count = item.id, 1
    while name in taken or (name != item.id and tx.ever(name)):
        count += 1
        name = f"{item.id}-{count}"
    taken.add(name)
    kept = tx.keep(name, said)
    today = tx.today.isoformat()
    draft = HeldDraft(
        version=1, base=0, kept=kept, authors=(actor.id,), why=why, since=today, source=source
    )
    held = Held(name, tx.known.country_of(said), source, changed=today)
    tx.put(replace(held, draft=draft))
    told = {"why": why, "version": 1, "lifts": False, "absorbs": []}
    tx.act(name, "draft", actor.id, kept=kept, said=told)
    return name, draft


def _ever(tx: Transaction, names: Iterable[str]) -> set[str]:
    """Those of the ids that some record had, once."""
    found: set[str] = set()
    for some in portions(list(names)):
        acts = tables.act.c.record
        found.update(row[0] for row in tx.ask(select(acts).where(acts.in_(some)).distinct()))
    return found


def publish_batch(tx: Transaction, actor: Actor, batch: str, why: str = "") -> Outcome:
    """Publishes what may be published of a batch; the rest is left with the reason."""
    done: list[str] = []
    left: dict[str, str] = {}
    for record, row in _rows(tx, batch, actor).items():
        draft = _as_it_came(tx, record, row)
        if draft is None:
            left[record] = "There is no draft as it came."
            continue
        try:
            publish(tx, actor, record, draft.version, draft.digest, why)
        except LedgerError as refused:
            left[record] = f"{refused}. {refused.mend}".strip()
        else:
            done.append(record)
    return Outcome(tuple(done), left)


def undo(tx: Transaction, actor: Actor, batch: str, why: str = "") -> Outcome:
    """Takes a batch back, record by record; what somebody changed since is left.

    Raises `Refused` when it has records that are not there for this person: half a batch is not
    taken back.
    """
    done: list[str] = []
    left: dict[str, str] = {}
    rows = _rows(tx, batch, actor)
    if len(rows) < _standing(tx, batch):
        said = "some of it is none of yours"
        raise Refused("second_needed", said, "Ask somebody who keeps all of its areas.")
    _mark_undone(tx, batch)
    for record, row in rows.items():
        try:
            _take_back(tx, actor, record, row, why or f"import {batch} is taken back")
        except LedgerError as refused:
            left[record] = f"{refused}. {refused.mend}".strip()
        else:
            done.append(record)
    return Outcome(tuple(done), left)


def _rows(tx: Transaction, batch: str, actor: Actor) -> dict[str, Mapping[str, Any]]:
    """What was written of a batch, as far as those records are there for this person."""
    row = batch_tables.batch_row.c
    wanted = select(batch_tables.batch_row).where(row.batch == batch, row.action.in_(WRITES))
    rows = {one.record: one._mapping for one in tx.ask(wanted)}
    there = tx.hold(rows)
    return {
        record: row
        for record, row in rows.items()
        if record in there and may_see(actor, there[record], tx.known)
    }


def _standing(tx: Transaction, batch: str) -> int:
    """How many records of a batch there still are, whoever asks."""
    row = batch_tables.batch_row.c
    wanted = select(row.record).where(row.batch == batch, row.action.in_(WRITES))
    return len(tx.hold([one.record for one in tx.ask(wanted)]))


def _as_it_came(tx: Transaction, record: str, row: Mapping[str, Any]) -> HeldDraft | None:
    held = tx.hold([record]).get(record)
    draft = held.draft if held else None
    if draft is None or (draft.version, draft.digest) != (row["version"], row["digest"]):
        return None
    return draft if draft.source == f"import:{row['batch']}" else None


def _mark_undone(tx: Transaction, batch: str) -> None:
    table = batch_tables.batch
    changed = tx.run(
        update(table)
        .where(table.c.id == batch, table.c.state == "committed")
        .values(state="undone")
    )
    if not changed:
        raise Refused("wrong_stage", "it was taken back already", "Nothing needs to be done.")


def _take_back(
    tx: Transaction, actor: Actor, record: str, row: Mapping[str, Any], why: str
) -> None:
    draft = _as_it_came(tx, record, row)
    if draft is not None:
        drafts.discard(tx, actor, record, draft.version)
        return
    held = tx.hold([record]).get(record)
    if held is None:
        raise NoSuchRecord("there is no such record any more", "Nothing needs to be done.")
    if held.draft is not None:
        raise Stale("somebody has a draft of it open", "Look at that draft.", ())
    if held.revision != row["base"] + 1 or held.kept is None:
        raise Stale("it was changed again since", "Look at its history.", ())
    if row["action"] == "create":
        wish = drafts.Wish({**held.kept.content, "status": "closed"}, why, base=held.revision)
        drafts.propose(tx, actor, record, wish)
    else:
        drafts.revert(tx, actor, record, row["base"], why)
