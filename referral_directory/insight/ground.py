"""Where help for a place is looked for first, and which rows of the index stand there.

It follows the search (`coverage.py`) as far as it goes without giving anything up: the place and
its country, from abroad what works there, where no calls work what comes online.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from referral_directory.codes import ABROAD, OCCUPIED
from referral_directory.columns import BESIDE
from referral_directory.index import Hidden, Index
from referral_directory.model import Place
from referral_directory.opening import ABROAD as MODE_ABROAD
from referral_directory.opening import HOME, ONLINE

Rows = npt.NDArray[np.uint32]
_NO_ROWS: Final = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Ground:
    """The areas of the index for one place, and which hours count there."""

    areas: tuple[str, ...]
    mode: int = HOME


def grounds(places: Iterable[Place], country: str, *, own: bool = False) -> dict[str, Ground]:
    """The country, then each of its places. `own`: in a region only what is for that region."""
    found = {country: Ground((country,))}
    for place in places:
        if place.country != country:
            continue
        if place.kind == "abroad":
            found[place.code] = Ground((f"{ABROAD}:{country}",), MODE_ABROAD)
        elif place.online_only:
            found[place.code] = Ground((OCCUPIED,), ONLINE)
        else:
            found[place.code] = Ground((place.code,) if own else (place.code, country))
    return found


def country_of(place: str, places: Iterable[Place]) -> str:
    """The country whose lists cover a place: its own, or that of `abroad` and `occupied`."""
    return next((one.country for one in places if one.code == place), place[:2])


def rows_of(
    index: Index, hidden: Hidden, need: str, ground: Ground, *, beside: bool = False
) -> Rows:
    """The rows that meet a need on a ground, each once; `beside`: also what only stands beside."""
    parts = [
        index.rows[begin:end]
        for area in ground.areas
        for begin, end, tier in index.runs(need, area)
        if beside or tier != BESIDE
    ]
    rows = np.unique(np.concatenate(parts)) if parts else _NO_ROWS
    return rows if hidden is None else rows[~hidden[rows]]
