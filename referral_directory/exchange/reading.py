"""Reads one cell by what its column holds. It knows the words of the directory, and no listing."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from authored import did_you_mean
from referral_directory.codes import WHO
from referral_directory.exchange import cells
from referral_directory.exchange.cells import Unread
from referral_directory.exchange.columns import Column
from referral_directory.exchange.vocabulary import (
    CHOICES,
    YES,
    Vocabulary,
    folded,
    language_words,
)
from referral_directory.hours import read_rules

_SPAN: Final = re.compile(r"\s*(?:/|\.\.|–|—|\s-\s|\bto\b|\bдо\b)\s*")


class Reader:
    """Reads cells; equal cells are read once, for a table says the same in many rows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[tuple[str, tuple[str, ...], str], Any] = {}
        self._reads: Mapping[str, Callable[[str], Any]] = {
            "answer": cells.answer,
            "needs": lambda cell: _each(cell, vocabulary.need),
            "areas": lambda cell: _each(cell, vocabulary.area),
            "languages": _languages,
            "who": _who,
            "received": lambda cell: dict.fromkeys(_who(cell), "yes"),
            "list": cells.items,
            "flag": lambda cell: cells.answer(cell) == "yes",
            "date": cells.day,
            "url": cells.url,
            "whole": _whole,
            "pairs": cells.pairs,
            "counts": self._counts,
            "rules": _rules,
            "closures": _closures,
            "delete": _delete,
        }

    def read(self, column: Column, cell: str) -> Any:
        """What a cell says. Raises `Unread`. The value is shared: nobody may change it."""
        if column.reads in {"text", "hours"}:
            return _text(column, cell)
        key = (column.reads, column.codes, cell)
        value = self._known.get(key)
        if value is None:
            try:
                value = self._one(column, cell)
            except Unread as unread:
                value = unread
            self._known[key] = value
        if isinstance(value, Unread):
            raise Unread(value.args[0], value.mend)
        return value

    def address(self, column: Column, cell: str, country: str | None) -> tuple[str, str]:
        """The field of a contact's address and what it is: number, url or email."""
        kind = column.contact[0] if column.contact else ""
        if kind == "email":
            return "email", cells.email(cell)
        if kind in {"web", "chat"} or cells.plain(cell).lower().startswith("http"):
            return "url", cells.url(cell)
        if kind not in {"phone", "sms"} and not any(letter.isdecimal() for letter in cell):
            return "url", cells.url(cell)
        return "number", cells.number(cell, country)

    def _one(self, column: Column, cell: str) -> Any:
        if column.reads == "choice":
            return cells.choice(cell, column.codes, CHOICES.get(column.words, {}))
        return self._reads[column.reads](cell)

    def _counts(self, cell: str) -> dict[str, int]:
        found = {}
        for name, value in cells.pairs(cell).items():
            code, problem = self._vocabulary.need(name)
            if problem:
                raise Unread(problem)
            found[code] = _whole(value)
        return found


def _each(cell: str, meant: Callable[[str], tuple[str, str]]) -> list[str]:
    codes: list[str] = []
    for item in cells.items(cell):
        code, problem = meant(item)
        if problem:
            raise Unread(problem)
        if code not in codes:
            codes.append(code)
    return codes


def _text(column: Column, cell: str) -> str:
    if column.path[-1] in {"country", "zone", "postal_code", "as_of"}:
        return cells.plain(cell)
    return cell


def _languages(cell: str) -> list[str]:
    words = language_words()

    def meant(item: str) -> tuple[str, str]:
        code = words.get(folded(cells.plain(item)))
        if code is None and re.fullmatch(r"[a-z]{3}", item):
            code = item
        if code is not None:
            return code, ""
        return "", f"There is no language ‘{item}’. {did_you_mean(folded(item), words)}".rstrip()

    return _each(cell, meant)


def _who(cell: str) -> list[str]:
    def meant(item: str) -> tuple[str, str]:
        word = CHOICES["who"].get(folded(item), item.strip())
        if word in WHO:
            return word, ""
        hint = did_you_mean(folded(item), [*WHO, *CHOICES["who"]])
        return "", f"‘{item}’ is not one of the words for people. {hint}".rstrip()

    return _each(cell, meant)


def _whole(cell: str) -> int:
    text = cells.plain(cell)
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise Unread("is not a whole number", "Write digits only.")
    return int(text)


def _rules(cell: str) -> str:
    rules = cells.hours_rules(cell)
    text = cells.plain(cell)
    try:
        read_rules(text)
    except ValueError as error:
        if rules is None:
            raise Unread(str(error), "Write it like Mo-Fr 09:00-18:00; Sa 10:00-14:00.") from None
        return rules
    return text


def _closures(cell: str) -> list[dict[str, Any]]:
    if cell.startswith("["):
        return list(cells.from_json(cell, list))
    found = []
    for item in cells.items(cell):
        ends = [cells.day(end) for end in _SPAN.split(item)]
        if len(ends) > 2:
            raise Unread(f"‘{item}’ is not one span of days", "Like 2026-12-25/2026-12-31.")
        found.append({"from": ends[0], "to": ends[-1]})
    return found


def _delete(cell: str) -> bool:
    return folded(cells.plain(cell)) in YES | {"delete", "видалити"} or cells.answer(cell) == "yes"
