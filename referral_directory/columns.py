"""What the index keeps of one listing: where to look for it, whom it receives, its score."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from referral_directory.codes import ABROAD, CONSTRAINTS, DIALLED, INTERNATIONAL, OCCUPIED, WHO
from referral_directory.model import Listing

FROM_ABROAD: Final = "~abroad"
"""Serves people inside, and has some contact that works from outside. In the index this and
`abroad` stand with the country whose people they are for: `abroad:UA`."""
NO_DATE: Final = 0
"""A source without a date, or to be checked again: as old as can be."""

WHO_BITS: Final = {word: 1 << i for i, word in enumerate((*WHO, *CONSTRAINTS))}


@dataclass(frozen=True, slots=True)
class Profile:
    """Whom a service receives, as bits of `WHO_BITS`."""

    refuses: int
    receives: int
    only: int
    welcomes: int


def areas(listing: Listing) -> tuple[str, ...]:
    """The areas under which a listing is looked for: only those from which it can be reached."""
    found = [area for area in listing.area if area not in {ABROAD, OCCUPIED}]
    if listing.occupied and any(contact.kind not in DIALLED for contact in listing.contacts):
        found.append(OCCUPIED)
    outside = [contact for contact in listing.contacts if contact.abroad == "yes"]
    if outside and (ABROAD in listing.area or any(c.kind in DIALLED for c in outside)):
        found.append(f"{ABROAD}:{listing.country}")
    elif outside and listing.country != INTERNATIONAL:
        found.append(f"{FROM_ABROAD}:{listing.country}")
    return tuple(dict.fromkeys(found))


def _bits(words: Iterable[str]) -> int:
    return sum(WHO_BITS[word] for word in set(words))


def profile(listing: Listing) -> Profile:
    """Whom a listing receives."""
    told = {**listing.who, **listing.traits}
    return Profile(
        refuses=_bits(word for word, answer in told.items() if answer == "no"),
        receives=_bits(word for word, answer in listing.who.items() if answer == "yes"),
        only=_bits(listing.only),
        welcomes=_bits(listing.welcomes),
    )


def score(listing: Listing) -> int:
    """What speaks for a listing whoever asks and whenever; at most 60."""
    half = {"yes": 2, "free": 2, "unknown": 1}
    return (
        5 * half.get(listing.cost, 0)
        + 3 * half.get(listing.traits["no_id"], 0)
        + 3 * half.get(listing.traits["anonymous"], 0)
        + 3 * half.get(listing.traits["accessible"], 0)
        + 3 * listing.priority
    )


def source_day(listing: Listing) -> int:
    """The day, as an ordinal, on which it was last known to be so; NO_DATE when there is none."""
    if listing.confirmed is not None:
        return listing.confirmed.on.toordinal()
    if listing.recheck or listing.source_date is None:
        return NO_DATE
    text = listing.source_date
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :]).toordinal()


MARKS: Final = ("free", "anonymous", "no_id", "recheck", "undated", "confirmed")


def marks(listing: Listing) -> int:
    """What is worth saying of a listing in any referral, as bits of MARKS."""
    told = (
        listing.cost == "free",
        listing.traits["anonymous"] == "yes",
        listing.traits["no_id"] == "yes",
        listing.recheck,
        listing.source_date is None,
        listing.confirmed is not None,
    )
    return sum(1 << i for i, true in enumerate(told) if true)
