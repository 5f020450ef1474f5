"""The live index: what a search must know of every listing, in packed columns.

The rest stays on the shelf, as bytes. Nothing in an index is changed: another can be joined to it.
It knows no person and no instant.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from referral_directory.columns import BESIDE, EXACT, PART, Languages, Profile, Windows
from referral_directory.opening import Openings
from referral_directory.payload import Kept, Shelf
from referral_directory.served import Served

Rows = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

KEPT: Final = (EXACT, PART, BESIDE)
"""What is known when the index is built; what is close depends on what was asked."""
Run = tuple[int, int, int]
"""Where in the rows it begins, where it ends, and how its listings meet the need."""
Hidden = npt.NDArray[np.bool_] | None
"""By row, whether it is not to be given to anybody; None when that is true of no row."""
Spans = Mapping[tuple[str, str], tuple[Run, ...]]
"""By need and area: the runs of rows, by how they meet the need."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What many listings have alike, by the numbers that stand in the columns."""

    profiles: tuple[Profile, ...]
    refuses: Numbers
    only: Numbers
    welcomes: Numbers
    """These three of each profile once more, side by side."""
    languages: tuple[Languages, ...]
    windows: tuple[Windows, ...]
    states: tuple[str, ...]
    until: npt.NDArray[np.float64]
    """By capacity: what it was, and the instant after which that is forgotten. The first one is
    not known."""

    def joined(self, other: "Tables") -> "Tables":
        """These and others, which follow."""
        return Tables(
            profiles=self.profiles + other.profiles,
            refuses=np.concatenate([self.refuses, other.refuses]),
            only=np.concatenate([self.only, other.only]),
            welcomes=np.concatenate([self.welcomes, other.welcomes]),
            languages=self.languages + other.languages,
            windows=self.windows + other.windows,
            states=self.states + other.states,
            until=np.concatenate([self.until, other.until]),
        )


@dataclass(frozen=True, slots=True)
class Index:
    """All that was handed over, by row. The first rows are in the order of ids."""

    ids: bytes
    ends: npt.NDArray[np.uint32]
    columns: Mapping[str, npt.NDArray[np.unsignedinteger]]
    spans: Spans
    rows: Rows
    areas: tuple[str, ...]
    """All areas of the spans, in order."""
    openings: Openings
    tables: Tables
    pair_of: Mapping[int, str]
    pairs: Mapping[str, tuple[int, ...]]
    """The rows of each pair; `pair_of` has the pair of a row."""
    shelves: tuple[Shelf, ...]
    sorted: int
    """So many rows are in the order of their ids; the others were joined to them, in order too."""
    late: Spans
    """The runs of rows that were joined."""
    place: npt.NDArray[np.float64]
    """Where each joined row stands among the sorted ones, by its id."""

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.ends) - 1

    def id_of(self, row: int) -> str:
        """The id of a row."""
        return self.ids[self.ends[row] : self.ends[row + 1]].decode()

    def row_of(self, name: str) -> int | None:
        """The row of an id, the one that was joined last; None when it is not here."""
        for begin, end in ((self.sorted, self.size), (0, self.sorted)):
            row = bisect_left(range(end), name, lo=begin, key=self.id_of)
            if row < end and self.id_of(row) == name:
                return row
        return None

    def order(self, rows: Rows) -> npt.NDArray[np.float64]:
        """Numbers that stand in the order of the ids of these rows."""
        order = rows.astype(np.float64)
        if self.size > self.sorted:
            late = rows >= self.sorted
            order[late] = self.place[rows[late] - self.sorted]
        return order

    def partners(self, row: int) -> frozenset[int]:
        """The rows that are given together with this one or not at all."""
        pair = self.pair_of.get(row)
        return frozenset(self.pairs[pair]) - {row} if pair is not None else frozenset()

    def served(self, row: int) -> Served:
        """What was handed over for a row."""
        first, last = self.shelves[0], self.shelves[-1]
        late = row >= self.sorted
        return self._served(row, last.get(row - self.sorted) if late else first.get(row))

    def every(self) -> Iterator[Served]:
        """What was handed over, for all rows in their order."""
        for row, told in enumerate(chain.from_iterable(one.every() for one in self.shelves)):
            yield self._served(row, told)

    def _served(self, row: int, told: Kept) -> Served:
        due = int(self.columns["due"][row])
        return Served(self.id_of(row), *told, date.fromordinal(due) if due else None)

    def runs(self, need: str, area: str) -> tuple[Run, ...]:
        """The runs of rows that meet a need in an area."""
        key = (need, area)
        return self.spans.get(key, ()) + self.late.get(key, ())

    def overdue(self, day: date, days: int) -> npt.NDArray[np.bool_]:
        """Which rows should have been checked so many days ago or more."""
        due = self.columns["due"]
        return (due > 0) & (due + np.uint32(days) <= day.toordinal())

    def joined(self, other: "Index") -> "Index":
        """This index, in which all rows are sorted, and the rows of another after them."""
        first, tables = self.sorted, self.tables
        starts = {
            "hours": self.openings.classes,
            "languages": len(tables.languages),
            "profile": len(tables.profiles),
            "windows": len(tables.windows),
            "capacity": len(tables.states),
        }
        columns = {
            name: np.concatenate([column, other.columns[name] + np.uint32(starts.get(name, 0))])
            for name, column in self.columns.items()
        }
        begin = len(self.rows)
        late = {
            key: tuple((start + begin, end + begin, tier) for start, end, tier in runs)
            for key, runs in other.spans.items()
        }
        pairs = dict(self.pairs)
        for pair, rows in other.pairs.items():
            pairs[pair] = (*pairs.get(pair, ()), *(row + first for row in rows))
        return Index(
            ids=self.ids + other.ids,
            ends=np.concatenate([self.ends, other.ends[1:] + np.uint32(len(self.ids))]),
            columns=columns,
            spans=self.spans,
            rows=np.concatenate([self.rows, other.rows + np.uint32(first)]),
            areas=tuple(sorted({*self.areas, *other.areas})),
            openings=self.openings.joined(other.openings),
            tables=tables.joined(other.tables),
            pair_of={**self.pair_of, **{row + first: p for row, p in other.pair_of.items()}},
            pairs=pairs,
            shelves=(self.shelves[0], other.shelves[0]),
            sorted=first,
            late=late,
            place=self._place(other),
        )

    def _place(self, other: "Index") -> npt.NDArray[np.float64]:
        names = (other.id_of(row) for row in range(other.size))
        # The row before which it would stand; between two such rows, in the order of the joined.
        before = [bisect_left(range(self.sorted), name, key=self.id_of) for name in names]
        return np.array(before) - 1 + np.linspace(0.1, 0.9, num=len(before))
