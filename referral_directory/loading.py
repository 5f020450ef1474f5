"""Reads the packs: taxonomy, countries, places and listings, with every fault in its place.

It refuses codes that do not exist and ids that are written twice. What may be served is decided in
`listing.py`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from authored import Authored, Mistake, Mistakes, did_you_mean, shape
from referral_directory.codes import ABROAD, INTERNATIONAL, OCCUPIED
from referral_directory.country import TaxonomyFile
from referral_directory.directory import Directory, Entry
from referral_directory.geography import Pack, read, read_pack, shown, twice
from referral_directory.model import Need
from referral_directory.pack import ListingsFile, ListingShape

PACKS: Final = Path(__file__).parent / "packs"
_OWN: Final = {"pack.yaml", "places.yaml"}
_FIRST: Final = ("ua", "abroad", "lt", "az", "cd", "co")
"""The order in which packs are offered; others come after these."""


def packs_in(packs: Path = PACKS) -> tuple[str, ...]:
    """The names of all packs of a folder, in the order of offering."""
    there = sorted(path.parent.name for path in packs.glob("*/pack.yaml"))
    return (*(name for name in _FIRST if name in there), *(n for n in there if n not in _FIRST))


def load_packs(packs: Path = PACKS, countries: Iterable[str] = ("ua",)) -> Directory:
    """The directory of some countries (folders of `packs`), in the order of offering.

    Raises `Mistakes` with every fault found.
    """
    needs = read_needs(packs)
    found: list[Mistake] = []
    entries: dict[str, Entry] = {}
    known: dict[str, Pack] = {}
    for name in dict.fromkeys(countries):
        folder = packs / name
        if not folder.is_dir():
            there = [path.name for path in packs.iterdir() if path.is_dir()]
            hint = did_you_mean(name, there)
            raise Mistakes([Mistake(shown(folder, packs), 0, 0, "there is no such pack", hint)])
        pack = known[name] = read_pack(folder, packs)
        for path in sorted(folder.glob("*.yaml")):
            if path.name in _OWN:
                continue
            try:
                authored = read(path, packs)
                listings = shape(ListingsFile, authored).listings
            except Mistakes as mistakes:
                found += mistakes.found
                continue
            for listing, written in listings.items():
                found += _faults(authored, listing, written, needs, pack, entries)
                country = pack.file_for(written)
                if country is not None:
                    spot = authored.spot(("listings", listing))
                    entries.setdefault(listing, Entry(written, country, authored.file, spot.line))
    for code, first, second in twice(known):
        mend = f"It is in '{first}' too. Load one of them."
        found.append(Mistake(shown(packs / second, packs), 0, 0, f"'{code}' stands twice", mend))
    if found:
        raise Mistakes(found)
    own = [country for pack in known.values() for country in pack.countries if not country.home]
    hosts = [country for pack in known.values() for country in pack.countries if country.home]
    places = [place for pack in known.values() for place in pack.places]
    return Directory(
        places=tuple(places),
        needs=needs,
        entries=entries,
        countries=(*own, *hosts),
        files={code: file for pack in known.values() for code, file in pack.files.items()},
        zones={code: zone for pack in known.values() for code, zone in pack.zones.items()},
    )


def read_needs(packs: Path) -> dict[str, Need]:
    """The needs there are, by code. Raises `Mistakes`."""
    authored = read(packs / "taxonomy.yaml", packs)
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


def _faults(
    authored: Authored,
    name: str,
    written: ListingShape,
    needs: Mapping[str, Need],
    pack: Pack,
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
    if pack.file_for(written) is None:
        mend = f"Name one of {', '.join(pack.files)}; write a listing for each."
        yield authored.mistake((*top, "area"), "is not in one of the countries of this pack", mend)
    own = {*pack.codes} - {OCCUPIED}
    for i, code in enumerate(written.area):
        other_country = len(code) == 2 and code.isalpha() and code.isupper()
        other_region = code[2:3] == "-" and code[:2] not in pack.regional and code[:2].isupper()
        if code in own | {ABROAD, INTERNATIONAL} or other_country or other_region:
            continue
        hint = did_you_mean(code, own | {ABROAD})
        mend = "Say 'occupied: yes' instead." if code == OCCUPIED else hint
        yield authored.mistake((*top, "area", i), f"there is no area '{code}'", mend)
