"""Which units of its lexicon a pattern may use, and which of them every match must have.

It decides from which words a pattern is begun: the rarest that can be had. It knows no text.
"""

from collections.abc import Collection, Iterable, Mapping

from understanding.grammar import Choice, Gap, Named, Sequence, Unit, Word

Lists = Mapping[str, tuple[Sequence, ...]]
Uses = Mapping[Unit, int]
"""How many rules use a unit."""
Trigger = tuple[int, frozenset[Unit]]

BUILT_IN_UNITS: Mapping[str, tuple[Unit, ...]] = {
    "AGE": tuple((str(age), False) for age in range(1, 18)),
    "ADULT": tuple((str(age), False) for age in range(18, 100)),
    "YEAR": tuple((str(year), False) for year in range(1900, 2100)),
    "NUMBER": tuple((str(number), False) for number in (*range(1000), *range(1900, 2100))),
}


class ListUnits:
    """The units of one language's lists, each list looked through once."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self._all: dict[str, frozenset[Unit]] = {
            name: frozenset(units) for name, units in BUILT_IN_UNITS.items()
        }
        self._triggers: dict[str, Trigger | None] = {}

    def all(self, sequence: Sequence) -> set[Unit]:
        """Every unit that a sequence may use."""
        found: set[Unit] = set()
        for part in sequence.parts:
            if isinstance(part, Word):
                found.update(part.units)
            elif isinstance(part, Choice):
                found.update(*map(self.all, part.ways))
            elif isinstance(part, Named):
                found |= self.of_list(part.name)
        return found

    def of_list(self, name: str) -> frozenset[Unit]:
        """Every unit of a list."""
        if name not in self._all:
            self._all[name] = frozenset().union(*map(self.all, self.lists.get(name, ())))
        return self._all[name]

    def holds(self, sequence: Sequence, wanted: Collection[Unit]) -> bool:
        """Whether every match of a sequence has one of these units in it."""
        return any(self._part_holds(part, wanted) for part in sequence.parts)

    def _part_holds(self, part: Word | Named | Gap | Choice, wanted: Collection[Unit]) -> bool:
        if isinstance(part, Word):
            return any(unit in wanted for unit in part.units)
        if isinstance(part, Gap) or (isinstance(part, Choice) and part.optional):
            return False
        ways = part.ways if isinstance(part, Choice) else self.lists.get(part.name, ())
        return bool(ways) and all(self.holds(way, wanted) for way in ways)

    def triggers(self, sequence: Sequence, uses: Uses) -> list[Trigger]:
        """How often its units are used, and a set of units of which every match has one: for each
        part that must be there, the rarest first.
        """
        found = (self._of_part(part, uses) for part in sequence.parts)
        return sorted((one for one in found if one), key=_often)

    def _of_part(self, part: Word | Named | Gap | Choice, uses: Uses) -> Trigger | None:
        if isinstance(part, Word):
            if len(part.units) == 1:
                return uses[part.units[0]], frozenset(part.units)
            return min(((uses[unit], frozenset([unit])) for unit in part.units), key=_often)
        if isinstance(part, Gap) or (isinstance(part, Choice) and part.optional):
            return None
        if isinstance(part, Choice):
            return self._of_ways(part.ways, uses)
        if part.name not in self._triggers:
            ways = (
                (Sequence((Word((unit,)),)) for unit in BUILT_IN_UNITS[part.name])
                if part.name in BUILT_IN_UNITS
                else self.lists.get(part.name, ())
            )
            self._triggers[part.name] = self._of_ways(ways, uses)
        return self._triggers[part.name]

    def _of_ways(self, ways: Iterable[Sequence], uses: Uses) -> Trigger | None:
        found: set[Unit] = set()
        for way in ways:
            rarest = self.triggers(way, uses)
            if not rarest:
                return None
            found |= rarest[0][1]
        return sum(uses[unit] for unit in found), frozenset(found)


def _often(trigger: Trigger) -> int:
    return trigger[0]
