"""Texts that stand in no file of this room: the words of the packs, handed in by who reads them.

    Handed("ua-lastrada-nhl.summary", "Someone answers.", said={"en", "uk"})  →  packs.po

It decides who is asked to translate them (a language that the pack itself speaks is not), and that
a translation keeps every number. It knows no listing: what is handed in is words and where they
stand.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message

from authored import Mistake

DOMAIN: Final = "packs"
_DIGITS = re.compile(r"[0-9]+")
_LONG: Final = 3
"""Digits from which a number of a translation alone is a mistake: `3` may be `three` in English,
but nobody writes a year or a telephone number in words."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One text, its English, and where it stands."""

    context: str
    english: str
    said: frozenset[str] = frozenset()
    """Languages in which it stands where it was written; those win, and nobody translates them."""
    file: str = ""
    line: int = 0
    notes: tuple[str, ...] = ()
    most: int | None = None
    """Characters that a translation may have."""


def fill(catalogue: Catalog, texts: Iterable[Handed], language: str | None) -> None:
    """Put the texts that a language has to translate into a template; all of them for None."""
    for text in texts:
        if language in text.said:
            continue
        limit = (f"At most {text.most} characters.",) if text.most else ()
        place = [(text.file, text.line)] if text.file else []
        comments = (*text.notes, *limit)
        catalogue.add(text.english, "", place, context=text.context, auto_comments=comments)


def digit_faults(path: Path, found: Iterable[tuple[Message, str, str, str]]) -> Iterator[Mistake]:
    """Translations that lost a number or made one up: somebody would call it, or come too late."""
    for message, context, english, said in found:
        if not said or message.fuzzy:
            continue
        wanted, there = _numbers(english), _numbers(said)
        lost = sorted(wanted - there)
        made = sorted(one for one in there - wanted if len(one) >= _LONG)
        if lost or made:
            parts = [f"lacks {', '.join(lost)}"] * bool(lost)
            parts += [f"has {', '.join(made)}, English does not"] * bool(made)
            text = f"{context}: {' and '.join(parts)}"
            mend = "Numbers stay in figures, as they are in English."
            yield Mistake(str(path), message.lineno or 0, 1, text, mend, "digits")


def _numbers(text: str) -> set[str]:
    """The runs of figures; `08:30` and `8:30` are the same time."""
    return {run if len(run) >= _LONG else run.lstrip("0") or "0" for run in _DIGITS.findall(text)}


def length_faults(
    path: Path, found: Iterable[tuple[Message, str, str, str]], texts: Iterable[Handed]
) -> Iterator[Mistake]:
    """Translations that are longer than what is read on a phone."""
    most = {text.context: text.most for text in texts if text.most}
    for message, context, _, said in found:
        limit = most.get(context)
        if limit is not None and len(said) > limit and not message.fuzzy:
            text = f"{context} has {len(said)} characters; at most {limit} are read on a phone"
            yield Mistake(str(path), message.lineno or 0, 1, text, "Shorten it.", "length")
