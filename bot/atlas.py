"""Which packs are served here, and the names of every place there is.

Flows speak of countries that one organisation may not serve, and people write of places anywhere.
So the names of all packs are known everywhere, and only listings are limited. It decides nothing
about listings.
"""

from dataclasses import dataclass
from pathlib import Path

from authored import Mistake, Mistakes, did_you_mean
from bot.once import once
from referral_directory import PACKS, Directory, load_packs

EVERY = "all"
"""The setting for every pack there is."""
ORDER = ("ua", "abroad", "lt", "az", "cd", "co", "intl")
"""The order in which countries are offered; a pack that is not named here comes last."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """The directory of this organisation, and that of all packs for the names in it."""

    served: Directory
    every: Directory


def read_atlas(countries: str = EVERY, packs: Path = PACKS) -> Atlas:
    """Read the packs. `countries`: names of packs with commas, or `all`. Raises `Mistakes`."""
    return once(("atlas", countries), packs, lambda: _read(countries, packs))


def _read(countries: str, packs: Path) -> Atlas:
    there = [path.parent.name for path in packs.glob("*/pack.yaml")]
    names = sorted(there, key=lambda name: (name not in ORDER, _place(name), name))
    every = load_packs(packs, countries=tuple(names))
    if countries.strip() == EVERY:
        return Atlas(every, every)
    asked = tuple(name.strip() for name in countries.split(",") if name.strip())
    for name in asked:
        if name not in there:
            said = f"countries: there is no pack '{name}'"
            raise Mistakes([Mistake("settings", 0, 0, said, did_you_mean(name, there))])
    if not asked:
        mend = f"Name packs, as in ua,abroad, or write {EVERY}."
        raise Mistakes([Mistake("settings", 0, 0, "countries: no pack is named", mend)])
    return Atlas(load_packs(packs, countries=asked), every)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
