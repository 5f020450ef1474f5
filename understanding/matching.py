"""Finds patterns in a text that was turned into one character a word.

A pattern is a regular expression over signatures (see `signatures`), so that looking for it costs
less than a microsecond. It decides which patterns match where, and nothing about what that means.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from understanding.grammar import GAP, WIDE_GAP, Choice, Gap, Named, Pattern, Sequence, Unit, Word
from understanding.reading import REACH, Rule
from understanding.signatures import ASKED, STOP, Alphabet
from understanding.units import BUILT_IN_UNITS, Lists

_NO_LETTERS = Alphabet()
"""Of a rule whose expression is written."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Signatures of the words of a language that turn the meaning of others."""

    negation: str = field(default="", repr=False)
    clause: str = field(default="", repr=False)
    """Words that begin a clause: no negation reaches across one."""
    politeness: str = field(default="", repr=False)
    reach: int = REACH


@dataclass(slots=True, eq=False)
class Matcher:
    """A rule, ready to be looked for."""

    rule: Rule
    lists: Lists = field(repr=False)
    letters: Alphabet = field(repr=False)
    spoken: Spoken = field(repr=False)
    """The small words of the rule's language."""
    also: tuple[frozenset[str], ...] = field(repr=False, default=())
    """Sets of signatures; every match has one of each besides that by which it is found."""
    negated: bool = False
    """Every match holds a negation of its own."""
    kind: str = ""
    """What it decides: a crisis, `need`, `command`, `place`, or what it turns off."""
    _compiled: re.Pattern[str] | None = None
    _expression: str = field(repr=False, default="")

    def find(self, said: str) -> Iterator[re.Match[str]]:
        """Every place where the pattern stands in the text."""
        if self._compiled is None:
            # Most rules are never looked for; those that are, are compiled once.
            self._compiled = re.compile(self._expression or _Writer(self).pattern())
        return self._compiled.finditer(said)

    def __getstate__(self) -> tuple[Any, ...]:
        """What it takes to look for it. Of what the expression was written from, which is most of
        all there is, nothing: who takes this up again is ready in a third of the time.
        """
        rule, pattern = self.rule, self.rule.pattern
        said = rule.language, rule.says, rule.written, rule.off
        signs = pattern.whole, pattern.strong, pattern.anywhere
        expression = self._expression or _Writer(self).pattern()
        return said, signs, self.spoken, self.also, self.negated, self.kind, expression

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        said, signs, self.spoken, self.also, self.negated, self.kind, self._expression = state
        language, says, written, off = said
        self.rule = Rule(language, says, written, Pattern((), *signs), off)
        self.lists, self.letters, self._compiled = {}, _NO_LETTERS, None


class _Writer:
    """Writes a pattern as a regular expression."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        spoken = matcher.spoken
        inner = "" if matcher.negated else re.escape(spoken.negation)
        self.between = f"[^{STOP}{ASKED}{inner}]"
        self.polite = f"[{re.escape(spoken.politeness)}{STOP}{ASKED}]"

    def pattern(self) -> str:
        sequences = [self.sequence(one) for one in self.matcher.rule.pattern.sequences]
        if self.matcher.rule.pattern.whole:
            return f"^{self.polite}*{sequences[0]}{self.polite}*$"
        if len(sequences) == 1:
            return sequences[0]
        gap = ".*?" if self.matcher.rule.pattern.anywhere else f".{{0,{WIDE_GAP}}}?"
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
        if self.matcher.rule.pattern.whole:
            return f"{self.polite}{{0,2}}?"
        return f"{self.between}{{0,{most}}}?" if most else ""

    def part(self, part: Word | Named | Choice) -> str:
        if isinstance(part, Word):
            return "".join(self.one_of([unit]) for unit in part.units)
        if isinstance(part, Choice):
            return f"(?:{'|'.join(self.sequence(way) for way in part.ways)})"
        if part.name in BUILT_IN_UNITS:
            return self.one_of(BUILT_IN_UNITS[part.name])
        single: list[Unit] = []
        several: list[str] = []
        for entry in self.matcher.lists[part.name]:
            (first, *more) = entry.parts
            units = first.units if isinstance(first, Word) else ()
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
