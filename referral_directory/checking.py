"""What deserves a second look in a pack that reads well: warnings, each in its place.

Nothing here stops a start.
What makes a pack unusable is found by `loading.py` before this is asked.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from authored import Mistake
from referral_directory.codes import DIALLED, OLD_BEFORE
from referral_directory.directory import Directory, Entry
from referral_directory.listing import servable
from referral_directory.numbers import doubts, is_short
from referral_directory.pack import ContactShape


def warnings(directory: Directory, today: date) -> tuple[Mistake, ...]:
    """Every doubt about the listings, in order of file and line."""
    found: list[Mistake] = []
    for name, entry in directory.entries.items():
        found += [
            Mistake(entry.file, entry.line, 3, f"{name}: {message}", mend, rule)
            for rule, message, mend in _doubts(entry, today)
            if rule not in entry.written.accepted
        ]
    return tuple(sorted(found))


def _doubts(entry: Entry, today: date) -> Iterator[tuple[str, str, str]]:
    written = entry.written
    if written.source is None and written.visibility == "public":
        yield "source", "it has no source, so it is never served", "Name the page it was read on."
    elif written.source is not None:
        dated = written.source.date
        if dated is None and not written.recheck:
            yield "date", "its source has no date", "Add the date, or 'recheck: true'."
        elif dated is not None and dated < OLD_BEFORE and not written.recheck:
            yield "date", f"its source is of {dated}", "Add 'recheck: true'."
        if dated is not None and dated > today.isoformat():
            yield "date", f"its source is of {dated}, which is still to come", "Mend the date."
    for language in entry.country.languages:
        for what, text in (("names", written.names), ("summary", written.summary)):
            if language not in text:
                yield "words", f"its {what} lacks '{language}'", "Add it."
    meant = written.status == "active" and written.visibility == "public"
    if meant and not any(servable(c, written) for c in written.contacts):
        yield "contact", "it has no contact that may be shown, so it is never found", ""
    if written.hours is not None and written.hours.rules is None:
        yield "hours", "its printed hours have no rules: they are said to be unknown", ""
    if written.occupied == "yes" and all(c.kind in DIALLED for c in written.contacts):
        yield "occupied", "it says 'occupied: yes' and can only be called", "Add what works there."
    yield from _closures(entry, today)
    for contact in written.contacts:
        yield from _contact_doubts(contact, entry)


def _closures(entry: Entry, today: date) -> Iterator[tuple[str, str, str]]:
    hours = [entry.written.hours, *(contact.hours for contact in entry.written.contacts)]
    for closure in (closure for one in hours if one for closure in one.closed):
        if closure.last < today:
            yield "closure", f"a closure ended on {closure.last}", "Remove it."


def _contact_doubts(contact: ContactShape, entry: Entry) -> Iterator[tuple[str, str, str]]:
    if contact.source is not None and not contact.recheck:
        own, name = contact.source.date, contact.number or contact.url or contact.email
        if own is None:
            yield "date", f"the source of {name} has no date", "Add it, or 'recheck: true'."
        elif own < OLD_BEFORE:
            yield "date", f"the source of {name} is of {own}", "Add 'recheck: true'."
    if contact.number is not None:
        doubt = doubts(contact.number, contact.country or entry.country.country)
        if doubt is not None:
            yield "number", f"{contact.number} {doubt}", "Compare it with the source."
        if is_short(contact.number) and contact.abroad == "yes":
            yield "abroad", f"{contact.number} is short and cannot work from abroad", ""
        if contact.kind in DIALLED and contact.shown is not None:
            digits = "".join(filter(str.isdigit, contact.shown))
            if not contact.number.endswith(digits.lstrip("0")[-6:]):
                mend = "They must be the same number."
                yield "shown", f"{contact.number} is shown as {contact.shown}", mend
    plain = contact.url is not None and not contact.url.startswith("https://")
    if plain and servable(contact, entry.written):
        yield "https", f"{contact.url} is not https", "Use https where the site has it."


def counts(directory: Directory) -> Mapping[str, int]:
    """How many listings, contacts, and contacts that are kept and not served."""
    contacts = [
        (contact, entry.written)
        for entry in directory.entries.values()
        for contact in entry.written.contacts
    ]
    return {
        "listings": len(directory.entries),
        "contacts": len(contacts),
        "never served": sum(not servable(*one) for one in contacts),
    }
