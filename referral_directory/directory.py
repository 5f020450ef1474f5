"""The directory: all that the packs hold, and from it what may be served.

`serving` decides what a person can ever be shown; the index then has nothing else in it. A publish
is a new `Live`; nothing in one is changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from referral_directory.codes import HOTLINE
from referral_directory.confirmations import content_of
from referral_directory.country import CountryFile
from referral_directory.coverage import Coverage
from referral_directory.index import Builder, Index
from referral_directory.listing import listing_from, withheld
from referral_directory.model import (
    Confirmation,
    Country,
    Found,
    Listing,
    Need,
    Place,
    Query,
    Referral,
)
from referral_directory.pack import ListingShape
from referral_directory.search import Search

REMEMBERED: Final = 512
LINES: Final = 5
"""Hotlines that `open_lines` gives at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing as it was written, where it stands, and what holds for its country."""

    written: ListingShape
    country: CountryFile
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Directory:
    """What the packs say."""

    places: tuple[Place, ...]
    needs: Mapping[str, Need]
    entries: Mapping[str, Entry] = field(repr=False)
    countries: tuple[Country, ...] = ()
    """Those a person can pick, in the order of offering: own packs, then hosts."""

    @property
    def country_codes(self) -> tuple[str, ...]:
        """The codes of the countries, in the order of offering."""
        return tuple(country.code for country in self.countries)

    @property
    def place_names(self) -> Mapping[str, Mapping[str, str]]:
        """The names of every country, region and other place, by code."""
        countries = {country.code: country.names for country in self.countries}
        return countries | {place.code: place.names for place in self.places}

    def regions(self, country: str) -> tuple[Place, ...]:
        """The regions of a country, as they stand in its pack; none for a host country."""
        return tuple(
            place for place in self.places if place.country == country and place.kind == "region"
        )

    def zone_at(self, place: str | None) -> str:
        """The IANA zone of the country of a place; of the first country when there is none."""
        of = next((one.country for one in self.places if one.code == place), (place or "")[:2])
        zones = {country.code: country.zone for country in self.countries}
        return zones.get(of, self.countries[0].zone if self.countries else "Etc/UTC")

    def content(self, name: str) -> str:
        """The hash of what a listing says now. Raises `KeyError` for an id that is not known."""
        entry = self.entries[name]
        return content_of(name, entry.written, entry.country)

    def counts(self, confirmation: Confirmation) -> bool:
        """Whether a confirmation is of what the listing says now."""
        name = confirmation.listing
        return name in self.entries and self.content(name) == confirmation.content

    def waiting(self, confirmed: Mapping[str, Confirmation]) -> tuple[str, ...]:
        """The listings that could be served and wait for someone to confirm them."""
        return tuple(
            name
            for name, entry in self.entries.items()
            if withheld(entry.written) is None
            and not (name in confirmed and self.counts(confirmed[name]))
        )

    def serving(self, confirmed: Mapping[str, Confirmation] | None) -> "Live":
        """What may be served: only what was confirmed as it stands.

        With None (a demonstration) everything that could ever be served, labelled with its source.
        """
        builder = Builder(self.needs)
        for name in sorted(self.entries):
            entry = self.entries[name]
            if withheld(entry.written) is not None:
                continue
            given = confirmed.get(name) if confirmed is not None else None
            if confirmed is not None and (given is None or not self.counts(given)):
                continue
            builder.add(listing_from(name, entry.written, entry.country, self.needs, given))
        return Live(builder.index(), self.needs, self.places, self.countries)


class Live:
    """What is served now: search, single listings, open lines.

    Equal questions in one minute are answered once.
    """

    def __init__(
        self,
        index: Index,
        needs: Mapping[str, Need],
        places: tuple[Place, ...],
        countries: tuple[Country, ...] = (),
    ) -> None:
        self._index = index
        self._search = Search(index, needs, Coverage(index, places, countries))
        self._minute: datetime | None = None
        self._found: dict[Query, Referral] = {}
        self._lines: dict[Query, tuple[Found, ...]] = {}
        self._listings: dict[str, Listing | None] = {}

    def __len__(self) -> int:
        return self._index.size

    def search(self, query: Query, at: datetime) -> Referral:
        """At most three listings with reasons, one open line, and what was relaxed.

        `at` is aware.
        """
        minute = self._at(at)
        referral = self._found.get(query)
        if referral is None:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            referral = self._found[query] = self._search.find(query, minute)
        return referral

    def open_lines(
        self, place: str | None, languages: tuple[str, ...], at: datetime
    ) -> tuple[Found, ...]:
        """The hotlines that answer now where the person is, best first, at most five.

        `at` is aware.
        """
        query = Query(needs=(HOTLINE,), place=place, languages=languages)
        minute = self._at(at)
        lines = self._lines.get(query)
        if lines is None:
            lines = self._lines[query] = self._search.lines(query, minute, LINES)
        return lines

    def listing(self, name: str) -> Listing | None:
        """A listing as it is shown, or None when it may not be served (any more)."""
        if name not in self._listings:
            if len(self._listings) >= REMEMBERED:
                self._listings.clear()
            row = self._index.row_of(name)
            self._listings[name] = None if row is None else self._index.shelf.get(row)
        return self._listings[name]

    def ids(self) -> tuple[str, ...]:
        """All that may be served."""
        return tuple(self._index.id_of(row) for row in range(self._index.size))

    def _at(self, at: datetime) -> datetime:
        """The whole minute; what was asked in another one is forgotten."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        minute = at.astimezone(UTC).replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            self._found.clear()
            self._lines.clear()
        return minute
