"""The live index: what a search must know of every listing, in packed columns.

The rest stays on the shelf, as bytes.

Built once, by `Builder`, from listings that may be served; nothing is changed in it afterwards. It
knows no person and no instant.
"""

import zlib
from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from referral_directory.codes import (
    ABROAD,
    OCCUPIED,
)
from referral_directory.columns import Profile, areas, marks, profile, score, source_day
from referral_directory.model import Listing, Need
from referral_directory.opening import Openings
from referral_directory.payload import Shelf

Rows = npt.NDArray[np.uint32]
Key = TypeVar("Key", bound=Hashable)


class Names(Generic[Key]):
    """Gives each distinct value a small number, in the order of their coming."""

    def __init__(self) -> None:
        self.numbers: dict[Key, int] = {}

    def number(self, value: Key) -> int:
        """The number of a value."""
        return self.numbers.setdefault(value, len(self.numbers))

    def values(self) -> tuple[Key, ...]:
        """All values, by number."""
        return tuple(self.numbers)


@dataclass(frozen=True, slots=True)
class Languages:
    """What is spoken there, and what through an interpreter."""

    spoken: tuple[str, ...]
    interpreted: tuple[str, ...]


EXACT, PART, CLOSE_TO, BESIDE = range(4)
"""How a listing meets a need: it, a part of it, something close, and only what stands beside it."""
KEPT: Final = (EXACT, PART, BESIDE)
"""What is known when the index is built; what is close depends on what was asked."""
Run = tuple[int, int, int]
"""Where in the rows it begins, where it ends, and how its listings meet the need."""

Capacity = tuple[str, datetime] | None
Windows = tuple[tuple[str, int], ...]


class Builder:
    """Takes listings one by one and makes the index.

    Rows are in the order of adding: add in order of id.
    """

    def __init__(self, needs: Mapping[str, Need]) -> None:
        self._needs = needs
        self._ids = array("B")
        self._ends = array("Q", [0])
        self._hashes = array("Q")
        self._columns = {
            name: array(kind)
            for name, kind in (
                ("hours", "I"),
                ("languages", "H"),
                ("profile", "H"),
                ("windows", "H"),
                ("capacity", "H"),
                ("score", "H"),
                ("day", "I"),
                ("organization", "I"),
                ("turn", "I"),
                ("marks", "B"),
            )
        }
        self._postings: dict[tuple[str, str], tuple[array[int], ...]] = {}
        self._openings = Openings()
        self._profiles: Names[Profile] = Names()
        self._languages: Names[Languages] = Names()
        self._windows: Names[Windows] = Names()
        self._capacities: Names[Capacity] = Names()
        self._capacities.number(None)
        self._pairs: dict[str, list[int]] = {}
        self._shelf = Shelf()
        self._size = 0

    def add(self, listing: Listing) -> None:
        """Add a listing that may be served."""
        row = self._size
        self._size += 1
        name = listing.id.encode()
        self._ids.frombytes(name)
        self._ends.append(len(self._ids))
        self._hashes.append(_hash(name))
        told = {
            "hours": self._openings.add(
                (listing.answering(), listing.answering(ABROAD), listing.answering(OCCUPIED))
            ),
            "languages": self._languages.number(Languages(listing.languages, listing.interpreted)),
            "profile": self._profiles.number(profile(listing)),
            "windows": self._windows.number(tuple(sorted(listing.windows.items()))),
            "capacity": self._capacities.number(listing.capacity),
            "score": score(listing),
            "day": source_day(listing),
            "organization": zlib.crc32(listing.organization["en"].casefold().encode()),
            "turn": zlib.crc32(name),
            "marks": marks(listing),
        }
        for column, value in told.items():
            self._columns[column].append(value)
        if listing.pair is not None:
            self._pairs.setdefault(listing.pair, []).append(row)
        self._post(listing, row)
        self._shelf.put(listing)

    def _post(self, listing: Listing, row: int) -> None:
        tiers: dict[str, int] = {}
        for need in listing.needs:
            tiers[need] = EXACT
            parts = need.split(".")
            for depth in range(1, len(parts)):
                tiers.setdefault(".".join(parts[:depth]), PART)
        for need in tiers.keys() & self._needs.keys():
            if self._needs[need].beside and self._needs[need].only_beside(listing.needs):
                tiers[need] = BESIDE
        for area in areas(listing):
            for need, tier in tiers.items():
                lists = self._postings.get((need, area))
                if lists is None:
                    lists = self._postings[need, area] = (array("I"), array("I"), array("I"))
                lists[KEPT.index(tier)].append(row)

    def index(self) -> "Index":
        """The index of all that was added. The builder is empty after this."""
        self._openings.close()
        spans: dict[tuple[str, str], tuple[Run, ...]] = {}
        size = sum(len(part) for lists in self._postings.values() for part in lists)
        rows = np.empty(size, dtype=np.uint32)
        at = 0
        for key in sorted(self._postings):
            runs: list[Run] = []
            for tier, part in zip(KEPT, self._postings.pop(key), strict=True):
                if part:
                    rows[at : at + len(part)] = part
                    runs.append((at, at + len(part), tier))
                    at += len(part)
            spans[key] = tuple(runs)
        hashes = np.array(self._hashes, dtype=np.uint64)
        order = np.argsort(hashes, kind="stable").astype(np.uint32)
        columns = {
            name: np.frombuffer(column, dtype=column.typecode)
            for name, column in self._columns.items()
        }
        pairs = {row: tuple(rows) for rows in self._pairs.values() for row in rows}
        return Index(
            size=self._size,
            ids=self._ids.tobytes(),
            ends=np.array(self._ends, dtype=np.uint32),
            hashes=hashes[order],
            order=order,
            columns=columns,
            spans=spans,
            rows=rows,
            openings=self._openings,
            profiles=self._profiles.values(),
            languages=self._languages.values(),
            windows=self._windows.values(),
            capacities=self._capacities.values(),
            pairs=pairs,
            shelf=self._shelf,
        )


@dataclass(frozen=True, slots=True)
class Index:
    """All that may be served, by row."""

    size: int
    ids: bytes
    ends: npt.NDArray[np.uint32]
    hashes: npt.NDArray[np.uint64]
    """Sorted; `order` has the row of each."""
    order: Rows
    columns: Mapping[str, npt.NDArray[np.unsignedinteger]]
    spans: Mapping[tuple[str, str], tuple[Run, ...]]
    """By need and area: the runs of `rows`, by how they meet the need."""
    rows: Rows
    openings: Openings
    profiles: Sequence[Profile]
    languages: Sequence[Languages]
    windows: Sequence[Windows]
    capacities: Sequence[Capacity]
    pairs: Mapping[int, tuple[int, ...]]
    shelf: Shelf

    def id_of(self, row: int) -> str:
        """The id of a row."""
        return self.ids[self.ends[row] : self.ends[row + 1]].decode()

    def row_of(self, name: str) -> int | None:
        """The row of an id, or None when it is not here."""
        wanted = np.uint64(_hash(name.encode()))
        at = int(np.searchsorted(self.hashes, wanted))
        while at < self.size and self.hashes[at] == wanted:
            row = int(self.order[at])
            if self.id_of(row) == name:
                return row
            at += 1
        return None


def _hash(name: bytes) -> int:
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "little")
