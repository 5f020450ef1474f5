"""Which listings stand on paper for a place, and in which order.

Only what is served now, and of that only what helps where the paper is for. It words nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from referral_directory.codes import INTERNATIONAL, OCCUPIED
from referral_directory.insight.ground import Ground, country_of, grounds, rows_of
from referral_directory.live import Live
from referral_directory.model import Contact, Listing, Need, Place

MOST: Final = 400
"""Listings on one paper, at most: a book is no leaflet."""
LOOKED_AT: Final = 2000
"""Listings of one need and area that are opened to find the best: more are no choice any more."""


@dataclass(frozen=True, slots=True)
class Section:
    """The listings of one need of the first level; each listing stands in one section only."""

    need: str
    listings: tuple[Listing, ...]


def sections(
    live: Live,
    needs: Mapping[str, Need],
    places: tuple[Place, ...],
    *,
    place: str,
    language: str = "",
    wanted: tuple[str, ...] = (),
    most: int | None = None,
) -> tuple[Section, ...]:
    """What a paper for a place says, in the order of the needs.

    `language`: who speaks it comes first. `wanted`: these needs only. `most`: at most so many of
    one need, the best.
    """
    index, hidden = live.held
    ground = grounds(places, country_of(place, places)).get(place, Ground(()))
    found: list[Section] = []
    left = MOST
    codes = [
        code
        for code, need in needs.items()
        if "." not in code and not need.restricted and (not wanted or code in wanted)
    ]
    for code in codes:
        rows = dict.fromkeys(
            int(row)
            for area in ground.areas
            for row in rows_of(index, hidden, code, Ground((area,)), beside=True)[:LOOKED_AT]
        )
        served = (live.listing(index.id_of(row)) for row in rows)
        listings = [
            one
            for one in served
            if one is not None and _stands_under(one, codes) == code and ways(one, place, places)
        ]
        listings.sort(key=lambda one: _order(one, place, language))
        if chosen := listings[: left if most is None else min(most, left)]:
            left -= len(chosen)
            found.append(Section(code, tuple(chosen)))
    return tuple(found)


def _stands_under(listing: Listing, codes: list[str]) -> str | None:
    """The need that it names first, of those that are on the paper."""
    tops = (need.partition(".")[0] for need in listing.needs)
    return next((top for top in tops if top in codes), None)


def ways(listing: Listing, place: str, places: tuple[Place, ...]) -> tuple[Contact, ...]:
    """The contacts of a listing that work in a place."""
    where = said_place(place, places)
    return tuple(contact for contact in listing.contacts if contact.reaches(where))


def said_place(place: str, places: tuple[Place, ...]) -> str:
    """The place as contacts know it: where no calls work, it is `occupied`."""
    return OCCUPIED if any(one.code == place and one.online_only for one in places) else place


def _order(listing: Listing, place: str, language: str) -> tuple[object, ...]:
    always = any(contact.hours.always for contact in listing.contacts)
    return (
        bool(listing.only),
        language not in listing.languages,
        not always,
        listing.country == INTERNATIONAL,
        place not in listing.area,
        -listing.priority,
        listing.id,
    )
