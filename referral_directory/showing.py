"""A referral as lines for a terminal: what a person would be given, and why.

It decides nothing and prints nothing. Every reason and every relaxation has words in `reasons.py`.
"""

from collections.abc import Iterator
from datetime import datetime

from referral_directory.directory import Directory
from referral_directory.live import Live
from referral_directory.model import Found, Listing, Query
from referral_directory.reasons import RELAXED, english, split


def shown(directory: Directory, live: Live, query: Query, at: datetime) -> Iterator[str]:
    """The lines of what is found for a query at an instant (aware)."""
    referral = live.search(query, at)
    for code in referral.relaxed:
        yield RELAXED[code]
    for i, found in enumerate(referral.found, start=1):
        yield from _card(f"{i}.", found, directory, live, query.place, at)
    if referral.always is not None:
        yield "\nOpen now, whatever it is about:"
        yield from _card("+", referral.always, directory, live, query.place, at)


def _card(
    mark: str,
    found: Found,
    directory: Directory,
    live: Live,
    place: str | None,
    at: datetime,
) -> Iterator[str]:
    listing = live.listing(found.listing)
    if listing is None:
        return
    yield f"\n{mark} {listing.names['en']} [{listing.id}]"
    yield f"   why: {', '.join(_words(code, directory) for code in found.reasons)}"
    yield f"   {_hours(listing, place, at)}"
    for contact in listing.contacts:
        if contact.reaches(place):
            label = contact.label.get("en")
            hours = f", {contact.printed}" if contact.printed else ""
            old = f", as of {contact.source_date or 'no known date'}" if contact.recheck else ""
            name = f" ({label})" if label else ""
            country = directory.place_names.get(contact.country) if contact.short else None
            where = f" in {country['en']}" if country else ""
            yield f"   {contact.kind}: {contact.number}{where}{name}{hours}{old}"
    dated = listing.source_printed or listing.source_date or "no date"
    yield f"   source: {listing.source_url} ({dated})"
    if listing.confirmed is not None:
        yield f"   confirmed by {listing.confirmed.how} on {listing.confirmed.on}"


def _words(code: str, directory: Directory) -> str:
    name, value = split(code)
    named = directory.place_names.get(value or "")
    return english(f"{name}:{named['en']}") if named else english(code)


def _hours(listing: Listing, place: str | None, at: datetime) -> str:
    state = listing.state(at, place)
    if state.always:
        return "open day and night"
    if state.open == "yes":
        return f"open, closes at {state.closes_at:%a %H:%M %Z}" if state.closes_at else "open"
    opens = f", opens at {state.opens_at:%a %H:%M %Z}" if state.opens_at else ""
    return ("closed" if state.open == "no" else "opening hours not known") + opens
