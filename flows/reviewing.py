"""Who has read which translation: a remark in the catalogue, worth nothing once the text changes.

    # reviewed: ORG, 2026-11-22 (1a2b3c4d)

The eight digits are a hash over the English and the translation that were read. It decides what
counts as read by a native reviewer; the day is handed in, since this room reads no clock.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.messages.catalog import Message

from authored import Mistake, Mistakes, did_you_mean
from flows.catalogue import messages, po_path, read_catalogue
from flows.languages import ENGLISH, read_languages
from flows.translating import Sources, as_po, template

_REMARK = re.compile(r"reviewed: (?P<by>.+), (?P<on>\d{4}-\d{2}-\d{2}) \((?P<of>[0-9a-f]{8})\)\Z")


@dataclass(frozen=True, slots=True)
class Review:
    """Who read a translation, and when."""

    by: str
    on: date


def review_of(message: Message, english: str, said: str) -> Review | None:
    """The review of a translation as it stands; None when nobody read it, or it changed since."""
    for remark in message.user_comments:
        found = _REMARK.match(remark.strip())
        if found and found["of"] == _hash(english, said) and not message.fuzzy:
            return Review(found["by"], date.fromisoformat(found["on"]))
    return None


def without_review(message: Message) -> None:
    """Take the remark away, also one that waits for a reviewer."""
    message.user_comments = [
        remark
        for remark in message.user_comments
        if not remark.strip().startswith(("reviewed:", "review:"))
    ]


def _hash(english: str, said: str) -> str:
    return hashlib.sha256(f"{english}\x04{said}".encode()).hexdigest()[:8]


def mark_reviewed(
    sources: Sources, language: str, contexts: Iterable[str], by: str, on: date
) -> int:
    """Mark translations as read: those of the contexts and below them, or all when there are none.

    How many were marked. A text that is missing or fuzzy is not marked. Raises `Mistakes`.
    """
    if not re.fullmatch(r"[^,()\n]{2,80}", by):
        mend = "Name an organisation without commas and brackets; no names of people are needed."
        raise Mistakes([Mistake("--by", 0, 0, f"'{by}' cannot be written as a reviewer", mend)])
    known = read_languages(sources.locales)
    if language not in known or language == ENGLISH:
        hint = did_you_mean(language, set(known) - {ENGLISH})
        raise Mistakes([Mistake(language, 0, 0, "is not a language with catalogues", hint)])
    wanted, seen, count = tuple(contexts), set(), 0
    there = []
    for domain in sources.domains:
        path = po_path(sources.locales, language, domain)
        if path.exists():
            there.append((path, read_catalogue(path)))
    for path, catalogue in there:
        marked = 0
        for message, context, english, said in messages(catalogue):
            under = {one for one in wanted if f"{context}.".startswith(f"{one}.")}
            seen |= under
            if said and not message.fuzzy and (under or not wanted):
                without_review(message)
                message.user_comments.append(f"reviewed: {by}, {on} ({_hash(english, said)})")
                marked += 1
        if marked:
            path.write_bytes(as_po(catalogue))
        count += marked
    if missing := [one for one in wanted if one not in seen]:
        raise Mistakes([Mistake(one, 0, 0, f"is no context of {language}") for one in missing])
    return count


def awaiting(sources: Sources) -> dict[tuple[str, str], int]:
    """(Language, domain) → translations that are said and that no native reviewer has read."""
    counts = {}
    for language in read_languages(sources.locales):
        for domain in sources.domains if language != ENGLISH else ():
            path = po_path(sources.locales, language, domain)
            fresh = {c: e for _, c, e, _ in messages(template(sources, domain, language))}
            counts[language, domain] = sum(
                bool(said)
                and not message.fuzzy
                and fresh.get(context) == english
                and review_of(message, english, said) is None
                for message, context, english, said in (
                    messages(read_catalogue(path)) if path.exists() else ()
                )
            )
    return counts
