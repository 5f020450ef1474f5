"""Who covers what where: for each need and place how many listings, for whom, and at night.

It counts what is served, in the search's own index and by its rules: who refuses men is no help for
men, who is meant for others is none, and a number nobody can call from there does not count. What
only stands beside a need does not meet it. It is the directory's view of itself, and holds no
person's search. A hundred thousand listings take milliseconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from referral_directory.columns import MARKS, WHO_BITS
from referral_directory.hours import DAY, WEEK
from referral_directory.index import Hidden, Index
from referral_directory.insight.ground import Rows, grounds, rows_of
from referral_directory.model import LABELLED_DAYS, Need, Place
from referral_directory.opening import MODES, Openings

Condition = Literal["any", "night", "men", "child", "disability"]
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
State = Literal["none", "stale", "one", "several"]
"""`stale`: there is help, but all of it is overdue for a check. `one` and `several` count what is
not overdue."""
WHO: Final[Mapping[Condition, tuple[str, ...]]] = {
    "men": ("man", "adult"),
    "child": ("under18",),
    "disability": ("disability",),
}
IN_DANGER: Final = ("emergency",)
"""Needs that cannot wait for the morning."""
NIGHT_FROM, NIGHT_TO = 22, 6
"""Hours by the service's own clock; every night of the week, from the first to the last minute."""

Told = npt.NDArray[np.bool_]


def _night() -> npt.NDArray[np.uint8]:
    minutes = 0
    for day in range(7):
        for first, last in ((0, NIGHT_TO * 60), (NIGHT_FROM * 60, DAY)):
            minutes |= ((1 << (last - first)) - 1) << (day * DAY + first)
    return np.frombuffer(minutes.to_bytes(WEEK // 8, "little"), dtype=np.uint8)


_NIGHT: Final = _night()


@dataclass(frozen=True, slots=True)
class Count:
    """How many listings, and how many of them are not overdue for a check."""

    all: int = 0
    fresh: int = 0

    @property
    def state(self) -> State:
        """In one word."""
        if self.all == 0:
            return "none"
        if self.fresh == 0:
            return "stale"
        return "one" if self.fresh == 1 else "several"


NOBODY: Final = Count()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Needs, places, and what was counted for each."""

    places: tuple[str, ...]
    """Codes: the country, its regions, `abroad`, `occupied`."""
    needs: tuple[str, ...]
    counts: Mapping[tuple[str, str, Condition], Count]
    """By place, need and condition; what is left out is nobody."""

    def count(self, place: str, need: str, condition: Condition = "any") -> Count:
        """How many there are."""
        return self.counts.get((place, need, condition), NOBODY)


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where nobody meets a need under a condition."""

    place: str
    need: str
    condition: Condition


def matrix(
    held: tuple[Index, Hidden],
    needs: Mapping[str, Need],
    places: Iterable[Place],
    *,
    country: str,
    today: date,
    columns: tuple[str, ...] = (),
    language: str = "",
    own: bool = False,
) -> Matrix:
    """What covers a country. `held`: of a `Live`. `columns`: needs to count, left out: those of
    the first level that anybody may see.

    `language`: only what speaks it, itself or through an interpreter. `own`: in a region only what
    is for that region, not what serves the whole country.
    """
    index, hidden = held
    wanted = columns or tuple(
        code for code, need in needs.items() if "." not in code and not need.restricted
    )
    ground = grounds(places, country, own=own)
    facts = _Facts(index, language, today)
    counts: dict[tuple[str, str, Condition], Count] = {}
    for place, where in ground.items():
        for need in wanted:
            rows = rows_of(index, hidden, need, where)
            rows = rows[facts.usable(rows, where.mode)]
            if not len(rows):
                continue
            fresh = facts.fresh[rows]
            for condition in CONDITIONS:
                met = facts.meets(condition, rows, where.mode)
                if met.any():
                    counts[place, need, condition] = Count(
                        int(np.count_nonzero(met)), int(np.count_nonzero(met & fresh))
                    )
    return Matrix(tuple(ground), wanted, counts)


def gaps(
    counted: Matrix, condition: Condition, needs: tuple[str, ...] = IN_DANGER
) -> tuple[Gap, ...]:
    """The places, of one country, where nobody meets these needs under this condition."""
    return tuple(
        Gap(place, need, condition)
        for place in counted.places
        for need in needs
        if need in counted.needs and counted.count(place, need, condition).all == 0
    )


class _Facts:
    """What is true of the listings of an index, by row or by the classes they are in."""

    def __init__(self, index: Index, language: str, today: date) -> None:
        self._columns, tables = index.columns, index.tables
        self._speaks = np.array(
            [
                not language or language in (*one.spoken, *one.interpreted)
                for one in tables.languages
            ],
            dtype=bool,
        )
        self._receives = {
            condition: _receives(tables.refuses, tables.only, who) for condition, who in WHO.items()
        }
        self._ways = tuple(_is_reached(index.openings, mode) for mode in MODES)
        self._nights = tuple(_answers_at_night(index.openings, mode) for mode in MODES)
        marks = self._columns["marks"]
        recheck, confirmed = (marks >> MARKS.index(name) & 1 for name in ("recheck", "confirmed"))
        stale = index.overdue(today, LABELLED_DAYS) | ((recheck == 1) & (confirmed == 0))
        self.fresh: Told = ~stale

    def usable(self, rows: Rows, mode: int) -> Told:
        """Who speaks the language and can be reached in this mode."""
        speaks = self._speaks[self._columns["languages"][rows]]
        usable: Told = speaks & self._ways[mode][self._columns["hours"][rows]]
        return usable

    def meets(self, condition: Condition, rows: Rows, mode: int) -> Told:
        """Who is there under a condition."""
        if condition == "any":
            return np.ones(len(rows), dtype=bool)
        met: Told
        if condition == "night":
            met = self._nights[mode][self._columns["hours"][rows]]
        else:
            met = self._receives[condition][self._columns["profile"][rows]]
        return met


def _receives(
    refuses: npt.NDArray[np.int64], only: npt.NDArray[np.int64], who: tuple[str, ...]
) -> Told:
    """By profile, whether it neither refuses these people nor is only there for others.

    Not known is not no. `ranking.person` decides the same for the search: keep them in step.
    """
    said = sum(WHO_BITS[word] for word in who)
    received: Told = (refuses & said == 0) & ((only == 0) | (only & said != 0))
    return received


def _is_reached(openings: Openings, mode: int) -> Told:
    """By class, whether there is any contact that works in a mode."""
    return np.asarray(openings.columns[mode][0] != 0)


def _answers_at_night(openings: Openings, mode: int) -> Told:
    """By class, whether somebody answers every night from 22 to 6, by whichever contact.

    Dated closures are not looked at; hours that are not known are no night.
    """
    first, *others = openings.columns[mode]
    found = np.zeros(len(first), dtype=bool)
    bits = openings.bits & _NIGHT[:, None]
    for begin in range(0, len(first), 512):
        minutes = bits[:, first[begin : begin + 512]]
        for column in others:
            minutes |= bits[:, column[begin : begin + 512]]
        found[begin : begin + 512] = (minutes == _NIGHT[:, None]).all(axis=0)
    return found
