"""Two changes of one listing put together: an update of a pack and a local edit, or an old draft
and what was published meanwhile.

It goes field by field. What only one side changed is taken; what both changed otherwise stays as
ours and is named. It never mixes two addresses or two hours into one that nobody wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from referral_directory.keeping.fields import Content
from referral_directory.keeping.merging_contacts import merged_contacts
from referral_directory.keeping.threes import NOTHING, Conflicts, merged, three

_BY_KEY: Final = frozenset({"names", "organization", "summary", "who", "windows", "accepted"})
"""Fields whose entries are each a field of their own. All others are taken whole."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What came of it; each field of `conflicts` stands as on our side."""

    content: dict[str, Any] = field(repr=False)
    conflicts: tuple[str, ...]


def three_way(base: Content | None, ours: Content, theirs: Content) -> Merge:
    """`ours` with what `theirs` changed since `base`, and the fields that both changed otherwise.

    `base` is None: they share nothing, so every difference between the two is a conflict or, where
    only one of them says something, taken from it.
    """
    conflicts: Conflicts = []
    content: dict[str, Any] = {}
    common: Mapping[str, Any] = base or {}
    for name in dict.fromkeys((*ours, *theirs)):
        if name == "contacts":
            contacts = merged_contacts(common, ours, theirs, conflicts)
            value = contacts or NOTHING
        else:
            sides = three(name, common, ours, theirs)
            value = merged(sides, name, conflicts, by_key=name in _BY_KEY)
        if value is not NOTHING:
            content[name] = value
    return Merge(content, tuple(dict.fromkeys(conflicts)))
