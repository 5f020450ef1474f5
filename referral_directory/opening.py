"""Who is open at a minute, for every listing at once.

Each distinct set of hours is kept once, as one bit a minute of the week; a search reads one column of bits.
Sets with dated closures or holidays are asked exactly on the dates that are not like the week says.
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

HOME: Final = 0
ABROAD: Final = 1
ONLINE: Final = 2


class Openings:
    """All hours of an index. Add while it is built, `close` it once, then ask."""

    def __init__(self) -> None:
        self._sets: dict[tuple[Hours, ...], int] = {}
        self._classes: dict[Sets, int] = {}
        self._rows: list[tuple[int, int, int]] = []
        self._days: dict[date, list[int]] = {}
        self._last: tuple[datetime, npt.NDArray[np.uint8]] | None = None

    def add(self, sets: Sets) -> int:
        """The class of a listing with these hours."""
        known = self._classes.get(sets)
        if known is None:
            known = self._classes[sets] = len(self._rows)
            home, abroad, online = (self._sets.setdefault(one, len(self._sets)) for one in sets)
            self._rows.append((home, abroad, online))
        return known

    def close(self) -> None:
        """Make the tables; nothing is added after this."""
        sets = list(self._sets)
        self._all = sets
        self._bits = np.zeros((WEEK // 8, max(len(sets), 1)), dtype=np.uint8)
        self._shut = np.full(max(len(sets), 1), CLOSED, dtype=np.uint8)
        self._zones: dict[str, npt.NDArray[np.intp]] = {}
        zones: dict[str, list[int]] = {}
        self._dated: list[int] = []
        self._mixed: list[int] = []
        for i, hours in enumerate(sets):
            for one in hours:
                self._bits[:, i] |= np.frombuffer(one.week, dtype=np.uint8)
            if not hours:
                self._shut[i] = NO_WAY
            elif any(one.shifts is None for one in hours):
                self._shut[i] = NOT_KNOWN
            if len({one.zone for one in hours}) > 1:
                self._mixed.append(i)
            elif hours:
                zones.setdefault(hours[0].zone, []).append(i)
            if any(one.exceptional for one in hours):
                self._dated.append(i)
        self._zones = {zone: np.array(rows, dtype=np.intp) for zone, rows in zones.items()}
        columns = np.array(self._rows or [(0, 0, 0)], dtype=np.intp).T
        self._columns = np.ascontiguousarray(columns)
        self._always = np.array([any(h.always for h in one) for one in sets] or [False])

    def reach(self, minute: datetime, mode: int) -> npt.NDArray[np.uint8]:
        """By class: OPEN, NOT_KNOWN, CLOSED or NO_WAY, at a whole minute."""
        last = self._last
        if last is None or last[0] != minute:
            last = self._last = (minute, self._states(minute))
        return np.asarray(last[1][self._columns[mode]], dtype=np.uint8)

    def always(self, mode: int) -> npt.NDArray[np.bool_]:
        """By class: whether somebody answers day and night."""
        return np.asarray(self._always[self._columns[mode]], dtype=np.bool_)

    def _states(self, minute: datetime) -> npt.NDArray[np.uint8]:
        states = self._shut.copy()
        for zone, rows in self._zones.items():
            wall = minute.astimezone(zone_of(zone))
            now = wall.weekday() * DAY + wall.hour * 60 + wall.minute
            lit = (self._bits[now >> 3, rows] >> (now & 7)) & 1
            states[rows[lit == 1]] = OPEN
        for i in (*self._mixed, *self._exceptions(minute)):
            states[i] = min((_CODE[one.open_at(minute)] for one in self._all[i]), default=NO_WAY)
        return states

    def _exceptions(self, minute: datetime) -> list[int]:
        """The sets that have a date near this one that is not like the week says."""
        day = minute.astimezone(UTC).date()
        known = self._days.get(day)
        if known is None:
            near = [day + timedelta(days=i) for i in range(-2, 3)]
            known = [
                i
                for i in self._dated
                if any(one.day(when)[0] != "yes" for one in self._all[i] for when in near)
            ]
            if len(self._days) > 400:
                self._days.clear()
            self._days[day] = known
        return known
