"""What differs between two versions of a listing, field by field, as people see the fields.

It names every difference and weighs none of them.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from referral_directory.keeping.fields import (
    Content,
    contacts_of,
    key_of,
    leaves,
    matched,
    names_of,
)

_NOTHING: Final = object()
ORDER: Final = "contacts.order"


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: `names.uk`, `contacts[phone 1].number`, `hours.rules`, `area`."""

    field: str
    kind: Literal["added", "removed", "changed"]
    old: Any = dataclasses.field(repr=False)
    """None when it was added."""
    new: Any = dataclasses.field(repr=False)
    """None when it was removed."""


def changes(old: Content | None, new: Content) -> tuple[Change, ...]:
    """Every difference, in the order of fields; none is left out. `old` is None: all is added.

    A contact is known again by its kind and address, else by its kind and place among those left.
    One that was added or removed is a single change with the whole of it.
    """
    before: Content = old or {}
    found: list[Change] = []
    for name in _names(before, new):
        if name == "contacts":
            found += _contacts(contacts_of(before), contacts_of(new))
        else:
            found += _differences(before.get(name, _NOTHING), new.get(name, _NOTHING), name)
    return tuple(found)


def _names(before: Content, new: Content) -> Iterator[str]:
    """The fields of both, those of the newer first, in its order."""
    yield from new
    yield from (name for name in before if name not in new)


def _differences(old: Any, new: Any, name: str) -> Iterator[Change]:
    before = {} if old is _NOTHING else dict(leaves(old, name))
    after = {} if new is _NOTHING else dict(leaves(new, name))
    for leaf in dict.fromkeys((*after, *before)):
        was, became = before.get(leaf, _NOTHING), after.get(leaf, _NOTHING)
        if was is _NOTHING:
            yield Change(leaf, "added", None, became)
        elif became is _NOTHING:
            yield Change(leaf, "removed", was, None)
        elif was != became:
            yield Change(leaf, "changed", was, became)


def _contacts(old: list[Content], new: list[Content]) -> Iterator[Change]:
    pairs = matched(old, new)
    came_from = {after: before for before, after in pairs.items()}
    names = names_of(new)
    for place, contact in enumerate(new):
        if place in came_from:
            yield from _differences(old[came_from[place]], contact, names[place])
        else:
            yield Change(names[place], "added", None, contact)
    for place, name in enumerate(names_of(old)):
        if place not in pairs:
            # Counted as it stood before; another contact may bear that name now.
            said = name if name not in names else f"{name[:-1]} before]"
            yield Change(said, "removed", old[place], None)
    order = [pairs[place] for place in sorted(pairs)]
    if order != sorted(order):
        yield Change(ORDER, "changed", [key_of(c) for c in old], [key_of(c) for c in new])
