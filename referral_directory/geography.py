"""Reads what a pack says beside its listings: whose pack it is, its countries and its places.

It decides which country a listing belongs to. It reads no listing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from authored import Authored, Mistakes, read_file, shape
from referral_directory.codes import INTERNATIONAL
from referral_directory.country import CountryFile, HostsFile, PlacesFile
from referral_directory.model import Country, Place
from referral_directory.pack import ListingShape


@dataclass(frozen=True, slots=True)
class Pack:
    """Whose services a folder holds: those of one country, of several hosts, or of none."""

    countries: tuple[Country, ...]
    places: tuple[Place, ...]
    files: dict[str, CountryFile]
    """What holds for the listings of a country, by its code."""
    zones: dict[str, str]
    """The zone of each region that has one of its own."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code a listing of this pack can name as its own area."""
        return (*self.files, *(place.code for place in self.places))

    @property
    def regional(self) -> frozenset[str]:
        """The countries whose regions are all known here."""
        return frozenset(place.country for place in self.places)

    def file_for(self, written: ListingShape) -> CountryFile | None:
        """What holds for a listing; None when it is not plain of which host it is.

        A listing of regions whose clocks are not those of the country has their zone.
        """
        if len(self.files) == 1:
            file = next(iter(self.files.values()))
        else:
            hosts = {code[:2] for code in written.area if code[:2] in self.files}
            if len(hosts) != 1:
                return None
            file = self.files[hosts.pop()]
        zones = {self.zones.get(code, file.zone) for code in written.area}
        if len(zones) == 1 and (zone := zones.pop()) != file.zone:
            return file.model_copy(update={"zone": zone})
        return file


def read(path: Path, packs: Path) -> Authored:
    """A file of the packs, with the places of its values. Raises `Mistakes`."""
    return read_file(path, shown_as=shown(path, packs))


def shown(path: Path, packs: Path) -> str:
    """A path as it is shown: from the folder that holds this room, the same on every machine."""
    return str(path.relative_to(packs.parent.parent))


def read_pack(folder: Path, packs: Path) -> Pack:
    """The countries and places of a folder of packs. Raises `Mistakes`."""
    authored = read(folder / "pack.yaml", packs)
    if isinstance(authored.value, dict) and "hosts" in authored.value:
        hosts = shape(HostsFile, authored)
        files = {
            code: CountryFile(
                country=code,
                names=host.names,
                zone=host.zone,
                languages=hosts.languages,
                holidays=host.holidays,
            )
            for code, host in hosts.hosts.items()
        }
        countries = tuple(
            Country(code, host.names, host.aliases, host.zone, (), hosts.home)
            for code, host in hosts.hosts.items()
        )
        return Pack(countries, (), files, {})
    file = shape(CountryFile, authored)
    if file.country == INTERNATIONAL:
        return Pack((), (), {INTERNATIONAL: file}, {})
    spoken = file.spoken or tuple(code for code in file.languages if code != "en")
    country = Country(file.country, file.names, file.aliases, file.zone, spoken)
    places, zones = _places(folder, packs, file)
    return Pack((country,), places, {file.country: file}, zones)


def _places(
    folder: Path, packs: Path, country: CountryFile
) -> tuple[tuple[Place, ...], dict[str, str]]:
    authored = read(folder / "places.yaml", packs)
    written = shape(PlacesFile, authored).places
    wrong = [
        code
        for code, place in written.items()
        if not (
            code.startswith(f"{country.country}-") if place.kind == "region" else code == place.kind
        )
    ]
    if wrong:
        mend = f"A region begins with {country.country}-; the others are 'abroad' and 'occupied'."
        raise Mistakes(
            authored.mistake(("places", code), f"'{code}' is not the code of such a place", mend)
            for code in wrong
        )
    places = tuple(
        Place(code, place.names, place.aliases, place.kind, country.country, place.online_only)
        for code, place in written.items()
    )
    return places, {code: place.zone for code, place in written.items() if place.zone}


def twice(packs: dict[str, Pack]) -> Iterator[tuple[str, str, str]]:
    """The countries and places that stand in two packs: code, first pack, second."""
    seen: dict[str, str] = {}
    for name, pack in packs.items():
        for code in pack.codes:
            if code in seen:
                yield code, seen[code], name
            seen.setdefault(code, name)
