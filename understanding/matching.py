"""Finds patterns in a text that was turned into one character a word.

A pattern is a regular expression over signatures (see `signatures`), so that looking for it costs
less than a microsecond. It decides which patterns match where, and nothing about what that means.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from understanding.grammar import GAP, WIDE_GAP, Choice, Gap, Named, Pattern, Sequence, Word
from understanding.signatures import ASKED, STOP, Alphabet, Unit, units_of

Lists = Mapping[str, tuple[Sequence, ...]]

BUILT_IN_UNITS: Mapping[str, tuple[str, ...]] = {
    "AGE": tuple(str(age) for age in range(1, 18)),
    "YEAR": tuple(str(year) for year in range(1900, 2100)),
    "NUMBER": tuple(str(number) for number in (*range(1000), *range(1900, 2100))),
}


@dataclass(slots=True)
class Matcher:
    """A pattern over signatures."""

    pattern: Pattern
    lists: Lists = field(repr=False)
    letters: Alphabet = field(repr=False)
    negation: str = field(repr=False)
    """Signatures of the language's words of negation."""
    polite: str = field(repr=False)
    clause: str = field(repr=False, default="")
    """Signatures of words that begin a clause: no negation reaches across one."""
    negated: bool = False
    """Every match holds a negation of its own."""
    _compiled: re.Pattern[str] | None = None

    def find(self, said: str) -> Iterable[re.Match[str]]:
        """Every place where the pattern stands in the text."""
        if self._compiled is None:
            self._compiled = re.compile(_Writer(self).pattern())
        return self._compiled.finditer(said)


class _Writer:
    """Writes a pattern as a regular expression."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        inner = "" if matcher.negated else re.escape(matcher.negation)
        self.between = f"[^{STOP}{ASKED}{inner}]"
        self.polite = f"[{re.escape(matcher.polite)}{STOP}{ASKED}]"

    def pattern(self) -> str:
        sequences = [self.sequence(one) for one in self.matcher.pattern.sequences]
        if self.matcher.pattern.whole:
            return f"^{self.polite}*{sequences[0]}{self.polite}*$"
        if len(sequences) == 1:
            return sequences[0]
        gap = ".*?" if self.matcher.pattern.anywhere else f".{{0,{WIDE_GAP}}}?"
        return "|".join(gap.join(order) for order in _orders(sequences))

    def sequence(self, sequence: Sequence) -> str:
        written, gap, begun = "", GAP, False
        for part in sequence.parts:
            if isinstance(part, Gap):
                gap = part.most
                continue
            one = self.part(part)
            optional = isinstance(part, Choice) and part.optional
            if begun:
                step = self.gap(gap) + one
                written += f"(?:{step})?" if optional else step
            else:
                written += f"(?:{one}{self.gap(gap)})?" if optional else one
                begun = not optional
            gap = GAP
        return written

    def gap(self, most: int) -> str:
        if self.matcher.pattern.whole:
            return f"{self.polite}{{0,2}}?"
        return f"{self.between}{{0,{most}}}?" if most else ""

    def part(self, part: Word | Named | Choice) -> str:
        if isinstance(part, Word):
            return "".join(self.one_of([unit]) for unit in units_of(part))
        if isinstance(part, Choice):
            return f"(?:{'|'.join(self.sequence(way) for way in part.ways)})"
        if part.name in BUILT_IN_UNITS:
            return self.one_of((text, False) for text in BUILT_IN_UNITS[part.name])
        single: list[Unit] = []
        several: list[str] = []
        for entry in self.matcher.lists[part.name]:
            (first, *more) = entry.parts
            units = units_of(first) if isinstance(first, Word) else ()
            if not more and len(units) == 1:
                single += units
            else:
                several.append(self.sequence(entry))
        if single:
            several.insert(0, self.one_of(single))
        return f"(?:{'|'.join(several)})" if several else "(?!)"

    def one_of(self, units: Iterable[Unit]) -> str:
        signs = self.matcher.letters.signs(units)
        return f"[{re.escape(signs)}]" if signs else "(?!)"


def _orders(parts: list[str]) -> list[list[str]]:
    if len(parts) < 2:
        return [parts]
    return [
        [parts[i], *rest]
        for i in range(len(parts))
        for rest in _orders([*parts[:i], *parts[i + 1 :]])
    ]


def all_units(sequence: Sequence, lists: Lists) -> set[Unit]:
    """Every unit that a sequence may use."""
    found: set[Unit] = set()
    for part in sequence.parts:
        if isinstance(part, Word):
            found.update(units_of(part))
        elif isinstance(part, Choice):
            found.update(*(all_units(way, lists) for way in part.ways))
        elif isinstance(part, Named):
            if part.name in BUILT_IN_UNITS:
                found.update((text, False) for text in BUILT_IN_UNITS[part.name])
            else:
                found.update(*(all_units(entry, lists) for entry in lists[part.name]))
    return found


def holds(sequence: Sequence, lists: Lists, wanted: Collection[Unit]) -> bool:
    """Whether every match of a sequence has one of these units in it."""
    for part in sequence.parts:
        if isinstance(part, Word):
            if any(unit in wanted for unit in units_of(part)):
                return True
        elif isinstance(part, Choice):
            if not part.optional and all(holds(way, lists, wanted) for way in part.ways):
                return True
        elif isinstance(part, Named) and part.name not in BUILT_IN_UNITS:
            ways = lists[part.name]
            if ways and all(holds(way, lists, wanted) for way in ways):
                return True
    return False


def triggers(
    sequence: Sequence, lists: Lists, cost: Callable[[Iterable[Unit]], int]
) -> frozenset[Unit] | None:
    """Units of which one is in every match: the rarest that can be had. None when there is none."""
    best: frozenset[Unit] | None = None
    for part in sequence.parts:
        found: frozenset[Unit] | None = None
        if isinstance(part, Word):
            units = units_of(part)
            found = min((frozenset([unit]) for unit in units), key=cost)
        elif isinstance(part, Choice) and not part.optional:
            found = _of_all(part.ways, lists, cost)
        elif isinstance(part, Named):
            if part.name in BUILT_IN_UNITS:
                found = frozenset((text, False) for text in BUILT_IN_UNITS[part.name])
            else:
                found = _of_all(lists[part.name], lists, cost)
        if found is not None and (best is None or cost(found) < cost(best)):
            best = found
    return best


def _of_all(
    ways: Iterable[Sequence], lists: Lists, cost: Callable[[Iterable[Unit]], int]
) -> frozenset[Unit] | None:
    found: set[Unit] = set()
    for way in ways:
        one = triggers(way, lists, cost)
        if one is None:
            return None
        found |= one
    return frozenset(found)
