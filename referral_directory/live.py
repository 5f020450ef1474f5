"""What is served now: search, single listings, open lines.

A publish is a new `Live`, made of this one and of what changed; nothing in one is changed. What is
taken out is hidden at once, what is new stands beside the rest until all is built anew, and the
answers are the same as if it were: equals stand in the order of their ids, not of their rows.
Equal questions in one minute are answered once. Any thread may ask.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Final

import numpy as np

from referral_directory.building import build
from referral_directory.codes import HOTLINE
from referral_directory.coverage import Coverage
from referral_directory.index import Hidden, Index
from referral_directory.listing import listing_from
from referral_directory.model import (
    HIDDEN_DAYS,
    Country,
    Found,
    Listing,
    Need,
    Place,
    Query,
    Referral,
)
from referral_directory.pack import ListingShape
from referral_directory.search import Memory, Search
from referral_directory.served import CountryOf, Served

REMEMBERED: Final = 512
LINES: Final = 5
"""Hotlines that `open_lines` gives at most."""
_MOST_MOVES: Final = 8
"""A listing that was merged into one that was merged, and so on: no circle is followed for ever."""
Breathe = Callable[[], object]


@dataclass(frozen=True, slots=True)
class World:
    """What holds for all listings: needs, places, countries."""

    needs: Mapping[str, Need] = field(repr=False)
    places: tuple[Place, ...] = field(repr=False)
    countries: tuple[Country, ...] = field(repr=False)
    country_of: CountryOf = field(repr=False)


@dataclass(frozen=True, slots=True)
class State:
    """What a `Live` is made of."""

    base: Index
    index: Index
    """The base, and what was joined to it since it was built."""
    gone: Hidden = None
    """By row, what was taken out since."""
    day: date | None = None
    """What is too long overdue on this day is hidden; None: nothing is."""
    moved: Mapping[str, str] = field(default_factory=dict)
    """Where to find a listing that was merged into another."""
    unread: tuple[str, ...] = ()


class Live:
    """What is served now."""

    def __init__(self, world: World, state: State, memory: Memory | None = None) -> None:
        """`memory`: that of another `Live` of the same index."""
        self._world, self._state = world, state
        self._memory = memory or Memory()
        self._hidden = _hidden(state)
        coverage = Coverage(state.index, world.places, world.countries, self._hidden)
        self._search = Search(state.index, world.needs, coverage, self._memory, self._hidden)
        self._lock = Lock()
        self._minute: datetime | None = None
        self._found: dict[Query, Referral] = {}
        self._lines: dict[Query, tuple[Found, ...]] = {}
        self._listings: dict[str, Listing | None] = {}

    @classmethod
    def of(
        cls, world: World, listings: Iterable[Served], breathe: Breathe = lambda: None
    ) -> "Live":
        """All of these that may be shown. `breathe` is called now and then while it is made."""
        index, unread = build(listings, world.needs, world.country_of, breathe)
        return cls(world, State(index, index, unread=unread))

    def __len__(self) -> int:
        hidden = 0 if self._hidden is None else int(np.count_nonzero(self._hidden))
        return self._state.index.size - hidden

    @property
    def unread(self) -> tuple[str, ...]:
        """The ids of listings whose text could not be read: they are not served."""
        return self._state.unread

    @property
    def held(self) -> tuple[Index, Hidden]:
        """The index, and by row what is not to be given to anybody: for pictures of the whole."""
        return self._state.index, self._hidden

    @property
    def late(self) -> int:
        """How many listings stand beside the rest, or are hidden in it."""
        state = self._state
        gone = 0 if state.gone is None else int(np.count_nonzero(state.gone))
        return state.index.size - state.base.size + gone

    def search(self, query: Query, at: datetime) -> Referral:
        """At most three listings with reasons, one open line, and what was relaxed.

        `at` is aware.
        """
        with self._lock:
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
        with self._lock:
            minute = self._at(at)
            lines = self._lines.get(query)
            if lines is None:
                lines = self._lines[query] = self._search.lines(query, minute, LINES)
            return lines

    def listing(self, name: str) -> Listing | None:
        """A listing as it is shown, or None when it may not be served (any more).

        What was merged into another is that one.
        """
        with self._lock:
            if name not in self._listings:
                if len(self._listings) >= REMEMBERED:
                    self._listings.clear()
                self._listings[name] = self._opened(name)
            return self._listings[name]

    def ids(self) -> tuple[str, ...]:
        """All that may be served, in order."""
        return tuple(sorted(self._state.index.id_of(row) for row in self._rows()))

    def without(self, ids: Iterable[str]) -> "Live":
        """The same without some listings, at once."""
        state = self._state
        known = (row for name in ids if (row := state.index.row_of(name)) is not None)
        rows = [row for row in known if state.gone is None or not state.gone[row]]
        if not rows:
            return self
        gone = np.zeros(state.index.size, bool) if state.gone is None else state.gone.copy()
        gone[rows] = True
        return self._with(gone=gone)

    def on(self, day: date) -> "Live":
        """The same on a day (UTC): what is too long overdue then is hidden."""
        return self if day == self._state.day else self._with(day=day)

    def with_changes(
        self,
        gone: Iterable[str],
        listings: Iterable[Served],
        moved: Mapping[str, str] | None = None,
    ) -> "Live":
        """The same without some listings, and with others: new ones, or as they are now."""
        state, fresh = self._state, {one.id: one for one in listings}
        dead = {*gone, *fresh}
        base = state.base
        late = [
            one
            for one in (state.index.served(row) for row in range(base.size, state.index.size))
            if one.id not in dead and not self._is_gone(one.id)
        ]
        index, unread = build((*late, *fresh.values()), self._world.needs, self._world.country_of)
        mask = np.zeros(base.size, bool) if state.gone is None else state.gone[: base.size].copy()
        mask[[row for name in dead if (row := base.row_of(name)) is not None]] = True
        kept = tuple(name for name in state.unread if name not in dead)
        joined = base.joined(index) if index.size else base
        merged = {**state.moved, **(moved or {})}
        changed = State(
            base=base,
            index=joined,
            gone=np.concatenate([mask, np.zeros(index.size, bool)]),
            day=state.day,
            moved={old: new for old, new in merged.items() if old not in fresh},
            unread=(*kept, *unread),
        )
        return Live(self._world, changed)

    def compacted(self, breathe: Breathe = lambda: None) -> "Live":
        """The same, built anew."""
        state = self._state
        every = (
            one
            for row, one in enumerate(state.index.every())
            if state.gone is None or not state.gone[row]
        )
        index, _ = build(every, self._world.needs, self._world.country_of, breathe)
        return Live(
            self._world,
            State(index, index, day=state.day, moved=state.moved, unread=state.unread),
        )

    def press(self) -> Iterator[None]:
        """Press the texts into less memory, a few each time."""
        return self._state.base.shelves[0].press()

    def _with(self, *, gone: Hidden | None = None, day: date | None = None) -> "Live":
        old = self._state
        state = State(
            base=old.base,
            index=old.index,
            gone=old.gone if gone is None else gone,
            day=day or old.day,
            moved=old.moved,
            unread=old.unread,
        )
        return Live(self._world, state, self._memory)

    def _rows(self) -> Iterator[int]:
        hidden = self._hidden
        return (row for row in range(self._state.index.size) if hidden is None or not hidden[row])

    def _is_gone(self, name: str) -> bool:
        row = self._state.index.row_of(name)
        return row is None or (self._state.gone is not None and bool(self._state.gone[row]))

    def _opened(self, name: str) -> Listing | None:
        index = self._state.index
        for _ in range(_MOST_MOVES):
            name = self._state.moved.get(name, name)
        row = index.row_of(name)
        if row is None or (self._hidden is not None and self._hidden[row]):
            return None
        served = index.served(row)
        written = ListingShape.model_validate_json(served.content)
        country = self._world.country_of(served.country, written.area)
        if country is None:
            return None
        return listing_from(
            name, written, country, self._world.needs, served.confirmed, served.due_on
        )

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


def _hidden(state: State) -> Hidden:
    """What is gone, and what is too long overdue."""
    hidden = state.gone
    if state.day is not None:
        overdue = state.index.overdue(state.day, HIDDEN_DAYS)
        hidden = overdue if hidden is None else hidden | overdue
    return hidden if hidden is not None and hidden.any() else None
