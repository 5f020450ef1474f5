"""Two people changed one listing at once: which fields met, and what each side says in them.

It decides nothing: what becomes of a field is for the person who sees both.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.console.listing_form import said_at
from bot.ledger.model import Content
from referral_directory.keeping import Change, changes, three_way


@dataclass(frozen=True, slots=True)
class Both:
    """One field as it was, as we have it and as they have it."""

    name: str
    began: Any = field(repr=False)
    ours: Any = field(repr=False)
    theirs: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Clash:
    """What two people changed at once."""

    rows: tuple[Both, ...]
    """Fields that both changed otherwise; the form holds ours."""
    taken: tuple[Change, ...]
    """What the other one changed alone; it is in the form already."""


def clash_of(before: Content, ours: Content, there: Content) -> Clash:
    """What met when `ours` and `there` were put together, both begun from `before`."""
    merge = three_way(before, ours, there)
    mine, theirs = (
        {change.field: change for change in changes(before, side)} for side in (ours, there)
    )
    rows = []
    for name in merge.conflicts:
        own, other = mine.get(name), theirs.get(name)
        if own is None and other is None:
            # Met as a whole (hours, an address), though each changed other parts of it.
            rows.append(Both(name, *(said_at(name, side) for side in (before, ours, there))))
            continue
        was = own.old if own else other.old if other else None
        rows.append(Both(name, was, own.new if own else was, other.new if other else was))
    alone = (change for name, change in theirs.items() if name not in merge.conflicts)
    return Clash(tuple(rows), tuple(one for one in alone if mine.get(one.field) != one))
