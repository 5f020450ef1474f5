"""Reads the packs: taxonomy, countries, places and listings, with every fault in its place.

It refuses codes that do not exist and ids that are written twice. What may be served is decided in
`listing.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape
from referral_directory.codes import ABROAD, INTERNATIONAL, OCCUPIED
from referral_directory.country import CountryFile, PlacesFile, TaxonomyFile
from referral_directory.directory import Directory, Entry
from referral_directory.model import Need, Place
from referral_directory.pack import ListingsFile, ListingShape

PACKS: Final = Path(__file__).parent / "packs"
_OWN: Final = {"pack.yaml", "places.yaml"}


def load_packs(packs: Path = PACKS, countries: Iterable[str] = ("ua",)) -> Directory:
    """The directory of some countries (folders of `packs`).

    Raises `Mistakes` with every fault found.
    """
    needs = read_needs(packs)
    found: list[Mistake] = []
    places: list[Place] = []
    entries: dict[str, Entry] = {}
    known: list[CountryFile] = []
    for name in countries:
        folder = packs / name
        if not folder.is_dir():
            there = [path.name for path in packs.iterdir() if path.is_dir()]
            hint = did_you_mean(name, there)
            raise Mistakes([Mistake(_shown(folder, packs), 0, 0, "there is no such pack", hint)])
        country = shape(CountryFile, _read(folder / "pack.yaml", packs))
        own = _places(folder, packs, country)
        known.append(country)
        places += own
        for path in sorted(folder.glob("*.yaml")):
            if path.name in _OWN:
                continue
            try:
                authored = _read(path, packs)
                listings = shape(ListingsFile, authored).listings
            except Mistakes as mistakes:
                found += mistakes.found
                continue
            for listing, written in listings.items():
                found += _faults(authored, listing, written, needs, own, entries)
                spot = authored.spot(("listings", listing))
                entries.setdefault(listing, Entry(written, country, authored.file, spot.line))
    if found:
        raise Mistakes(found)
    return Directory(tuple(places), needs, entries, tuple(known))


def _shown(path: Path, packs: Path) -> str:
    """A path as it is shown: from the folder that holds this room, the same on every machine."""
    return str(path.relative_to(packs.parent.parent))


def _read(path: Path, packs: Path) -> Authored:
    return read_file(path, shown_as=_shown(path, packs))


def read_needs(packs: Path) -> dict[str, Need]:
    """The needs there are, by code. Raises `Mistakes`."""
    authored = _read(packs / "taxonomy.yaml", packs)
    written = shape(TaxonomyFile, authored).needs
    lost = [code for code in written if "." in code and code.rpartition(".")[0] not in written]
    if lost:
        raise Mistakes(
            authored.mistake(("needs", code), f"'{code}' has no need above it", "Add that need.")
            for code in lost
        )
    unknown = [(code, at, b) for code in written for at, b in enumerate(written[code].beside)]
    if wrong := [one for one in unknown if one[2] not in written]:
        raise Mistakes(
            authored.mistake(
                ("needs", code, "beside", at), f"there is no need '{b}'", did_you_mean(b, written)
            )
            for code, at, b in wrong
        )
    return {
        code: Need(
            code=code,
            names={"en": need.en, "uk": need.uk},
            urgent_hours=need.urgent_hours,
            restricted=need.visibility == "restricted",
            pick=need.pick == "yes",
            beside=need.beside,
        )
        for code, need in written.items()
    }


def _places(folder: Path, packs: Path, country: CountryFile) -> list[Place]:
    authored = _read(folder / "places.yaml", packs)
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
    return [
        Place(code, place.names, place.aliases, place.kind, country.country, place.online_only)
        for code, place in written.items()
    ]


def _faults(
    authored: Authored,
    name: str,
    written: ListingShape,
    needs: Mapping[str, Need],
    places: list[Place],
    entries: Mapping[str, Entry],
) -> Iterator[Mistake]:
    top = ("listings", name)
    if name in entries:
        first = entries[name]
        where = f"It stands in {first.file}, line {first.line}, too. Keep one."
        yield authored.mistake(top, f"'{name}' is written twice", where)
    for i, code in enumerate(written.needs):
        if code not in needs:
            hint = did_you_mean(code, needs)
            yield authored.mistake((*top, "needs", i), f"there is no need '{code}'", hint)
    for code in written.windows:
        if code not in needs:
            hint = did_you_mean(code, needs)
            yield authored.mistake((*top, "windows", code), f"there is no need '{code}'", hint)
    regions = {place.code for place in places} - {OCCUPIED}
    own = {place.country for place in places}
    for i, code in enumerate(written.area):
        other_country = len(code) == 2 and code.isalpha() and code.isupper()
        other_region = code[2:3] == "-" and code[:2] not in own and code[:2].isupper()
        if code in regions | {ABROAD, INTERNATIONAL} or other_country or other_region:
            continue
        hint = did_you_mean(code, regions | own | {ABROAD})
        mend = "Say 'occupied: yes' instead." if code == OCCUPIED else hint
        yield authored.mistake((*top, "area", i), f"there is no area '{code}'", mend)
