"""Which listings stand on paper for a place, and in which order.

Only what is served now, and of that only what helps where the paper is for. It words nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from referral_directory.codes import INTERNATIONAL, OCCUPIED
from referral_directory.columns import areas
from referral_directory.insight.matrix import grounds
from referral_directory.model import Contact, Listing, Need, Place


@dataclass(frozen=True, slots=True)
class Section:
    """The listings of one need of the first level; each listing stands in one section only."""

    need: str
    listings: tuple[Listing, ...]


def country_of(place: str, places: Iterable[Place]) -> str:
    """The country whose lists cover a place: its own, or that of `abroad` and `occupied`."""
    return next((one.country for one in places if one.code == place), place[:2])


def sections(
    listings: Iterable[Listing],
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
    ground = grounds(places, country_of(place, places)).get(place, frozenset())
    found: dict[str, list[Listing]] = {}
    for listing in listings:
        need = listing.needs[0].partition(".")[0]
        covered = ground.intersection(areas(listing))
        public = need in needs and not needs[need].restricted
        if covered and public and (not wanted or need in wanted) and ways(listing, place, places):
            found.setdefault(need, []).append(listing)
    return tuple(
        Section(need, tuple(sorted(found[need], key=_order(place, language))[:most]))
        for need in needs
        if need in found
    )


def ways(listing: Listing, place: str, places: tuple[Place, ...]) -> tuple[Contact, ...]:
    """The contacts of a listing that work in a place."""
    where = said_place(place, places)
    return tuple(contact for contact in listing.contacts if contact.reaches(where))


def said_place(place: str, places: tuple[Place, ...]) -> str:
    """The place as contacts know it: where no calls work, it is `occupied`."""
    return OCCUPIED if any(one.code == place and one.online_only for one in places) else place


@dataclass(frozen=True, slots=True)
class _order:  # noqa: N801  (a key for sorting, with what it needs)
    place: str
    language: str

    def __call__(self, listing: Listing) -> tuple[object, ...]:
        always = any(contact.hours.always for contact in listing.contacts)
        spoken = self.language in listing.languages
        return (
            bool(listing.only),
            not spoken,
            not always,
            listing.country == INTERNATIONAL,
            self.place not in listing.area,
            -listing.priority,
            listing.id,
        )
