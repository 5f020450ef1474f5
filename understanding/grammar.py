"""The pattern language of the lexicons: what a pattern may look like, and what it is taken apart
into. It knows neither words of a language nor text that people typed.

    pattern   ["!"] ["="] sequence (("&" | "&&") sequence)*
    sequence  (word | stem* | <list> | (one|other) | [may be missing] | "." | "...")+
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from understanding.normal import once, tokens

GAP = 2
"""Other words that may stand between two parts of a pattern."""
WIDE_GAP = 6
"""Words that `...` and `&` may leave in between."""

Node = "Word | Named | Choice | Gap | Sequence"


Unit = tuple[str, bool]
"""A form as it is looked for, or a stem (True)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A form or a stem, as people type it: one unit, or several side by side (`j'ai`)."""

    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A list of words of the lexicon, or one of the lists that every language has (`<AGE>`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """How many other words may stand here."""

    most: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; none at all when `optional`."""

    ways: "tuple[Sequence, ...]"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts in this order."""

    parts: "tuple[Word | Named | Gap | Choice, ...]"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Sequences that must all be there, in any order."""

    sequences: tuple[Sequence, ...]
    whole: bool = False
    """The message is this and nothing else, but for politeness."""
    strong: bool = False
    """Holds in the company of words of negation and of talk about others."""
    anywhere: bool = False
    """The sequences may stand any way apart (`&&`)."""


class PatternError(ValueError):
    """A pattern that cannot be read: `at` counts from 0 within it; `str()` says what is wrong."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


_SIGNS = frozenset("<>()[]|&!=.*")
_PIECES = re.compile(
    r"\s*(?:(<[^<>]*>)|(&&?)|(\.\.\.|\.(?=\s|$))|([()|\[\]])|([^\s()|\[\]<>&]+)|(.))"
)


def parse(text: str) -> Pattern:
    """Read a pattern. Raises PatternError."""
    body = text.strip()
    strong = body.startswith("!")
    body = body[1:].lstrip() if strong else body
    whole = body.startswith("=")
    body = body[1:] if whole else body
    parser = _Parser(body, len(text) - len(body))
    sequences, anywhere = parser.pattern()
    return Pattern(sequences, whole, strong, anywhere)


class _Parser:
    def __init__(self, body: str, before: int) -> None:
        self.pieces = [
            (
                match.start(match.lastindex or 0) + before,
                match.lastindex or 0,
                match[match.lastindex or 0],
            )
            for match in _PIECES.finditer(body.rstrip())
        ]
        self.end = before + len(body)
        self.place = 0

    def pattern(self) -> tuple[tuple[Sequence, ...], bool]:
        sequences = [self.sequence()]
        anywhere = False
        while self.place < len(self.pieces):
            at, kind, piece = self.pieces[self.place]
            if kind != 2:
                raise PatternError(at, f"'{piece}' stands where nothing opened it")
            anywhere |= piece == "&&"
            self.place += 1
            sequences.append(self.sequence())
        if len(sequences) > 3:
            raise PatternError(0, "more than three parts are joined by &")
        return tuple(sequences), anywhere

    def sequence(self) -> Sequence:
        parts: list[Word | Named | Gap | Choice] = []
        begun = self.pieces[self.place][0] if self.place < len(self.pieces) else self.end
        while self.place < len(self.pieces):
            at, kind, piece = self.pieces[self.place]
            if kind == 2 or piece in ("|", ")", "]"):
                break
            self.place += 1
            if kind == 1:
                parts.append(Named(piece[1:-1].strip()))
            elif kind == 3:
                parts.append(Gap(0 if piece == "." else WIDE_GAP))
            elif kind == 5:
                parts.append(word(piece, at))
            elif piece in "([":
                parts.append(self.choice(at, piece))
            else:
                raise PatternError(at, f"'{piece}' means nothing here")
        if not any(not isinstance(part, Gap) for part in parts):
            raise PatternError(begun, "a word is missing")
        return Sequence(tuple(parts))

    def choice(self, opened: int, bracket: str) -> Choice:
        closing = ")" if bracket == "(" else "]"
        ways = [self.sequence()]
        while self.place < len(self.pieces) and self.pieces[self.place][2] == "|":
            self.place += 1
            ways.append(self.sequence())
        if self.place >= len(self.pieces) or self.pieces[self.place][2] != closing:
            raise PatternError(opened, f"'{bracket}' is not closed by '{closing}'")
        self.place += 1
        return Choice(tuple(ways), optional=bracket == "[")


def word(piece: str, at: int) -> Word:
    """A form or a stem. Raises PatternError when `*` stands anywhere but at its end."""
    stem = piece.endswith("*")
    bare = piece[:-1] if stem else piece
    if not bare or "*" in bare:
        raise PatternError(at, f"'{piece}': a * stands at the end of a stem only")
    return as_typed(bare, stem=stem)


@cache
def as_typed(text: str, *, stem: bool = False) -> Word:
    """A written word with its units. Only words of files come here, so that remembering them keeps
    nothing of a person.
    """
    if text == "?":
        return Word((("?", False),))
    if text.isascii() and text.isalpha() and text.islower():
        return Word(((once(text), stem),))
    parts = [once(part) for part in tokens(text)] or [text]
    return Word((*((part, False) for part in parts[:-1]), (parts[-1], stem)))


def side_by_side(parts: Iterable[Word | Named | Gap | Choice]) -> Sequence:
    """The parts with nothing in between."""
    joined: list[Word | Named | Gap | Choice] = []
    for part in parts:
        if joined and not isinstance(part, Gap) and not isinstance(joined[-1], Gap):
            joined.append(Gap(0))
        joined.append(part)
    return Sequence(tuple(joined))


def plain(text: str) -> Sequence | None:
    """Words without any sign of the pattern language, side by side; None when there is one."""
    if not _SIGNS.isdisjoint(text) or not text.strip():
        return None
    return side_by_side(map(as_typed, text.split()))
