"""One field on three sides: as it was, as we have it, as they have it; and what is kept of it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

NOTHING: Final = object()
"""Stands for a field that one side does not have."""

Conflicts = list[str]
"""Names of fields are added to it in the order in which they are met."""


class Three(NamedTuple):
    """A field on three sides; `NOTHING` where a side has none."""

    base: Any
    ours: Any
    theirs: Any


def three(
    name: str, base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Three:
    """The field of that name on each side."""
    return Three(base.get(name, NOTHING), ours.get(name, NOTHING), theirs.get(name, NOTHING))


def merged(sides: Three, name: str, conflicts: Conflicts, *, by_key: bool = False) -> Any:
    """What is kept of a field; `NOTHING` when it goes. A conflict keeps ours and is named.

    `by_key`: each entry of it is a field of its own, `name.key`.
    """
    base, ours, theirs = sides
    if ours == theirs or base == theirs:  # noqa: PLR1714  (a list has no hash)
        return ours
    if base == ours:
        return theirs
    if by_key:
        # A side without the field is one without any entry of it.
        before, our, their = ({} if side is NOTHING else side for side in sides)
        entries = {
            key: merged(three(key, before, our, their), f"{name}.{key}", conflicts)
            for key in dict.fromkeys((*our, *their))
        }
        kept = {key: value for key, value in entries.items() if value is not NOTHING}
        return kept or NOTHING
    conflicts.append(name)
    return ours
