"""Who is open at a minute, for many listings at once.

Each distinct hours is kept once, as one bit a minute of the week; a search reads one row of bits.
A listing has a class: the few hours that count for it, at home, from abroad, and where only online
help can be used. Hours with dated closures or holidays are asked exactly on the dates that are not
like the week says.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from referral_directory.hours import DAY, WEEK, Hours, zone_of

OPEN: Final = 0
NOT_KNOWN: Final = 1
CLOSED: Final = 2
NO_WAY: Final = 3
"""No contact that works from where the person is."""
_CODE: Final = {"yes": OPEN, "unknown": NOT_KNOWN, "no": CLOSED}

HourSets = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""The numbers of the hours that count at home, from abroad, and where only online help can be
used."""
States = npt.NDArray[np.uint8]
Classes = npt.NDArray[np.unsignedinteger]
Columns = tuple[npt.NDArray[np.uint32], ...]

HOME: Final = 0
ABROAD: Final = 1
ONLINE: Final = 2
MODES: Final = (HOME, ABROAD, ONLINE)
_NONE: Final = 0
"""Stands for no hours at all; the others follow."""


class Openings:
    """The hours of an index, and the classes of its listings. Nothing in it is changed."""

    def __init__(
        self, hours: tuple[Hours, ...], bits: npt.NDArray[np.uint8], columns: tuple[Columns, ...]
    ) -> None:
        """Use `Openings.of`. `bits`: of each hours the week, after those of none; `columns`: by
        mode and class, the first hours that counts, the second, and so on.
        """
        self.hours, self.bits, self.columns = hours, bits, columns
        self._shut = np.array(
            [NO_WAY, *(NOT_KNOWN if one.shifts is None else CLOSED for one in hours)],
            dtype=np.uint8,
        )
        zones: dict[str, list[int]] = {}
        for i, one in enumerate(hours, start=1):
            zones.setdefault(one.zone, []).append(i)
        self._zones = {zone: np.array(rows, dtype=np.intp) for zone, rows in zones.items()}
        self._dated = [i for i, one in enumerate(hours) if one.exceptional]
        always = np.array([False, *(one.always for one in hours)])
        self._always = tuple(
            np.logical_or.reduce([always[column] for column in mode]) for mode in columns
        )
        self._days: dict[date, list[int]] = {}
        self._last: tuple[datetime, States] | None = None

    @classmethod
    def of(cls, hours: Sequence[Hours], classes: Sequence[HourSets]) -> "Openings":
        """`classes`: by class, the numbers (places in `hours`) that count in each mode."""
        bits = np.zeros((WEEK // 8, len(hours) + 1), dtype=np.uint8)
        for i, one in enumerate(hours, start=1):
            bits[:, i] = np.frombuffer(one.week, dtype=np.uint8)
        return cls(tuple(hours), bits, tuple(_columns(classes, mode) for mode in MODES))

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.columns[HOME][0])

    def joined(self, other: "Openings") -> "Openings":
        """These and others, whose classes follow these."""
        first = len(self.hours)
        columns = tuple(
            tuple(
                np.concatenate(
                    [
                        _column(mine, i, self.classes),
                        # What stands for no hours stays what it is.
                        (column := _column(its, i, other.classes)) + first * (column != _NONE),
                    ]
                ).astype(np.uint32)
                for i in range(max(len(mine), len(its)))
            )
            for mine, its in zip(self.columns, other.columns, strict=True)
        )
        bits = np.concatenate([self.bits, other.bits[:, 1:]], axis=1)
        return Openings((*self.hours, *other.hours), bits, columns)

    def reach(self, classes: Classes, minute: datetime, mode: int) -> States:
        """OPEN, NOT_KNOWN, CLOSED or NO_WAY at a whole minute, for each of these classes."""
        last = self._last
        if last is None or last[0] != minute:
            last = self._last = (minute, self._states(minute))
        first, *others = self.columns[mode]
        states = last[1][first[classes]]
        for column in others:
            np.minimum(states, last[1][column[classes]], out=states)
        return states

    def always(self, row_class: int, mode: int) -> bool:
        """Whether somebody answers day and night."""
        return bool(self._always[mode][row_class])

    def _states(self, minute: datetime) -> States:
        states = self._shut.copy()
        for zone, rows in self._zones.items():
            wall = minute.astimezone(zone_of(zone))
            now = wall.weekday() * DAY + wall.hour * 60 + wall.minute
            states[rows[(self.bits[now >> 3, rows] >> (now & 7)) & 1 == 1]] = OPEN
        for i in self._exceptions(minute):
            states[i + 1] = _CODE[self.hours[i].open_at(minute)]
        return states

    def _exceptions(self, minute: datetime) -> list[int]:
        """The hours that have a date near this one that is not like the week says."""
        day = minute.astimezone(UTC).date()
        known = self._days.get(day)
        if known is None:
            near = [day + timedelta(days=i) for i in range(-2, 3)]
            known = [
                i for i in self._dated if any(self.hours[i].day(when)[0] != "yes" for when in near)
            ]
            if len(self._days) > 400:
                self._days.clear()
            self._days[day] = known
        return known


def _columns(classes: Sequence[HourSets], mode: int) -> Columns:
    """By class, the first hours that counts, the second, and so on."""
    sets = [one[mode] for one in classes]
    lengths = np.fromiter(map(len, sets), dtype=np.intp, count=len(sets))
    table = np.zeros((len(sets), max(int(lengths.max(initial=0)), 1)), dtype=np.uint32)
    filled = np.arange(table.shape[1]) < lengths[:, None]
    table[filled] = np.fromiter(chain.from_iterable(sets), np.uint32, int(lengths.sum())) + 1
    return tuple(np.ascontiguousarray(column) for column in table.T)


def _column(columns: Columns, place: int, size: int) -> npt.NDArray[np.uint32]:
    return columns[place] if place < len(columns) else np.zeros(size, dtype=np.uint32)
