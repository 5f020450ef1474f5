"""Which column is which: the headers of a table, in English, Ukrainian or as a person maps them.

A header that is not known is a fault, with the nearest one named: a column is never passed over in
silence. It reads no cell below the headers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from authored import did_you_mean
from referral_directory.exchange.cells import plain, tidy
from referral_directory.exchange.column_names import (
    FIXED,
    KINDS_OF_CONTACT,
    PARTS_OF_CONTACT,
    TEXTS,
    WHO_TITLES,
    Named,
)
from referral_directory.exchange.columns import Column, column
from referral_directory.exchange.rows import Fault, Refused
from referral_directory.exchange.tables import Line, Table
from referral_directory.exchange.vocabulary import folded, language_words

IGNORE: Final = "ignore"
"""What a column is mapped to that is to be passed over."""
REMARKS: Final = {"en": "What to mend", "uk": "Що виправити"}
"""The column of our own remarks: in a file that comes back it is passed over."""
LOOKED_THROUGH: Final = 10
"""Lines in which the headers are looked for: there may be a title above them."""

_LANGUAGE: Final = re.compile(r"(.+?) ([a-z]{2,3}|укр|англ|рос)\Z")
_SHORT: Final = {"укр": "uk", "англ": "en", "рос": "ru"}
_NUMBERED: Final = re.compile(r"(.+?) ?(?:no|n)? ?([1-9][0-9]?)(?: (.+))?\Z")


@dataclass(frozen=True, slots=True)
class Headed:
    """A table whose columns are known."""

    row: int
    """The number of the line with the headers."""
    columns: tuple[Column | None, ...]
    """By place; None for a column that is passed over."""
    titles: tuple[str, ...]
    """The headers as they stand in the file."""
    lines: tuple[Line, ...]
    """The lines below."""
    faults: tuple[Fault, ...]


def read_headers(table: Table, mapped: Mapping[str, str] | None = None) -> Headed:
    """The columns of a table. `mapped`: keys (or `ignore`) by header, as a person decided.

    Raises `Refused` when no line looks like headers, or `mapped` names what is not there.
    """
    decided = {folded(plain(header)): key for header, key in (mapped or {}).items()}
    at, known = max(
        enumerate(_known(line, decided) for line in table.lines[:LOOKED_THROUGH]),
        key=lambda one: one[1],
        default=(0, 0),
    )
    if known < 2:
        raise Refused(
            "headers",
            "No line of the table looks like headers.",
            "Begin with a line of headers, like: name, organisation, needs, area, phone.",
        )
    line = table.lines[at]
    titles = tuple(tidy(cell) for cell in line.cells)
    lost = set(decided) - {folded(plain(one)) for one in titles}
    if lost:
        raise Refused(
            "headers",
            f"There is no column ‘{min(lost)}’ to map.",
            did_you_mean(min(lost), [one for one in titles if one]),
        )
    columns, faults = _columns(line, titles, table.lines[at + 1 :], decided)
    return Headed(line.number, columns, titles, table.lines[at + 1 :], faults)


def _known(line: Line, decided: Mapping[str, str]) -> int:
    return sum(
        bool(cell) and (folded(plain(cell)) in decided or key_of(cell) is not None)
        for cell in line.cells
    )


def _columns(
    line: Line, titles: tuple[str, ...], below: Sequence[Line], decided: Mapping[str, str]
) -> tuple[tuple[Column | None, ...], tuple[Fault, ...]]:
    last = max((len(one.cells) for one in below), default=0)
    titles = (*titles, *[""] * (last - len(titles)))
    unnamed = [place for place, header in enumerate(titles) if not header]
    filled = {i for one in below for i in unnamed if i < len(one.cells) and one.cells[i]}
    columns: list[Column | None] = []
    faults: list[Fault] = []
    taken: dict[str, str] = {}
    for place, header in enumerate(titles):
        key = decided.get(folded(plain(header))) or (key_of(header) if header else None)
        if key == IGNORE or header in REMARKS.values() or (not header and place not in filled):
            columns.append(None)
            continue
        # `Phone`, `Phone` is two phones; anything else twice is a mistake.
        while key in taken and (numbered := _next(key)) and not re.search(r"[0-9]", header):
            key = numbered
        found = column(key) if key else None
        if found is None or key in taken:
            faults.append(_fault(line.number, header, place, key, taken))
        columns.append(found if key not in taken else None)
        taken.setdefault(key or "", header)
    return tuple(columns), tuple(faults)


def _next(key: str) -> str | None:
    found = re.match(rf"({'|'.join(KINDS_OF_CONTACT)})_([0-9]+)(.*)\Z", key)
    return f"{found[1]}_{int(found[2]) + 1}{found[3]}" if found else None


def _fault(row: int, header: str, place: int, key: str | None, taken: Mapping[str, str]) -> Fault:
    if not header:
        letter = chr(65 + place) if place < 26 else f"{chr(64 + place // 26)}{chr(65 + place % 26)}"
        return Fault(row, letter, "This column has cells and no header.", "Name it or empty it.")
    if key in taken:
        said = f"‘{header}’ and ‘{taken[key or '']}’ are the same column."
        return Fault(row, header, said, "Keep one of them.")
    hint = did_you_mean(folded(header), [one for one in _words() if len(one) > 2])
    mend = f'Or map it: --map "{header}=…", with =ignore to pass it over.'
    return Fault(row, header, "This column is not known.", f"{hint} {mend}".strip())


@lru_cache(maxsize=1024)
def key_of(header: str) -> str | None:
    """The key of a header as people write it, or None when it is not known."""
    text = header.strip().casefold()
    if column(text) is not None:
        return text
    words = " ".join(re.sub(r"[()\[\]:,#*]", " ", folded(plain(header))).split())
    if key := _words().get(words):
        return key
    if (found := _LANGUAGE.match(words)) and (key := _with_language(found[1], found[2])):
        return key
    if (found := _NUMBERED.match(words)) and (kind := _kinds().get(found[1])):
        return _contact(kind, found[2], found[3])
    for kind_words, kind in _kinds().items():
        if words.startswith(f"{kind_words} ") and (
            key := _contact(kind, "1", words.removeprefix(f"{kind_words} "))
        ):
            return key
    return None


def _contact(kind: str, number: str, part: str | None) -> str | None:
    if part is None:
        return f"{kind}_{number}"
    if (found := _LANGUAGE.match(part)) and found[1] in {"label", "підпис"}:
        return f"{kind}_{number}_label_{_SHORT.get(found[2], found[2])}"
    if part in {"label", "підпис"}:
        return f"{kind}_{number}_label_{'en' if part == 'label' else 'uk'}"
    known = _parts().get(part)
    return f"{kind}_{number}_{known}" if known else None


def _with_language(words: str, language: str) -> str | None:
    code = _SHORT.get(language, language)
    key = _words().get(words, "")
    prefix, _, _ = key.partition("_")
    if prefix in TEXTS and code in language_words():
        return f"{prefix}_{code}"
    return None


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    """Every name of a column that needs no number, folded."""
    found = {folded(key): key for key in FIXED}
    for key, one in FIXED.items():
        found |= {folded(name): key for name in (one.en, one.uk, *_others(one.others)) if name}
    for word, titles in WHO_TITLES.items():
        found |= {folded(name): f"who_{word}" for name in (*titles, f"who {word}", word)}
    for prefix, one in TEXTS.items():
        found |= {folded(prefix): f"{prefix}_en", folded(one.en): f"{prefix}_en"}
        found[folded(one.uk)] = f"{prefix}_uk"
        for part in one.others.split("; "):
            language, _, names = part.partition(": ")
            found |= {folded(name): f"{prefix}_{language}" for name in _others(names)}
    for name, kind in _kinds().items():
        found.setdefault(name, f"{kind}_1")
    return {re.sub(r"[:()]", "", name): key for name, key in found.items()}


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    return {
        folded(name): kind
        for kind, one in KINDS_OF_CONTACT.items()
        for name in (kind, one.en, one.uk, *_others(one.others))
    }


@lru_cache(maxsize=1)
def _parts() -> Mapping[str, str]:
    named: Mapping[str, Named] = PARTS_OF_CONTACT
    return {folded(name): key for key, one in named.items() for name in (key, one.en, one.uk)}


def _others(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
