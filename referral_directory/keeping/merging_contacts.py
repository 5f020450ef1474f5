"""The contacts of three versions of a listing put together; a part of `merging`.

A contact is known again by its kind and address. Where it leads (number, what is shown of it,
country) is taken from one side as a whole. Who was taken out on one side and changed on the other
is a conflict; the order is a field like any other.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from referral_directory.keeping.changes import ORDER
from referral_directory.keeping.fields import Content, contacts_of, key_of, matched, names_of
from referral_directory.keeping.threes import NOTHING, Conflicts, Three, merged, three

_REACHED: Final = ("number", "shown", "url", "email", "country")
"""Where one contact leads: these are taken from one side, all together."""


def merged_contacts(
    base: Content, ours: Content, theirs: Content, conflicts: Conflicts
) -> list[dict[str, Any]]:
    """The contacts of the merge, in order; conflicts are added to the list."""
    return _Contacts(contacts_of(base), contacts_of(ours), contacts_of(theirs), conflicts).merge()


@dataclass(slots=True)
class _Contacts:
    base: list[Content]
    our: list[Content]
    their: list[Content]
    conflicts: Conflicts
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What stands at each place of ours; places after those of ours are theirs."""
    twins: dict[int, int | None] = field(default_factory=dict)
    """For a contact of theirs its place among ours; None when ours took it out."""

    def merge(self) -> list[dict[str, Any]]:
        in_ours, in_theirs = matched(self.base, self.our), matched(self.base, self.their)
        names, before = names_of(self.our), names_of(self.base)
        for place, contact in enumerate(self.base):
            here, there = in_ours.get(place), in_theirs.get(place)
            if here is not None and there is not None:
                self._both(contact, here, there, names[here])
            elif here is not None and self.our[here] != contact:
                self.kept[here] = dict(self.our[here])
                self.conflicts.append(names[here])
            elif there is not None:
                self.twins[there] = None
                if self.their[there] != contact:
                    self.conflicts.append(f"{before[place][:-1]} before]")
        self._new_on_either_side(set(in_ours.values()), names)
        order = self._order(in_ours, in_theirs)
        return [self.kept[place] for place in order if place in self.kept]

    def _both(self, base: Content, here: int, there: int, name: str) -> None:
        self.kept[here] = self._contact(base, self.our[here], self.their[there], name)
        self.twins[there] = here

    def _new_on_either_side(self, known: set[int], names: list[str]) -> None:
        """What both added at the same address is one contact."""
        new_here: dict[str, list[int]] = {}
        for place, contact in enumerate(self.our):
            if place not in known:
                self.kept[place] = dict(contact)
                new_here.setdefault(key_of(contact), []).append(place)
        for place, contact in enumerate(self.their):
            if place in self.twins:
                continue
            same = new_here.get(key_of(contact))
            if same:
                self._both({}, same[0], place, names[same.pop(0)])
            else:
                self.kept[len(self.our) + place] = dict(contact)

    def _contact(self, base: Content, ours: Content, theirs: Content, name: str) -> dict[str, Any]:
        sides = Three(*(self._reached(one) for one in (base, ours, theirs)))
        clashed: Conflicts = []
        address = merged(sides, name, clashed)
        if clashed:
            differ = (key for key in _REACHED if ours.get(key) != theirs.get(key))
            self.conflicts += [f"{name}.{key}" for key in differ]
        result: dict[str, Any] = {}
        for key in dict.fromkeys((*ours, *theirs)):
            if key in _REACHED:
                value = address.get(key, NOTHING)
            else:
                fields = three(key, base, ours, theirs)
                value = merged(fields, f"{name}.{key}", self.conflicts, by_key=key == "label")
            if value is not NOTHING:
                result[key] = value
        return result

    @staticmethod
    def _reached(contact: Content) -> dict[str, Any]:
        return {key: contact[key] for key in _REACHED if key in contact}

    def _order(self, in_ours: dict[int, int], in_theirs: dict[int, int]) -> list[int]:
        """Places in our order, or in theirs when only they moved something; what only one side
        has stands after what it stands after there.
        """
        both = [place for place in range(len(self.base)) if place in in_ours and place in in_theirs]
        ours_now = sorted(both, key=lambda place: in_ours[place])
        theirs_now = sorted(both, key=lambda place: in_theirs[place])
        first = list(range(len(self.our)))
        placed = (self.twins.get(place, len(self.our) + place) for place in range(len(self.their)))
        second = [place for place in placed if place is not None]
        if ours_now != theirs_now:
            if ours_now == both:
                first, second = second, first
            elif theirs_now != both:
                self.conflicts.append(ORDER)
        return _woven(first, second)


def _woven(first: list[int], second: list[int]) -> list[int]:
    """`first`, with each place that only `second` has after the one that it stands after there."""
    woven = list(first)
    before: int | None = None
    for place in second:
        if place not in woven:
            woven.insert(0 if before is None else woven.index(before) + 1, place)
        before = place
    return woven
