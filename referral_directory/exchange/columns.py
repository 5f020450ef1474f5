"""The columns of a table of listings: which part of a listing each is, and what people call it.

One row is one listing. A column is named by a key (`name_uk`, `phone_2_hours`); what stands in it
is read and written elsewhere.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, get_args

from referral_directory.codes import KINDS, WHO, Answer
from referral_directory.exchange.column_names import (
    FIXED,
    KINDS_OF_CONTACT,
    PARTS_OF_CONTACT,
    TEXTS,
    WHO_TITLES,
    Reads,
)

Part = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `path` is where its value stands in a listing; `(…)` a contact's own part."""

    key: str
    path: Part
    reads: Reads
    codes: tuple[str, ...] = ()
    """The words there are, of a choice."""
    words: str = ""
    """Where other words for them are in `vocabulary.CHOICES`."""
    contact: tuple[str, int] | None = None
    """Which contact: its kind, and which of that kind, from 1."""


_OUTER: Final = ("hours", "address", "source", "capacity")
"""Parts of a listing that have parts of their own."""
_FIELDS: Final = {"name": "names", "organization": "organization", "summary": "summary"}
_CONTACT: Final = re.compile(rf"({'|'.join(KINDS)})_([1-9][0-9]?)(?:_([a-z_0-9]+))?\Z")
_TEXT: Final = re.compile(rf"({'|'.join(TEXTS)})_([a-z]{{2,3}})\Z")
_LABEL: Final = re.compile(r"label_([a-z]{2,3})\Z")


@lru_cache(maxsize=4096)
def column(key: str) -> Column | None:
    """The column of a key, or None when there is no such column."""
    if one := FIXED.get(key):
        return Column(key, _path(key), one.reads, one.codes, one.words)
    if key.startswith("who_") and (word := key.removeprefix("who_")) in WHO:
        return Column(key, ("who", word), "answer", get_args(Answer))
    if found := _TEXT.match(key):
        return Column(key, (_FIELDS[found[1]], found[2]), "text")
    if not (found := _CONTACT.match(key)):
        return None
    contact, part = (found[1], int(found[2])), found[3]
    if part is None:
        return Column(key, (), "address", contact=contact)
    if label := _LABEL.match(part):
        return Column(key, ("label", label[1]), "text", contact=contact)
    if not (one := PARTS_OF_CONTACT.get(part)):
        return None
    return Column(key, _path(part), one.reads, one.codes, one.words, contact)


def _path(key: str) -> Part:
    if key == "hours":
        return "hours", "printed"
    outer = next((name for name in _OUTER if key.startswith(f"{name}_")), None)
    return (outer, key.removeprefix(f"{outer}_")) if outer else (key,)


def title(key: str, language: str = "en") -> str:
    """How a column is headed: in Ukrainian, or in English for every other language.

    Raises `KeyError` for a key that is none.
    """
    in_uk = language == "uk"
    if one := FIXED.get(key):
        return one.uk if in_uk else one.en
    if key.startswith("who_"):
        return WHO_TITLES[key.removeprefix("who_")][in_uk]
    if found := _TEXT.match(key):
        one = TEXTS[found[1]]
        return f"{one.uk if in_uk else one.en} ({found[2]})"
    if not (found := _CONTACT.match(key)):
        raise KeyError(key)
    kind = KINDS_OF_CONTACT[found[1]]
    head = f"{kind.uk if in_uk else kind.en} {found[2]}"
    if found[3] is None:
        return head
    if label := _LABEL.match(found[3]):
        return f"{head}: {'підпис' if in_uk else 'label'} ({label[1]})"
    part = PARTS_OF_CONTACT[found[3]]
    return f"{head}: {part.uk if in_uk else part.en}"


def in_order(keys: frozenset[str]) -> list[str]:
    """Keys as a person reads a listing: what it is, how to reach it, then the rest."""
    return sorted(keys, key=_place)


_KEYS: Final = tuple(FIXED)
_FRONT: Final = ("id", "revision", "delete", "name", "organization", "status", "needs", "area")
_BACK: Final = ("summary", *_KEYS[_KEYS.index("address_line") :])


def _place(key: str) -> tuple[int, int, int, int, str]:
    text = _TEXT.match(key)
    head = text[1] if text else key
    language = 0 if not text or text[2] == "en" else 1 if text[2] == "uk" else 2
    if head in _FRONT:
        return 0, _FRONT.index(head), 0, language, key
    if found := _CONTACT.match(key):
        parts = ("", "label", *PARTS_OF_CONTACT)
        part = "label" if _LABEL.match(found[3] or "") else found[3] or ""
        return 1, KINDS.index(found[1]), int(found[2]), parts.index(part), key
    if key.startswith("who_"):
        return 2, -1, WHO.index(key.removeprefix("who_")), 0, key
    if head in _BACK:
        return 3, _BACK.index(head), 0, language, key
    return 2, _KEYS.index(key), 0, 0, key
