"""The little language of the word lists, and how a phrase of it is found in a sentence.

    guarante*          a word that begins so              (will|shall) get money    one of them
    tell ... what      up to four words between           what (exactly)? happened  perhaps a word

Letters count, their case does not, and all kinds of apostrophes are one. It decides what is a
match; what a match means is decided by the rules.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

TEXTS = 50_000
"""Texts that are kept as they are compared: each is looked at by every rule."""
BEFORE = 5
"""As many words before a match are looked at for a `not`."""
_TOKEN = re.compile(r"\(([^()]*)\)(\?)?|\S+")
_SPACE = r"[\s,]+"
_WORD = re.compile(r"[\w%'-]+")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "\u00a0": " ", "\u202f": " "})
_TURKIC = str.maketrans({"İ": "i", "I": "ı"})


class BadPattern(ValueError):
    """A phrase of a list that cannot be read, fit to be shown to its author."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: as it stands in the text, and where."""

    said: str
    start: int
    end: int


@lru_cache(maxsize=TEXTS)
def folded(text: str, language: str = "en") -> str:
    """The text as it is compared. Dotless and dotted i are two letters in Azerbaijani."""
    if language == "az":
        text = text.translate(_TURKIC)
    # A letter stays one letter, so that what is found can be shown as it stands.
    text = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return text.translate(_APOSTROPHES)


@cache
def compiled(phrase: str, language: str = "en") -> re.Pattern[str]:
    """A phrase of a list as a regular expression over folded text. Raises `BadPattern`."""
    begun, parts, gap = False, [], ""
    for token in _TOKEN.finditer(folded(phrase, language)):
        if token[0] == "...":
            gap = r"(?:[\s,:;–-]+[\w'%-]+){0,4}?[\s,:;–-]+"
            continue
        inner = token[1] if token[1] is not None else token[0]
        if not inner.strip() or (token[1] is None and set(inner) & {"(", ")"}):
            raise BadPattern(f"'{phrase}' cannot be read at '{token[0]}'")
        one_of = "|".join(_literal(part) for part in inner.split("|"))
        optional = "?" if token[2] else ""
        if begun:
            parts.append(f"(?:{gap or _SPACE}(?:{one_of})(?!\\w)){optional}")
        elif optional:
            # The space belongs to the word that may be missing, which nothing stands before.
            parts.append(f"(?:(?:{one_of}){gap or _SPACE})?")
        else:
            begun = True
            parts.append(f"(?:{one_of})(?!\\w)")
        gap = ""
    if not begun or gap:
        raise BadPattern(f"'{phrase}' begins or ends with nothing to look for")
    return re.compile(r"(?<!\w)" + "".join(parts))


def _literal(words: str) -> str:
    return _SPACE.join(re.escape(word).replace(r"\*", r"[\w']*") for word in words.split())


@cache
def _any_of(phrases: tuple[str, ...], language: str) -> re.Pattern[str]:
    return re.compile("|".join(compiled(phrase, language).pattern for phrase in phrases))


def hits(phrases: Iterable[str], text: str, language: str = "en") -> Iterator[Hit]:
    """Every place of a text where one of the phrases stands."""
    low, listed = folded(text, language), tuple(phrases)
    # Nearly always there is nothing, and one look is enough to know.
    if not listed or not _any_of(listed, language).search(low):
        return
    for phrase in listed:
        for found in compiled(phrase, language).finditer(low):
            yield Hit(text[found.start() : found.end()], found.start(), found.end())


def has(phrases: Iterable[str], text: str, language: str = "en") -> bool:
    """Whether one of the phrases stands in the text."""
    return next(hits(phrases, text, language), None) is not None


def words_before(text: str, start: int) -> str:
    """The last words before a place, for those who look for a `not` there."""
    return " ".join(_WORD.findall(text[:start])[-BEFORE:])


def words_after(text: str, end: int) -> str:
    """The first words after a place: some languages say `not` at the end."""
    return " ".join(_WORD.findall(text[end:])[:BEFORE])
