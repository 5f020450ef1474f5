"""The lists that word codes are made of, and how a typed code is read.

It decides what counts as the same word: case, marks on letters, anything between words, numbers of
lines and everything after the fourth letter do not matter. It knows no chat and keeps nothing.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

WORDS: Final = 6
"""Words of a code: with 512 in a list, 54 bits."""
LEAST: Final = 512
"""Words of a list, at least."""
TELLING: Final = 4
"""Letters from the beginning that tell a word from every other of its list."""
FILE: Final = "code_words.txt"
_MOST_TYPED: Final = 40
"""Words of a message that are looked at."""
_MOST_READINGS: Final = 4
"""Ways to read one message in one language, at most."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_BETWEEN_LETTERS: Final = re.compile(r"['’ʼ`´‘\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
_SAME: Final = str.maketrans(
    {"і": "и", "ґ": "г", "є": "е", "ə": "e", "ı": "i", "œ": "oe", "æ": "ae", "ł": "l", "ø": "o"}
)


def folded(word: str) -> str:
    """A word without case and marks; letters that are typed for one another are one."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.translate(_SAME)


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of one language."""

    language: str
    words: tuple[str, ...]
    _by_start: Mapping[str, str]

    @classmethod
    def of(cls, language: str, words: Iterable[str]) -> Self:
        """The list of those words. Raises `ValueError` when two begin alike or they are too few."""
        words = tuple(words)
        by_start: dict[str, str] = {}
        for word in words:
            start = folded(word)[:TELLING]
            if other := by_start.get(start):
                raise ValueError(
                    f"code words of {language}: {word!r} begins like {other!r}; take one of them "
                    f"out, so that {TELLING} letters are enough"
                )
            by_start[start] = word
        if len(words) < LEAST:
            raise ValueError(
                f"code words of {language}: {len(words)} are too few, {LEAST} are needed"
            )
        return cls(language, words, by_start)

    def draw(self) -> tuple[str, ...]:
        """A new code: different words, in the order in which they are to be said."""
        return tuple(secrets.SystemRandom().sample(self.words, WORDS))

    def word(self, typed: str) -> str | None:
        """The word that was meant, or None."""
        plain = folded(typed)
        return self._by_start.get(plain[:TELLING]) or self._by_start.get(plain[: TELLING - 1])

    def readings(self, text: str) -> Iterator[tuple[str, ...]]:
        """The codes of this language that a text may be: at most a few."""
        meant = [self.word(typed) for typed in _typed(text)]
        known = [word for word in meant if word is not None]
        tried: set[tuple[str, ...]] = set()
        if len(known) == WORDS:
            tried.add(tuple(known))
            yield tuple(known)
        for start in range(len(meant) - WORDS + 1):
            run = [word for word in meant[start : start + WORDS] if word is not None]
            if len(run) == WORDS and tuple(run) not in tried and len(tried) < _MOST_READINGS:
                tried.add(tuple(run))
                yield tuple(run)


def read_lists(folder: Path) -> dict[str, WordList]:
    """The lists of `folder/<language>/code_words.txt`, by language. Raises `ValueError`."""
    return {
        file.parent.name: WordList.of(file.parent.name, file.read_text("utf-8").split())
        for file in sorted(folder.glob(f"*/{FILE}"))
    }


def lines(code: Iterable[str]) -> str:
    """A code as it is shown: one word a line, numbered, so that the order is plain in a script
    from right to left too.
    """
    return "\n".join(f"{number}. {word}" for number, word in enumerate(code, 1))


def _typed(text: str) -> list[str]:
    return _WORD.findall(_BETWEEN_LETTERS.sub("", unicodedata.normalize("NFC", text)))[:_MOST_TYPED]
