"""The directory: all that the packs hold, and from it what may be served.

`serving` gives what the packs themselves can serve, for a demonstration; elsewhere what is served
is what was published (`live`), in the same places and with the same needs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from referral_directory.country import CountryFile
from referral_directory.live import Live, World
from referral_directory.model import Confirmation, Country, Need, Place
from referral_directory.pack import ListingShape
from referral_directory.served import Served


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing as it was written, where it stands, and what holds for its country."""

    written: ListingShape
    country: CountryFile
    file: str
    line: int

    @property
    def content(self) -> bytes:
        """What was written, as JSON, without what is left at its default."""
        return self.written.model_dump_json(exclude_defaults=True, by_alias=True).encode()


@dataclass(frozen=True, slots=True)
class Directory:
    """What the packs say."""

    places: tuple[Place, ...]
    needs: Mapping[str, Need]
    entries: Mapping[str, Entry] = field(repr=False)
    countries: tuple[Country, ...] = ()
    """Those a person can pick, in the order of offering: own packs, then hosts."""
    files: Mapping[str, CountryFile] = field(default_factory=dict, repr=False)
    """What holds for the listings of a country, or of none (`INT`), by its code."""
    zones: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The zone of each region that has one of its own."""

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

    def serving(self, confirmed: Mapping[str, Confirmation] | None) -> Live:
        """What the packs can serve by themselves: of that only what was confirmed.

        With None (a demonstration) everything that could ever be served, labelled with its source.
        """
        given = confirmed or {}
        return self.live(
            Served(name, entry.content, entry.country.country, given.get(name))
            for name, entry in self.entries.items()
            if confirmed is None or name in given
        )

    def live(
        self, listings: Iterable[Served], breathe: Callable[[], object] = lambda: None
    ) -> Live:
        """What was published, as it is served here; `breathe` is called now and then meanwhile."""
        world = World(self.needs, self.places, self.countries, self.country_of)
        return Live.of(world, listings, breathe)

    def country_of(self, country: str, area: tuple[str, ...]) -> CountryFile | None:
        """What holds for a listing of a country, on the clocks of its regions where these have
        their own; None when the country is not served here.
        """
        file = self.files.get(country)
        if file is None or not self.zones:
            return file
        zones = {self.zones.get(code, file.zone) for code in area}
        if len(zones) == 1 and (zone := zones.pop()) != file.zone:
            return file.model_copy(update={"zone": zone})
        return file
