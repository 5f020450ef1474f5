"""What in a listing deserves a doubt before somebody approves it: flagged, never refused.

A number or an address that is not what it looks like, a number that its country does not know or
that costs money, a page behind a shortener, dates that ran out, a text in another language.
It asks nobody: no address is ever opened to find out.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from referral_directory.keeping.doubt import Code, Doubt, doubt
from referral_directory.keeping.fields import Content, contacts_of, leaves, names_of
from referral_directory.keeping.letters import mixed, other_digit, unseen
from referral_directory.keeping.phones import number_doubts
from referral_directory.keeping.urls import email_doubts, url_doubts
from referral_directory.keeping.wording import in_another_language

__all__ = ["Code", "Doubt", "doubts"]

SOON = timedelta(days=14)
_TEXTS = ("names", "organization", "summary")


def doubts(content: Content, country: str, today: date | None = None) -> tuple[Doubt, ...]:
    """Every doubt, in the order of the fields. `country` is as in a pack (`UA`, `INT`).

    Dates are only judged when `today` is given.
    """
    found: list[Doubt] = []
    for name in _TEXTS:
        found += _texts(content.get(name) or {}, name)
    for contact, name in zip(contacts_of(content), names_of(contacts_of(content)), strict=True):
        found += _contact(contact, name, content, country, today)
    for name in ("address", "hours", "source", "also"):
        found += _written(content.get(name), name, today)
    return tuple(dict.fromkeys(found))


def _contact(
    contact: Content, name: str, content: Content, country: str, today: date | None
) -> Iterator[Doubt]:
    if contact.get("number") or contact.get("shown"):
        there = contact.get("country") or (country if country != "INT" else None)
        yield from number_doubts(contact, name, there, content)
    if contact.get("url"):
        yield from url_doubts(str(contact["url"]), f"{name}.url")
    if contact.get("email"):
        yield from email_doubts(str(contact["email"]), f"{name}.email")
    yield from _texts(contact.get("label") or {}, f"{name}.label")
    yield from _written(contact.get("hours"), f"{name}.hours", today)
    yield from _written(contact.get("source"), f"{name}.source", today)


def _texts(texts: Content, name: str) -> Iterator[Doubt]:
    """Texts by language: what is hidden in them, and whether they are in that language."""
    for language, text in texts.items():
        field = f"{name}.{language}"
        yield from _letters(str(text), field)
        english = str(texts.get("en", ""))
        # Names and labels may be of another language throughout: only summaries are sentences.
        judged = language != "en" and name == "summary"
        if judged and in_another_language(str(text), language, english):
            yield doubt(field, "other_language")


def _letters(text: str, field: str) -> Iterator[Doubt]:
    if mark := unseen(text, strict=False):
        yield doubt(field, "unseen", mark)
    if word := mixed(text):
        yield doubt(field, "mixed_scripts", word)
    if digit := other_digit(text):
        yield doubt(field, "other_digits", digit)


def _written(value: object, name: str, today: date | None) -> Iterator[Doubt]:
    """What hangs below a field: words, pages it was read on, dates."""
    if value is None:
        return
    for field, leaf in leaves(value, name):
        if field.endswith(".url"):
            yield from url_doubts(str(leaf), field)
        elif field.endswith(".closed"):
            yield from _closures(leaf, field, today)
        elif field.endswith(".date") and today is not None and str(leaf) > today.isoformat():
            yield doubt(field, "date_to_come", str(leaf))
        elif isinstance(leaf, list | tuple):
            for one in leaf:
                yield from _letters(str(one), field)
        elif isinstance(leaf, str):
            yield from _letters(leaf, field)


def _closures(closures: object, field: str, today: date | None) -> Iterator[Doubt]:
    if today is None or not isinstance(closures, list | tuple):
        return
    for closure in closures:
        first, last = str(closure.get("from", "")), str(closure.get("to", ""))
        if last and last < today.isoformat():
            yield doubt(field, "closure_past", last)
        elif first and today.isoformat() <= first <= (today + SOON).isoformat():
            yield doubt(field, "closure_soon", first)
