"""Who has signed which flow: `signoffs.yaml`, with a hash of what was signed and a day it ends.

    {flow: find_help, role: clinician, by: "An organisation", date: 2026-11-22,
     languages: [en, uk], content: 0123456789ab}

It decides whether a sign-off still holds: the flow must say and do in those languages what it did,
and the days must not have passed. The day of today is handed in.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

from pydantic import Field

from authored import Authored, Mistake, Mistakes, read_file, shape
from flows.contexts import DOMAIN, Text, script_texts
from flows.draw import arrows
from flows.grammar import Script
from flows.ground import Book, Ground, Rule
from flows.languages import ENGLISH
from flows.shapes import Shape

Role = Literal["clinician", "lawyer", "survivors"]
ROLES: tuple[Role, ...] = get_args(Role)
DAYS = 365
"""Law and medicine change; after a year somebody looks again."""
_HEAD = """\
# Who has read a flow as it is and stands up for it. Written by:
#     quietline flows sign FLOW --role … --by …
# `content` is a hash over what the flow says in those languages and where it leads.
format: 1
expires_after_days: {days}
signoffs:
"""


class SignOff(Shape):
    """One sign-off."""

    flow: str
    role: Role
    by: str = Field(min_length=2, max_length=80)
    date: Annotated[date, Field(strict=False)]
    languages: list[str] = Field(min_length=1)
    content: str = Field(pattern=r"^[0-9a-f]{12}$")


class _SignOffsShape(Shape):
    format: Literal[1]
    expires_after_days: int = Field(gt=0)
    signoffs: list[SignOff]


@dataclass(frozen=True, slots=True)
class SignOffs:
    """What the file says."""

    file: Authored | None = None
    days: int = DAYS
    given: tuple[SignOff, ...] = ()

    def ends(self, one: SignOff) -> date:
        """The first day on which a sign-off counts no more."""
        return one.date + timedelta(days=self.days)


def read_signoffs(path: Path) -> SignOffs:
    """The sign-offs; none when there is no file. Raises `Mistakes`."""
    if not path.exists():
        return SignOffs()
    file = read_file(path)
    read = shape(_SignOffsShape, file)
    return SignOffs(file, read.expires_after_days, tuple(read.signoffs))


def content_of(
    script: Script, books: Mapping[str, Book], flow: str, languages: Iterable[str]
) -> str:
    """Twelve hex digits over what a flow says in some languages, and over its ways."""
    parts: list[object] = []
    for step in script.steps.values():
        if step.flow == flow:
            ways = [(one.source, one.target, one.then, one.label) for one in arrows(step)]
            parts.append([step.name, ways, step.shows, step.forgets])
    for text in script_texts(script):
        if text.flow == flow:
            parts += [
                [text.context, language, _said(text, books.get(language), language)]
                for language in sorted(languages)
            ]
    said = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _said(text: Text, book: Book | None, language: str) -> str:
    if language == ENGLISH:
        return text.english
    return (book.own(DOMAIN, text.context, text.english) if book else None) or ""


def sign(path: Path, given: SignOffs, one: SignOff) -> None:
    """Add a sign-off to the file; an older one of the same role for the same flow is replaced.

    Raises `Mistakes` when the file cannot be written.
    """
    kept = [old for old in given.given if (old.flow, old.role) != (one.flow, one.role)]
    text = _HEAD.format(days=given.days)
    for each in [*kept, one]:
        values = each.model_dump(mode="json")
        inner = ", ".join(
            f"{name}: {json.dumps(v, ensure_ascii=False)}" for name, v in values.items()
        )
        text += f"  - {{{inner}}}\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Mistakes([Mistake(str(path), 0, 0, f"cannot be written: {error.strerror}")]) from None


def rule(given: SignOffs, today: date) -> Rule:
    """The lint rule: what was signed and does not hold any more."""

    def check(ground: Ground) -> Iterator[Mistake]:
        for i, one in enumerate(given.given):
            file = cast(Authored, given.file)
            path = ("signoffs", i)
            if one.flow not in ground.script.flows:
                yield file.mistake(path, f"there is no flow '{one.flow}'", "Take it away.")
                continue
            who = f"{one.flow}, signed by {one.by} ({one.role}) on {one.date}"
            if one.content != content_of(ground.script, ground.books, one.flow, one.languages):
                yield file.mistake(path, f"{who}, was changed since", "Ask them to read it again.")
            if today >= given.ends(one):
                message = f"{who}, has expired on {given.ends(one)}"
                yield file.mistake(path, message, "Ask them to read it again.")

    return Rule("signed", "warning", "A sign-off is for what was read, and for a time.", check)
