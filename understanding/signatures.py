"""Signatures: one character for all words that belong to the same units of the lexicons.

A unit is a form, or a stem. `помер` may be a form of two lists and begin with three stems; whatever
shares exactly these shares a signature. It decides nothing about what a unit means.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from understanding.grammar import Unit

UNKNOWN, STOP, ASKED = "\x01", "\x02", "\x03"
"""A word of no list; the end of a sentence; the end of a question."""
FIRST = 0x4E00
"""Where signatures begin: a long row of characters without surrogates."""


@dataclass(frozen=True, slots=True)
class Space:
    """The words of one writing with their signatures."""

    table: dict[str, str] = field(repr=False)
    """Form → signature."""
    stems: Mapping[str, str] = field(repr=False)
    """Stem → signature of a word that begins so and is no form."""
    shortest: int
    longest: int

    def stem(self, word: str, only: Collection[str] | None = None) -> tuple[str, int] | None:
        """The signature of the longest stem that a word begins with, and the stem's length. With
        `only`, of these stems.
        """
        for length in range(min(len(word), self.longest), self.shortest - 1, -1):
            found = self.stems.get(word[:length])
            if found is not None and (only is None or word[:length] in only):
                return found, length
        return None

    def find(self, word: str) -> str | None:
        """The signature of a form or of a word that begins with a stem."""
        found = self.table.get(word)
        if found is None and (by_stem := self.stem(word)):
            found = by_stem[0]
        return found


class Alphabet:
    """Gives signatures, and remembers which of them each unit has."""

    def __init__(self) -> None:
        asked: Unit = ("?", False)
        self._given: dict[frozenset[Unit], str] = {frozenset([asked]): ASKED}
        self._of_unit: dict[Unit, list[str]] = {asked: [ASKED]}
        self._units: dict[str, frozenset[Unit]] = {ASKED: frozenset([asked])}

    def sign(self, units: Iterable[Unit]) -> str:
        """The signature of words that belong to these units."""
        key = frozenset(units)
        sign = self._given.get(key)
        if sign is None:
            sign = self._given[key] = chr(FIRST + len(self._given))
            self._units[sign] = key
            for unit in key:
                self._of_unit.setdefault(unit, []).append(sign)
        return sign

    def units(self, sign: str) -> frozenset[Unit]:
        """The units of a signature."""
        return self._units[sign]

    def signs(self, units: Iterable[Unit]) -> str:
        """Every signature that one of these units has."""
        return "".join(dict.fromkeys(s for unit in units for s in self._of_unit.get(unit, ())))

    def space(self, words: Iterable[tuple[str, Unit]]) -> Space:
        """The space of units by how they are written there."""
        forms: dict[str, set[Unit]] = {}
        stems: dict[str, set[Unit]] = {}
        for text, unit in words:
            (stems if unit[1] else forms).setdefault(text, set()).add(unit)
        longest = max(map(len, stems), default=1)

        def with_stems(text: str, units: Iterable[Unit]) -> str:
            found = set(units)
            for length in range(1, min(len(text), longest) + 1):
                found |= stems.get(text[:length], set())
            return self.sign(found)

        return Space(
            {text: with_stems(text, units) for text, units in forms.items()},
            {text: with_stems(text, units) for text, units in stems.items()},
            min(map(len, stems), default=1),
            longest,
        )
