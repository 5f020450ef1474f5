"""The second look: what it takes to put a draft before survivors.

It decides who may approve what, and that no contact is shown that nobody checked. A draft is gone
once it is published, so that an approval counts once.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.ledger import tables
from bot.ledger.drafts import stand_firm
from bot.ledger.held import Held, HeldDraft, hidden_of, served
from bot.ledger.merging import others_are_as_seen
from bot.ledger.model import Actor, Check, Content, Refused, Revision, Stale
from bot.ledger.olden import content_of_revision
from bot.ledger.organizations import may_be_listed
from bot.ledger.plain import read
from bot.ledger.reports import move_tasks
from bot.ledger.scope import Eyes
from bot.ledger.texts import follow
from bot.ledger.transaction import Transaction
from referral_directory.keeping import (
    changes,
    critical,
    needs_second,
    part_hash,
    parts,
    review_days,
)


def publish(
    tx: Transaction, actor: Actor, record: str, version: int, digest: str, why: str = ""
) -> Revision:
    """Publishes the draft that was looked at. Raises `Refused`, `Stale`, `NoSuchRecord`."""
    held = tx.held(record, actor)
    stand_firm(held)
    draft = held.draft
    if draft is None:
        mend = "Somebody published or discarded it; see the history."
        raise Refused("wrong_stage", "there is no open draft", mend)
    if (draft.version, draft.digest) != (version, digest):
        raise Refused("changed_since", "the draft was changed after you saw it", "Look again.")
    if draft.base != held.revision:
        before = content_of_revision(tx, record, draft.base) if draft.base else draft.kept.content
        theirs = tuple(c.field for c in changes(before, held.content))
        raise Stale("the record was changed meanwhile", "Set the draft onto what stands.", theirs)
    second = _second(held, draft, actor)
    _is_vetted(held, draft.kept.content)
    may_be_listed(tx, draft.kept.content)
    others_are_as_seen(tx, held, draft)
    _is_checked(tx, held, draft)
    by = draft.authors[0]
    revision = revise(tx, held, draft, by, second, why or draft.why)
    return replace(revision, content=Eyes.of(actor, held).see(draft.kept.content))


def publish_alone(held: Held) -> tuple[str, ...]:
    """Why one of its authors may not publish the draft alone: the fields; empty when they may."""
    draft = held.draft
    if draft is None:
        return ()
    stands = held.kept.content if held.kept and held.published else None
    found = needs_second(stands, draft.kept.content)
    if draft.lifts:
        found = ("suspended", *found)
    return (*found, *(("merged",) if draft.absorbs else ()))


def revise(
    tx: Transaction, held: Held, draft: HeldDraft, by: str, second: str | None, why: str
) -> Revision:
    """Makes the draft what stands. Whoever calls it has decided that it may."""
    number = held.revision + 1
    follow(tx, held.id, held.kept.content if held.kept else None, draft.kept.content)
    told = {"why": why, "authors": list(draft.authors), "lifts": draft.lifts}
    told["absorbs"] = list(draft.absorbs)
    today = tx.today
    seq = tx.act(held.id, "publish", by, second=second, number=number, kept=draft.kept, said=told)
    tx.put(
        replace(
            held,
            revision=number,
            kept=draft.kept,
            published=True,
            suspended=0 if draft.lifts else held.suspended,
            changed=today.isoformat(),
            draft=None,
        )
    )
    for gone in draft.absorbs:
        other = tx.held(gone)
        tx.act(gone, "redirect", by, second=second, said={"why": why, "to": held.id})
        tx.put(replace(other, redirect=held.id))
        move_tasks(tx, gone, held.id)
    return Revision(
        sequence=seq,
        number=number,
        act="publish",
        by=by,
        second=second,
        on=today,
        why=why,
        content=draft.kept.content,
    )


def _second(held: Held, draft: HeldDraft, actor: Actor) -> str | None:
    """The second person; None when one of the authors may publish it alone. Raises `Refused`."""
    if actor.id not in draft.authors:
        stands = held.content if held.kept else {}
        if not actor.restricted and hidden_of(draft.kept.content) != hidden_of(stands):
            mend = "Somebody who may see what is not public must look at it."
            raise Refused("second_needed", "it changes what you may not see", mend)
        return actor.id
    if fields := publish_alone(held):
        said = "you had a hand in this draft"
        if not held.published:
            said += ", and it was never published"
        mend = f"A second person must look at: {', '.join(fields[:5])}."
        raise Refused("own_work", said, mend)
    return None


def _is_vetted(held: Held, content: Content) -> None:
    if content.get("vetting") in {"suspended", "refused"} and not held.published:
        mend = "Its vetting must be done first."
        raise Refused("not_vetted", "its vetting is suspended or refused", mend)


def _is_checked(tx: Transaction, held: Held, draft: HeldDraft) -> None:
    """Every contact that would be shown was checked as it is written, and not too long ago.

    What was suspended was checked since: an older call knew nothing of the reason. What survivors
    see already, unchanged, is not asked for: refusing the rest would mend nothing.
    """
    content = draft.kept.content
    after = replace(
        held, kept=draft.kept, published=True, suspended=0 if draft.lifts else held.suspended
    )
    if served(after) is None:
        return
    before = served(held)
    known = {} if before is None or held.kept is None else parts(held.kept.content)
    checks: dict[str, Check] = {check.part: check for check in held.checked(content)}
    since = tx.today - timedelta(days=review_days(content))
    now = parts(content)
    if held.suspended:
        fresh = _asked_after(tx, held.id, held.suspended)
        checks = {
            part: one for part, one in checks.items() if (part, part_hash(now[part])) in fresh
        }
    missing = [
        part
        for part in critical(content)
        if not (part in known and part_hash(known[part]) == part_hash(now[part]))
        and (part not in checks or checks[part].on < since)
    ]
    if missing:
        said = f"{len(missing)} ways to reach it were not checked"
        raise Refused("unchecked", said, "Call the number, then note the check on the draft.")


def _asked_after(tx: Transaction, record: str, seq: int) -> set[tuple[str, str]]:
    """The parts, with the hash of what they said, that somebody asked after that act.

    By the place in the chain: of two acts of one day, the day does not say which came first.
    """
    act = tables.act.c
    rows = tx.ask(select(act.said).where(act.record == record, act.kind == "check", act.seq > seq))
    return {(part, hash_) for (said,) in rows for part, hash_ in read(said)["parts"].items()}
