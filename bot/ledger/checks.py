"""Verifications: who asked, which part, how, on which day. They count while the part stays so.

It decides what can be checked. No save, import, merge or revert ever makes a check.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from bot.ledger.drafts import stand_firm, the_draft
from bot.ledger.model import Actor, Check, How, Refused
from bot.ledger.scope import seen
from bot.ledger.transaction import Transaction
from referral_directory.keeping import part_hash, parts


def check(
    tx: Transaction,
    actor: Actor,
    record: str,
    asked: Sequence[str],
    how: How,
    version: int | None,
) -> tuple[Check, ...]:
    """Notes that somebody asked today: of what stands, or of the draft of that version."""
    held = tx.held(record, actor)
    stand_firm(held)
    content = held.content if version is None else the_draft(held, version).kept.content
    there = parts(seen(actor, content))
    if how not in get_args(How):
        raise Refused("wrong_stage", "there is no such way to check", "Call, visit or write.")
    if not asked or not set(asked) <= there.keys():
        mend = "Look at the record again; it may have changed meanwhile."
        raise Refused("wrong_stage", "it has no such part to check", mend)
    day = tx.today
    noted = {part: part_hash(there[part]) for part in asked}
    tx.act(record, "check", actor.id, said={"how": how, "parts": noted})
    made = {f"{p}\n{h}": (h, actor.id, how, day.isoformat()) for p, h in noted.items()}
    tx.put(replace(held, checks={**held.checks, **made}))
    return tuple(Check(part, actor.id, how, day) for part in noted)
