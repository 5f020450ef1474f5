"""The words of the directory and what people call them: needs, areas, languages, yes and no.

It turns a word into a code only when it can mean nothing else. What is not known is said, with the
nearest word; nothing is guessed.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from authored import did_you_mean
from referral_directory.codes import ABROAD, INTERNATIONAL, OCCUPIED
from referral_directory.directory import Directory

Words = Mapping[str, frozenset[str]]
"""The codes that a folded word may mean."""
_ALIKE: Final = {ord(mark): " " for mark in "_-–—./"} | dict.fromkeys(map(ord, "'’ʼ`\"«»“”"))


def folded(word: str) -> str:
    """A word without what does not tell words apart: case, accents of spelling, apostrophes."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().translate(_ALIKE).split())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes of needs and areas, and every name of each."""

    needs: frozenset[str]
    areas: frozenset[str]
    need_words: Words = field(repr=False)
    area_words: Words = field(repr=False)
    regional: frozenset[str] = frozenset()
    """Countries whose regions are all known."""

    @classmethod
    def of(cls, directory: Directory) -> "Vocabulary":
        """That of a directory."""
        needs = [
            (code, [code, code.rpartition(".")[2], *need.names.values()])
            for code, need in directory.needs.items()
        ]
        areas = [
            (one.code, [one.code, *one.names.values(), *_flat(one.aliases)])
            for one in directory.countries
        ]
        areas += [
            (one.code, [one.code, *one.names.values(), *_flat(one.aliases)])
            for one in directory.places
            if one.code != OCCUPIED
        ]
        areas += [(ABROAD, [ABROAD]), (INTERNATIONAL, [INTERNATIONAL, "international"])]
        return cls(
            needs=frozenset(directory.needs),
            areas=frozenset(code for code, _ in areas),
            need_words=_words(needs),
            area_words=_words(areas),
            regional=frozenset(one.country for one in directory.places if one.kind == "region"),
        )

    def need(self, word: str) -> tuple[str, str]:
        """The code of a need, or why there is none: one of the two is empty."""
        return _meant(word, self.needs, self.need_words, "need")

    def area(self, word: str) -> tuple[str, str]:
        """The code of an area, or why there is none. Another country's code is one too."""
        text = word.strip()
        # As in a pack: a country that is not known here, and its regions, are taken as written.
        if text not in self.areas and text[:2].isascii() and text[:2].isalpha():
            plain = text[:2].isupper() and (len(text) == 2 or text[2:3] == "-")
            if plain and text[:2] not in self.regional:
                return text, ""
        return _meant(word, self.areas, self.area_words, "area")


def _flat(aliases: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for words in aliases.values() for word in words]


def _words(named: Iterable[tuple[str, Iterable[str]]]) -> Words:
    found: dict[str, set[str]] = {}
    for code, words in named:
        for word in words:
            found.setdefault(folded(word), set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items()}


def _meant(word: str, codes: frozenset[str], words: Words, what: str) -> tuple[str, str]:
    if word in codes:
        return word, ""
    meant = words.get(folded(word), frozenset())
    if len(meant) == 1:
        return next(iter(meant)), ""
    if meant:
        return "", f"‘{word}’ may be {' or '.join(sorted(meant))}: write the code."
    hint = did_you_mean(word, codes) or did_you_mean(folded(word), words)
    return "", f"There is no {what} ‘{word}’. {hint}".rstrip()


YES: Final = frozenset(
    {"yes", "y", "true", "1", "x", "так", "є", "+", "да", "oui", "sí", "si", "taip"}
)
NO: Final = frozenset({"no", "n", "false", "0", "ні", "нет", "немає", "non", "ne"})
UNKNOWN: Final = frozenset({"unknown", "?", "невідомо", "не відомо", "неизвестно"})

CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    # Ukrainian words for the fixed ones; the code itself is always known.
    "status": {
        "діє": "active",
        "працює": "active",
        "заплановано": "planned",
        "тимчасово зачинено": "temporarily_closed",
        "тимчасово закрито": "temporarily_closed",
        "призупинено": "suspended",
        "закрито": "closed",
        "зачинено": "closed",
    },
    "cost": {"безкоштовно": "free", "безоплатно": "free", "платно": "paid", "невідомо": "unknown"},
    "run_by": {
        "держава": "state",
        "державний": "state",
        "поліція": "police",
        "військові": "military",
        "го": "ngo",
        "громадська організація": "ngo",
        "оон": "un",
        "релігійна громада": "faith",
        "постраждалі": "survivors",
        "невідомо": "unknown",
    },
    "visibility": {"відкрито": "public", "публічно": "public"},
    "holidays": {"як завжди": "as_usual", "зачинено": "closed", "невідомо": "unknown"},
    "who": {
        "жінки": "woman",
        "жінка": "woman",
        "women": "woman",
        "чоловіки": "man",
        "чоловік": "man",
        "men": "man",
        "дорослі": "adult",
        "adults": "adult",
        "діти": "under18",
        "children": "under18",
        "до 18": "under18",
        "under 18": "under18",
        "полонені": "captivity",
        "сімя": "family",
        "сімї": "family",
        "families": "family",
        "військові": "military",
        "впо": "displaced",
        "переселенці": "displaced",
    },
}


@lru_cache(maxsize=1)
def language_words() -> Mapping[str, str]:
    """Codes of languages by their code, their English and their Ukrainian name."""
    from babel import Locale  # noqa: PLC0415  (its tables take time)

    words: dict[str, str] = {}
    for spoken in ("uk", "en"):
        for code, name in Locale(spoken).languages.items():
            if 2 <= len(code) <= 3 and code.isalpha():
                words[folded(name)] = words[code] = code
    return words
