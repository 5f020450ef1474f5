"""Imports in the ledger: plans are kept, committed whole or not at all, approved, taken back.

The one door for importers; each act is one transaction around a function of another module. What
an import makes are proposals: nothing is published that nobody else looked at, and it is no check.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, delete, insert, select

from bot.ledger import batch_tables, committing, tables
from bot.ledger.books import Books
from bot.ledger.committing import Outcome
from bot.ledger.listing import visible
from bot.ledger.model import Actor, Content, NoSuchRecord
from bot.ledger.standing import as_of, standing
from referral_directory.exchange.plan import Standing
from referral_directory.exchange.plans import WRITES, Plan, plan_from_json, plan_json

KEPT: Final = timedelta(days=3)
"""How long a plan waits for a decision."""
_AGAIN: Final = "Make the plan again and look at it."


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that was taken, with the records that it proposes something of."""

    id: str
    source: str
    by: str
    on: date
    state: Literal["committed", "undone"]
    records: tuple[str, ...]
    """Those that are there, and that whoever asks may see."""
    waiting: int
    """How many of its drafts are still open, as they came."""


class Imports:
    """What importers do in a ledger. One transaction a call; any thread may call."""

    def __init__(self, books: Books) -> None:
        """Of an open ledger: `Imports(ledger.books)`."""
        self._books = books

    def standing(self, actor: Actor, source: str = "") -> Standing:
        """What an import is planned over. `source` like `pack:ua` brings what that said before."""
        with self._books.reading() as connection:
            return standing(connection, actor, self._books.known, source)

    def as_of(self, revisions: Mapping[str, int]) -> Mapping[str, Content]:
        """What records said at those revisions: what an exported file was made from."""
        with self._books.reading() as connection:
            return as_of(connection, revisions)

    def keep(self, actor: Actor, plan: Plan) -> str:
        """Keeps a plan until somebody decides; gives its digest. Older ones are forgotten."""
        kept = batch_tables.kept_plan
        with self._books.writing() as tx:
            too_old = (tx.today - KEPT).isoformat()
            tx.run(delete(kept).where((kept.c.day < too_old) | (kept.c.digest == plan.digest)))
            row = {"digest": plan.digest, "by": actor.id, "day": tx.today.isoformat()}
            tx.run(insert(kept).values(**row, source=plan.source, body=plan_json(plan)))
        return plan.digest

    def kept(self, actor: Actor, digest: str) -> Plan:
        """A plan that this person keeps. Raises `NoSuchRecord`."""
        kept = batch_tables.kept_plan.c
        with self._books.reading() as connection:
            body = connection.execute(
                select(kept.body).where(kept.digest == digest, kept.by == actor.id)
            ).scalar()
        try:
            plan = plan_from_json(body) if body else None
        except ValueError:
            plan = None
        if plan is None or plan.digest != digest:
            raise NoSuchRecord("there is no such plan (any more)", _AGAIN)
        return plan

    def forget(self, actor: Actor, digest: str) -> None:
        """Forgets a plan of this person."""
        kept = batch_tables.kept_plan
        with self._books.writing() as tx:
            tx.run(delete(kept).where(kept.c.digest == digest, kept.c.by == actor.id))

    def commit(
        self,
        actor: Actor,
        plan: Plan,
        why: str = "",
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Batch:
        """Makes a draft of everything that the plan creates or changes, or of nothing.

        Raises `Stale` when what it was made over has changed, `Refused` when rows are undecided.
        """
        with self._books.writing() as tx:
            batch = committing.commit(tx, actor, plan, why, progress)
        return self.batch(actor, batch)

    def batches(self, actor: Actor) -> tuple[Batch, ...]:
        """The files that were taken, the newest first, as far as this person may see them."""
        with self._books.reading() as connection:
            wanted = select(batch_tables.batch).order_by(batch_tables.batch.c.seq.desc())
            rows = connection.execute(wanted).mappings().all()
            found = [_shown(connection, row, actor) for row in rows]
            return tuple(one for one in found if _sees(actor, one))

    def batch(self, actor: Actor, batch: str) -> Batch:
        """One of them. Raises `NoSuchRecord`."""
        with self._books.reading() as connection:
            found = connection.execute(
                select(batch_tables.batch).where(batch_tables.batch.c.id == batch)
            )
            row = found.mappings().one_or_none()
            one = _shown(connection, row, actor) if row is not None else None
            if one is None or not _sees(actor, one):
                raise NoSuchRecord("there is no such import", "Look in the list of imports.")
            return one

    def publish(self, actor: Actor, batch: str, why: str = "") -> Outcome:
        """Approves, as a second person, every draft of a batch that is as it came and may go out.

        What was changed since, or has a contact that nobody checked, is left with the reason.
        """
        self.batch(actor, batch)
        with self._books.writing() as tx:
            return committing.publish_batch(tx, actor, batch, why)

    def undo(self, actor: Actor, batch: str, why: str = "") -> Outcome:
        """Takes an import back: its drafts go; what was published of it is proposed as it was.

        What somebody changed since stays theirs and is named.
        """
        self.batch(actor, batch)
        with self._books.writing() as tx:
            return committing.undo(tx, actor, batch, why)


def _sees(actor: Actor, batch: Batch) -> bool:
    return bool(batch.records) or batch.by == actor.id or not actor.areas


def _shown(connection: Connection, row: Mapping[Any, Any], actor: Actor) -> Batch:
    of, draft = batch_tables.batch_row.c, tables.draft.c
    found = connection.execute(
        select(of.record, draft.version)
        .join(tables.record, tables.record.c.id == of.record)
        .outerjoin(
            tables.draft,
            (draft.record == of.record)
            & (draft.digest == of.digest)
            & (draft.source == f"import:{row['id']}"),
        )
        .where(of.batch == row["id"], of.action.in_(WRITES), visible(actor))
        .order_by(of.record)
    ).all()
    return Batch(
        id=row["id"],
        source=row["source"],
        by=row["by"],
        on=date.fromisoformat(row["day"]),
        state=row["state"],
        records=tuple(name for name, _ in found),
        waiting=sum(version is not None for _, version in found),
    )
