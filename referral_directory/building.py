"""Makes an index of the texts of listings.

It decides nothing about them: what counts is read in `reading.py`. Postings are collected as plain
numbers and put in order at once, so that a hundred thousand listings take seconds.
"""

import gc
import zlib
from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

import numpy as np

from referral_directory.columns import Capacity, Facts, Languages, Profile, Windows
from referral_directory.index import KEPT, Index, Rows, Run, Tables
from referral_directory.model import Need
from referral_directory.opening import HourSets, Openings
from referral_directory.payload import Shelf
from referral_directory.reading import Reader
from referral_directory.served import CountryOf, Served

Key = TypeVar("Key", bound=Hashable)
_COLUMNS: Final = (
    *("hours", "languages", "profile", "windows", "capacity", "day", "organization", "turn"),
    *("due", "score", "marks"),
)
_BREATH: Final = 256
"""Listings between two pauses."""


class Things(Generic[Key]):
    """Gives each thing a small number: the very thing, whatever it is equal to.

    The reader gives the same thing for the same words, and to look is quicker than to compare.
    """

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self.things: list[Key] = []

    def number(self, thing: Key) -> int:
        """The number of a thing, which is kept."""
        number = self._numbers.get(id(thing))
        if number is None:
            number = self._numbers[id(thing)] = len(self.things)
            self.things.append(thing)
        return number


class Names(Generic[Key]):
    """Gives each distinct value a small number, in the order of their coming."""

    def __init__(self, *values: Key) -> None:
        self._numbers: dict[Key, int] = {}
        for value in values:
            self.number(value)

    def number(self, value: Key) -> int:
        """The number of a value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> tuple[Key, ...]:
        """All values, by number."""
        return tuple(self._numbers)


def build(
    listings: Iterable[Served],
    needs: Mapping[str, Need],
    country_of: CountryOf,
    breathe: Callable[[], object] = lambda: None,
) -> tuple[Index, tuple[str, ...]]:
    """The index of those that are for survivors, and the ids of those that could not be read.

    `breathe` is called now and then, for who builds beside others in one program.
    """
    builder = _Builder(needs, country_of)
    unread: list[str] = []
    with _left_in_peace():
        for number, one in enumerate(sorted(listings, key=_id)):
            try:
                builder.add(one)
            except ValueError:
                unread.append(one.id)
            if number % _BREATH == 0:
                breathe()
        return builder.index(), tuple(unread)


@contextmanager
def _left_in_peace() -> Iterator[None]:
    """No looking for waste meanwhile: what is built stays, and the looking takes a sixth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _id(one: Served) -> str:
    return one.id


class _Builder:
    """Takes listings one by one, in the order of their ids."""

    def __init__(self, needs: Mapping[str, Need], country_of: CountryOf) -> None:
        self._reader = Reader(needs, country_of)
        self._ids = bytearray()
        self._ends = array("I", [0])
        self._told = array("I")
        self._postings = array("Q")
        self._counts = array("I")
        self._needs: Names[tuple[str, int]] = Names()
        self._areas: Names[str] = Names()
        self._tiers: Things[tuple[tuple[str, int], ...]] = Things()
        self._of_tiers: list[tuple[int, ...]] = []
        self._classes: Things[HourSets] = Things()
        self._profiles: Things[Profile] = Things()
        self._languages: Things[Languages] = Things()
        self._windows: Things[Windows] = Things()
        self._capacities: Names[Capacity] = Names(("", 0.0))
        self._pair_of: dict[int, str] = {}
        self._shelf = Shelf()

    def add(self, served: Served) -> None:
        """Add a listing, when it is one for survivors. Raises `ValueError`."""
        facts = self._reader.read(served)
        if facts is None:
            return
        row = len(self._counts)
        name = served.id.encode()
        self._ids += name
        self._ends.append(len(self._ids))
        told = (
            self._classes.number(facts.hours),
            self._languages.number(facts.languages),
            self._profiles.number(facts.profile),
            self._windows.number(facts.windows),
            self._capacities.number(facts.capacity) if facts.capacity else 0,
            facts.day,
            facts.organization,
            zlib.crc32(name),
            served.due_on.toordinal() if served.due_on else 0,
            facts.score,
            facts.marks,
        )
        self._told.extend(told)
        if facts.pair is not None:
            self._pair_of[row] = facts.pair
        self._post(facts)
        self._shelf.put(served.content, served.country, served.confirmed)

    def _post(self, facts: Facts) -> None:
        """Note under which needs and areas it is looked for: one number for each."""
        number = self._tiers.number(facts.tiers)
        if number == len(self._of_tiers):
            self._of_tiers.append(tuple(map(self._needs.number, facts.tiers)))
        tiers = self._of_tiers[number]
        for area in facts.areas:
            base = self._areas.number(area) << 32
            self._postings.extend([base | tier for tier in tiers])
        self._counts.append(len(tiers) * len(facts.areas))

    def index(self) -> Index:
        """The index of all that was added. The builder is empty after this."""
        spans, rows = self._spans()
        told = np.array(self._told, dtype=np.uint32).reshape(-1, len(_COLUMNS))
        pairs: dict[str, list[int]] = {}
        for row, pair in self._pair_of.items():
            pairs.setdefault(pair, []).append(row)
        return Index(
            ids=bytes(self._ids),
            ends=np.array(self._ends, dtype=np.uint32),
            columns=dict(zip(_COLUMNS, np.ascontiguousarray(told.T), strict=True)),
            spans=spans,
            rows=rows,
            areas=tuple(sorted(self._areas.values())),
            openings=Openings.of(self._reader.hours, self._classes.things),
            tables=self._tables(),
            pair_of=self._pair_of,
            pairs={pair: tuple(rows) for pair, rows in pairs.items()},
            shelves=(self._shelf,),
            sorted=len(self._counts),
            late={},
            place=np.zeros(0),
        )

    def _tables(self) -> Tables:
        profiles, capacities = self._profiles.things, self._capacities.values()
        return Tables(
            profiles=tuple(profiles),
            refuses=np.array([one.refuses for one in profiles], dtype=np.int64),
            only=np.array([one.only for one in profiles], dtype=np.int64),
            welcomes=np.array([one.welcomes for one in profiles], dtype=np.int64),
            languages=tuple(self._languages.things),
            windows=tuple(self._windows.things),
            states=tuple(state for state, _ in capacities),
            until=np.array([until for _, until in capacities], dtype=np.float64),
        )

    def _spans(self) -> tuple[dict[tuple[str, str], tuple[Run, ...]], Rows]:
        """All postings, put in order by need, area and tier, and by row within them."""
        keys = np.array(self._postings, dtype=np.uint64)
        rows = np.repeat(
            np.arange(len(self._counts), dtype=np.uint32), np.array(self._counts, dtype=np.intp)
        )
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] + 1)) if len(keys) else keys
        ends = [*starts[1:].tolist(), len(keys)]
        needs, areas = self._needs.values(), self._areas.values()
        found: dict[tuple[str, str], dict[int, Run]] = {}
        for begin, end in zip(starts.tolist(), ends, strict=len(keys) > 0):
            key = int(keys[begin])
            need, tier = needs[key & 0xFFFFFFFF]
            found.setdefault((need, areas[key >> 32]), {})[tier] = (begin, end, tier)
        spans = {
            key: tuple(tiers[tier] for tier in KEPT if tier in tiers)
            for key, tiers in found.items()
        }
        return spans, rows
