"""What a typed word is meant to be, for a person of one language: a word of the lexicons, in
another writing, mistyped, or grown together with the next.

It decides in which order these are tried. It keeps no word that was typed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from understanding.grammar import Unit
from understanding.normal import PAUSE, QUOTE, once
from understanding.scripts import (
    in_latin,
    is_cyrillic,
    is_latin,
    one_script,
    other_keys,
    skeleton,
    without_digits,
)
from understanding.signatures import ASKED, STOP, UNKNOWN, Alphabet, Space
from understanding.typos import Typos

CYRILLIC = frozenset({"uk", "ru"})
LEAST_GROWN, MOST_GROWN = 6, 40
"""Letters of a word that may be several grown together."""
LEAST_REST = 4
"""Letters after a stem that may be a word of their own."""
LONGEST_PIECE = 16
MOST_PIECES = 0.6
"""Words a letter that may have grown together; a word of one or two letters counts for two."""
ALONE = frozenset("iaяиувоyeò")
"""Words of one letter."""
LEAST_SKELETON = 3
LEAST_NAME = 7
"""Letters of a place's name that may be mistyped: a short one is a slip away from other words."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as signatures, and before which of them there was a pause or a quotation mark."""

    signs: str = field(repr=False)
    pauses: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Speller:
    """The words that a person of one language may mean."""

    language: str
    table: Mapping[str, str] = field(repr=False)
    """Every word that needs no thought: forms of all languages, and plain words of this one."""
    main: Space = field(repr=False)
    drawn: Space = field(repr=False)
    """Words of Ukrainian and Russian by their skeletons."""
    own: frozenset[str] = field(repr=False)
    """Words of this language that may be grown together."""
    own_stems: frozenset[str] = field(repr=False)
    typos: Typos = field(repr=False)
    drawn_typos: Typos = field(repr=False)

    def knows(self, words: Sequence[str]) -> int:
        """How many words are of this language, just as they stand; for Ukrainian and Russian, in
        Latin letters too.
        """
        known = sum(map(self.own.__contains__, words))
        if self.language not in CYRILLIC or known == len(words):
            return known
        drawn = self.drawn.table
        sizes = [
            len(word)
            for word in words
            if word.isascii() and word not in self.own and skeleton(word) in drawn
        ]
        # Short words are alike in many languages, so they count only beside longer ones.
        longer = sum(size >= LEAST_REST for size in sizes)
        return known + longer + min(longer, len(sizes) - longer)

    def read(self, words: Sequence[str]) -> Said:
        """The words and breaks of a text as signatures."""
        table = self.table
        signs: list[str] = []
        pauses: list[int] = []
        for word in words:
            sign = table.get(word)
            if sign is None:
                if word in (PAUSE, QUOTE):
                    pauses.append(len(signs))
                    continue
                sign = self.find(word)
            signs += sign
        return Said("".join(signs), frozenset(pauses))

    def find(self, typed: str) -> str:
        """The signature of a word that is not in the table; several when words were grown
        together; UNKNOWN when nothing is near.
        """
        word = once(typed)
        if (sign := self.table.get(word)) is not None:
            return sign
        cyrillic, latin = is_cyrillic(word), is_latin(word)
        if not word.isalpha():
            if not (cyrillic or latin):
                return UNKNOWN
            if latin and (sign := self.main.find(without_digits(word))) is not None:
                return sign
        if cyrillic and latin:
            word = one_script(word)
            cyrillic = is_cyrillic(word)
            if (sign := self.table.get(word)) is not None:
                return sign
        if cyrillic == (self.language in CYRILLIC):
            return self._own(word, typed)
        return self._of_cyrillic(word) if not cyrillic else self._of_latin(word)

    def _own(self, word: str, typed: str) -> str:
        """A word in the writing of the person's language; `typed`: with its doubled letters, for
        two words may meet in one (`wanttodie`).
        """
        by_stem = self.main.stem(word, self.own_stems)
        if by_stem and len(word) - by_stem[1] < LEAST_REST:
            return by_stem[0]
        found = self._grown(typed, self.main, self.own) if typed != word else None
        found = found or self._grown(word, self.main, self.own)
        if found is None and by_stem:
            return by_stem[0]
        found = found or self.typos.find(word)
        if found is None and (foreign := self.main.stem(word)):
            found = foreign[0]
        if found is None and self.language not in CYRILLIC:
            found = self._drawn(word, least=LEAST_SKELETON + 2)
        return found or self._by_other_keys(word) or UNKNOWN

    def _of_cyrillic(self, word: str) -> str:
        """A word in Latin letters from a person whose language is written in Cyrillic."""
        found = self._drawn(word) or self.main.find(word)
        found = found or self._grown(skeleton(word), self.drawn, self.drawn.table)
        return (
            found or self.drawn_typos.find(skeleton(word)) or self._by_other_keys(word) or UNKNOWN
        )

    def _of_latin(self, word: str) -> str:
        """A word in Cyrillic from a person whose language is written in Latin letters."""
        found = self.main.find(word) or self.main.find(once(in_latin(word, self.language)))
        return found or self._by_other_keys(word) or UNKNOWN

    def _drawn(self, word: str, least: int = 1) -> str | None:
        drawn = skeleton(word)
        return self.drawn.find(drawn) if len(drawn) >= least else None

    def _by_other_keys(self, word: str) -> str | None:
        if len(word) <= LEAST_SKELETON:
            return None
        meant = once(other_keys(word))
        return self.main.find(meant) if meant.isalpha() else None

    def _grown(self, word: str, space: Space, known: Iterable[str]) -> str | None:
        """The signatures of the fewest words that a word is made of, when it is made of known
        ones. The last may be a form of a stem.
        """
        if not LEAST_GROWN <= len(word) <= MOST_GROWN:
            return None
        best: list[tuple[int, str] | None] = [None] * len(word)
        for start in range(len(word) - 1, -1, -1):
            for end in range(start + 1, min(len(word), start + LONGEST_PIECE) + 1):
                piece = word[start:end]
                if end - start == 1 and piece not in ALONE:
                    continue
                rest = (0, "") if end == len(word) else best[end]
                if rest is None:
                    continue
                sign = self._piece(piece, space, known, last=end == len(word))
                if sign is None:
                    continue
                whole = (rest[0] + 1 + (end - start < 3), sign + rest[1])
                before = best[start]
                if before is None or whole[0] < before[0]:
                    best[start] = whole
        found = best[0]
        if found is None or found[0] > len(word) * MOST_PIECES:
            return None
        return found[1]

    def _piece(self, piece: str, space: Space, known: Iterable[str], *, last: bool) -> str | None:
        if piece in known:
            return space.table.get(piece) or self.table.get(piece)
        if last and len(piece) >= LEAST_REST and (by_stem := space.stem(piece)):
            near = by_stem[1] >= LEAST_SKELETON and len(piece) - by_stem[1] <= LEAST_REST
            return by_stem[0] if near else None
        return None


def spellers(
    codes: Iterable[str],
    alphabet: Alphabet,
    units: Mapping[str, Iterable[Unit]],
    together: Mapping[str, tuple[str, ...]],
    plain: Mapping[str, Iterable[str]],
    names: Collection[Unit] = (),
) -> dict[str, Speller]:
    """A speller for each of some languages. `units`: language → its units; `plain`: language →
    words that are spelt right and belong to no list; `names`: units only in names of places.
    """
    everything = dict.fromkeys(unit for some in units.values() for unit in some)
    main = alphabet.space((unit[0], unit) for unit in everything)
    drawn = alphabet.space(
        (skeleton(unit[0]), unit)
        for code in sorted(CYRILLIC)
        for unit in units.get(code, ())
        if is_cyrillic(unit[0]) and len(skeleton(unit[0])) >= (LEAST_SKELETON if unit[1] else 1)
    )
    drawn_typos = Typos(_signed(drawn))
    both = _both(alphabet, main, drawn)
    made = {}
    slips: dict[frozenset[str], Typos] = {}
    for code in codes:
        full = together.get(code, (code,))
        mine = {unit for one in full for unit in units.get(one, ())}
        if frozenset(full) not in slips:
            slips[frozenset(full)] = Typos(
                (text, stem, (main.stems if stem else main.table)[text])
                for text, stem in sorted(mine)
                if len(text) >= LEAST_NAME or (text, stem) not in names
            )
        near = slips[frozenset(full)]
        own_stems = frozenset(text for text, stem in mine if stem)
        words = {}
        for typed in dict.fromkeys(typed for one in full for typed in plain.get(one, ())):
            word = once(typed)
            # Some of these are slips too, however often they were made up.
            own_sign = main.table.get(word) or (main.stem(word, own_stems) or (None,))[0]
            words[typed] = words[word] = own_sign or near.find(word) or main.find(word) or UNKNOWN
        table = {**words, **main.table, **(both if code in CYRILLIC else {}), "?": ASKED, ".": STOP}
        own = frozenset(
            text for text in (*words, *(t for t, stem in mine if not stem)) if text.isalpha()
        )
        made[code] = Speller(code, table, main, drawn, own, own_stems, near, drawn_typos)
    return made


def _signed(space: Space) -> Iterable[tuple[str, bool, str]]:
    for text, sign in sorted(space.table.items()):
        yield text, False, sign
    for text, sign in sorted(space.stems.items()):
        yield text, True, sign


def _both(alphabet: Alphabet, main: Space, drawn: Space) -> dict[str, str]:
    """Latin words that may also be Ukrainian or Russian in Latin letters: they are both."""
    found = {}
    for word, sign in main.table.items():
        other = drawn.find(skeleton(word)) if is_latin(word) else None
        if other is not None and other != sign:
            found[word] = alphabet.sign(alphabet.units(sign) | alphabet.units(other))
    return found
