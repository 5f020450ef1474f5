"""The words of a slip: drawn, read again as somebody typed them, and made into keys.

They decide what counts as the words of a slip and which word was meant by one that was typed wrong.
They keep nothing, and nothing that was typed is in an error.

Five words of 512 that differ: 45 bits. Whoever guesses at the page has some thousand tries an hour
(`pace`), so among ten thousand slips the chance to hit one in two weeks is below one in a
hundred, and a hit shows no person. Whoever holds the database alone has nothing to try words on:
the key of the week is not in it. Whoever holds both must pay `COST` for each of the 3.5e13.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.handoff.code_words import TELLING, WordList, folded

WORDS: Final = 5
"""One fewer than brings a person back to a chat, so that the two are not taken for one another."""
COST: Final = 1 << 12
"""Of scrypt, with blocks of 1 KiB: 9 ms and 4 MiB for each set of words that is tried."""
MOST_TYPED: Final = 400
"""Characters that are looked at."""
MOST_READINGS: Final = 3
"""Ways to read what was typed, over all languages."""
OTHERWISE: Final = "en"
"""The language of a slip where a language has no list."""
_SHORT: Final = 5
"""Letters up to which one wrong is all that may be; of a longer word two may."""
_LOOKUP: Final = 16
_WORD: Final = re.compile(r"[^\W\d_]+")
_WITHIN: Final = re.compile(r"['’ʼ`´‘\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069]")


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one language that somebody may have meant."""

    language: str = field(repr=False)
    words: tuple[str, ...] = field(repr=False)
    mended: int = 0
    """How many were typed otherwise."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as far as it can be read."""

    count: int
    """How many words there were."""
    readings: tuple[Reading, ...] = ()
    """The nearest first; empty unless there are five words and each of them can be one."""
    unknown: tuple[int, ...] = ()
    """Which of five words are in no list, counted from 1, by the list that fits best."""


class Lists:
    """The words of every language. Built once; for any thread."""

    def __init__(self, lists: Mapping[str, WordList]) -> None:
        self._lists = lists
        self._folded = {
            language: {folded(word): word for word in words.words}
            for language, words in lists.items()
        }

    def draw(self, language: str) -> Reading:
        """The words of a new slip, in that language where it has a list."""
        words = self._lists.get(language) or self._lists[OTHERWISE]
        return Reading(words.language, tuple(secrets.SystemRandom().sample(words.words, WORDS)))

    def read(self, text: str) -> Typed:
        """What somebody typed. Case, marks on letters and whatever stands between words do not
        count, and a slip of the finger is mended where only one word is near.
        """
        plain = _WITHIN.sub("", unicodedata.normalize("NFC", text[:MOST_TYPED]))
        typed = _WORD.findall(plain)
        if len(typed) != WORDS:
            return Typed(len(typed))
        readings, wrong = [], []
        for language in self._lists:
            meant = [self._meant(language, word) for word in typed]
            words = tuple(word for word, _ in meant if word is not None)
            mended = sum(other for word, other in meant if word is not None)
            if len(words) == WORDS:
                readings.append(Reading(language, words, mended))
            wrong.append((mended, tuple(n for n, (word, _) in enumerate(meant, 1) if not word)))
        if readings:
            readings.sort(key=lambda reading: reading.mended)
            return Typed(WORDS, tuple(readings[:MOST_READINGS]))
        _, unknown = min(wrong, key=lambda one: (len(one[1]), one[0]), default=(0, ()))
        return Typed(WORDS, unknown=unknown)

    def _meant(self, language: str, typed: str) -> tuple[str | None, bool]:
        """The word of the list that was meant, or None; and whether it was typed otherwise."""
        plain, names = folded(typed), self._folded[language]
        if plain in names:
            return names[plain], False
        most = 1 if len(plain) <= _SHORT else 2
        near = process.extract(plain, names.keys(), scorer=OSA.distance, score_cutoff=most, limit=2)
        if near and (len(near) == 1 or near[0][1] < near[1][1]):
            return names[near[0][0]], True
        # Words of a list differ in their first letters: a longer form of a word is that word.
        whole = len(plain) >= TELLING
        return (self._lists[language].word(typed) if whole else None), True


def keys_of(reading: Reading, week_key: bytes) -> tuple[bytes, bytes]:
    """By what a slip of that week is found (16 bytes), and what it is sealed with (32 bytes)."""
    said = (
        b"quietline slip/v1 " + reading.language.encode() + b":" + " ".join(reading.words).encode()
    )
    okm = hashlib.scrypt(
        hmac.digest(week_key, said, "sha256"),
        salt=b"quietline slip/v1",
        n=COST,
        r=8,
        p=1,
        dklen=_LOOKUP + 32,
    )
    return okm[:_LOOKUP], okm[_LOOKUP:]
