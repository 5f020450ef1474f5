"""Who is open at a minute, for many listings at once.

Each distinct hours is kept once, as one bit a minute of the week; a search reads one row of bits.
A listing has a class: the few hours that count for it, at home, from abroad, and where only online
help can be used. Hours with dated closures or holidays are asked exactly on the dates that are not
like the week says.
"""

from datetime import UTC, date, datetime, timedelta
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

Sets = tuple[tuple[Hours, ...], tuple[Hours, ...], tuple[Hours, ...]]
"""The hours that count at home, from abroad, and where only online help can be used."""
States = npt.NDArray[np.uint8]
Classes = npt.NDArray[np.unsignedinteger]

HOME: Final = 0
ABROAD: Final = 1
ONLINE: Final = 2


class Openings:
    """All hours of an index. Add while it is built, `close` it once, then ask."""

    def __init__(self) -> None:
        self._hours: dict[Hours, int] = {}
        self._classes: dict[tuple[tuple[int, ...], ...], int] = {}
        self._days: dict[date, list[int]] = {}
        self._last: tuple[datetime, States] | None = None

    def add(self, sets: Sets) -> int:
        """The class of a listing with these hours."""
        numbered = tuple(
            tuple(sorted({self._hours.setdefault(hours, len(self._hours)) for hours in one}))
            for one in sets
        )
        return self._classes.setdefault(numbered, len(self._classes))

    def close(self) -> None:
        """Make the tables; nothing is added after this."""
        self._all = list(self._hours)
        self._none = len(self._all)
        """The number that stands for no hours at all."""
        self._bits = np.zeros((WEEK // 8, self._none + 1), dtype=np.uint8)
        self._shut = np.full(self._none + 1, CLOSED, dtype=np.uint8)
        self._shut[self._none] = NO_WAY
        zones: dict[str, list[int]] = {}
        for i, hours in enumerate(self._all):
            self._bits[:, i] = np.frombuffer(hours.week, dtype=np.uint8)
            if hours.shifts is None:
                self._shut[i] = NOT_KNOWN
            zones.setdefault(hours.zone, []).append(i)
        self._zones = {zone: np.array(rows, dtype=np.intp) for zone, rows in zones.items()}
        self._dated = [i for i, hours in enumerate(self._all) if hours.exceptional]
        self._columns = tuple(self._columns_of(mode) for mode in (HOME, ABROAD, ONLINE))
        always = np.array([*(hours.always for hours in self._all), False])
        self._always = tuple(
            np.logical_or.reduce([always[column] for column in columns])
            for columns in self._columns
        )
        self._classes.clear()
        self._hours.clear()

    def _columns_of(self, mode: int) -> list[npt.NDArray[np.uint32]]:
        """By class, the first hours that counts, the second, and so on."""
        most = max((len(sets[mode]) for sets in self._classes), default=0)
        return [
            np.fromiter(
                (sets[mode][i] if i < len(sets[mode]) else self._none for sets in self._classes),
                dtype=np.uint32,
                count=len(self._classes),
            )
            for i in range(max(most, 1))
        ]

    def reach(self, classes: Classes, minute: datetime, mode: int) -> States:
        """OPEN, NOT_KNOWN, CLOSED or NO_WAY at a whole minute, for each of these classes."""
        last = self._last
        if last is None or last[0] != minute:
            last = self._last = (minute, self._states(minute))
        first, *others = self._columns[mode]
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
            states[rows[(self._bits[now >> 3, rows] >> (now & 7)) & 1 == 1]] = OPEN
        for i in self._exceptions(minute):
            states[i] = _CODE[self._all[i].open_at(minute)]
        return states

    def _exceptions(self, minute: datetime) -> list[int]:
        """The hours that have a date near this one that is not like the week says."""
        day = minute.astimezone(UTC).date()
        known = self._days.get(day)
        if known is None:
            near = [day + timedelta(days=i) for i in range(-2, 3)]
            known = [
                i for i in self._dated if any(self._all[i].day(when)[0] != "yes" for when in near)
            ]
            if len(self._days) > 400:
                self._days.clear()
            self._days[day] = known
        return known
