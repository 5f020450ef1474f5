"""When somebody answers: weekly rules on a wall clock, dated closures, holidays, the unknown.

A service is open while the clock on its own wall is inside its hours; so in the hour that a change
to winter time repeats, the same wall time gives the same answer twice. What is not known is said
to be unknown, never guessed. It reads no clock: every question comes with its instant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from referral_directory.codes import Answer, HolidayPolicy

DAY: Final = 1440
WEEK: Final = 7 * DAY
_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIMES = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})\Z")
_HORIZON: Final = 62
"""Days ahead in which the next change is looked for."""

Words = tuple[tuple[str, str], ...]
"""A text by language, as pairs, so that hours can be compared and kept once."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Open from a minute of a weekday (0 is Monday), for so many minutes, past midnight too."""

    weekday: int
    opens: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Closure:
    """Closed on these dates, first and last included."""

    first: date
    last: date
    reason: Words = ()


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether somebody answers at an instant, and when that changes.

    Instants are aware, in the service's own zone.
    """

    open: Answer
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    always: bool = False
    """Day and night, without a day off."""
    reason: Words = ()
    """Why it is closed, when a dated closure says so."""


UNKNOWN: Final = OpenState("unknown")
ALWAYS: Final = OpenState("yes", always=True)


@lru_cache(maxsize=4096)
def read_rules(text: str) -> tuple[Shift, ...]:
    """The shifts of a week. Raises `ValueError`, worded for the person who wrote the rules."""
    if text.strip() == "24/7":
        return tuple(Shift(day, 0, DAY) for day in range(7))
    shifts: set[Shift] = set()
    for part in text.split(";"):
        days, _, times = part.strip().partition(" ")
        if not times:
            raise ValueError(f"'{part.strip()}' is not days and times, like 'Mo-Fr 09:00-18:00'")
        for opens, minutes in _times(times):
            shifts |= {Shift(day, opens, minutes) for day in _weekdays(days)}
    return tuple(sorted(shifts, key=lambda shift: (shift.weekday, shift.opens, shift.minutes)))


def _weekdays(text: str) -> list[int]:
    if text == "daily":
        return list(range(7))
    days: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            raise ValueError(f"'{part}' is not a day; days are {' '.join(_DAYS)}, or 'daily'")
        start = _DAYS.index(first)
        length = (_DAYS.index(last) - start) % 7 if dash else 0
        days += [(start + i) % 7 for i in range(length + 1)]
    return days


def _times(text: str) -> Iterator[tuple[int, int]]:
    for part in text.replace(" ", "").split(","):
        found = _TIMES.match(part)
        if not found:
            raise ValueError(f"'{part}' is not a time span, like '09:00-18:00'")
        hour, minute, end_hour, end_minute = map(int, found.groups())
        opens, closes = hour * 60 + minute, end_hour * 60 + end_minute
        if max(minute, end_minute) > 59 or opens >= DAY or closes > DAY:
            raise ValueError(f"'{part}' is not a time of day; the last is 24:00")
        yield opens, closes - opens if closes > opens else closes - opens + DAY


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises `ValueError` when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"'{name}' is not an IANA time zone, like 'Europe/Kyiv'") from None


@dataclass(frozen=True)
class Hours:
    """The hours of one way to reach a service.

    Equal hours are one value, so that they are kept once.
    """

    shifts: tuple[Shift, ...] | None
    """None: not known."""
    zone: str
    closures: tuple[Closure, ...] = ()
    holidays: HolidayPolicy = "as_usual"
    days_off: tuple[str, ...] = ()
    """The public holidays of the country, as `08-24` or `2026-04-13`."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Kept: a country has thousands of listings and a handful of hours.
        return hash((self.shifts, self.zone, self.closures, self.holidays, self.days_off))

    @cached_property
    def week(self) -> bytes:
        """One bit a minute of a week from Monday 00:00, least bit first (1,260 bytes)."""
        bits = 0
        for shift in self.shifts or ():
            start = shift.weekday * DAY + shift.opens
            run = ((1 << shift.minutes) - 1) << start
            bits |= (run & ((1 << WEEK) - 1)) | (run >> WEEK)
        return bits.to_bytes(WEEK // 8, "little")

    @cached_property
    def always(self) -> bool:
        """Day and night, every day there is, as far as is written."""
        return self.week.count(255) == len(self.week) and not self.exceptional

    @property
    def exceptional(self) -> bool:
        """Some dates are not like the week says."""
        return bool(self.closures or (self.days_off and self.holidays != "as_usual"))

    def day(self, day: date) -> tuple[Answer, Words]:
        """Whether a date is as usual (`yes`), closed (`no`) or `unknown`, and why it is closed."""
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return "no", closure.reason
        if self.holidays != "as_usual" and self.days_off:
            text = day.isoformat()
            if text in self.days_off or text[5:] in self.days_off:
                return ("no" if self.holidays == "closed" else "unknown"), ()
        return "yes", ()

    def open_at(self, at: datetime) -> Answer:
        """Whether somebody answers at an aware instant."""
        return self._on_the_wall(at.astimezone(zone_of(self.zone)))

    def state(self, at: datetime) -> OpenState:
        """Whether somebody answers at an aware instant, and when that changes.

        It looks 62 days ahead. Raises `ValueError` for an instant without a time zone.
        """
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        if self.always:
            return ALWAYS
        minute = at.astimezone(UTC).replace(second=0, microsecond=0)
        told = self._told.get(minute)
        if told is None:
            self._told.clear()
            told = self._told[minute] = self._state(minute)
        return told

    @cached_property
    def _told(self) -> dict[datetime, OpenState]:
        """The last answer: hours are shared, so many ask for the same minute."""
        return {}

    def _state(self, minute: datetime) -> OpenState:
        zone = zone_of(self.zone)
        wall = minute.astimezone(zone)
        now = self._on_the_wall(wall)
        if now == "unknown" or not self.shifts:
            return OpenState(now, reason=self.day(wall.date())[1])
        for instant in self._instants(minute):
            there = instant.astimezone(zone)
            then = self._on_the_wall(there)
            if now == "yes" and then != "yes":
                return OpenState("yes", closes_at=there)
            if now == "no" and then == "yes":
                return OpenState("no", opens_at=there, reason=self.day(wall.date())[1])
        return OpenState(now, reason=self.day(wall.date())[1])

    def _on_the_wall(self, wall: datetime) -> Answer:
        today = wall.date()
        usual = self.day(today)[0] if self.exceptional else "yes"
        if usual == "no":
            return "no"
        if self.shifts is None:
            return "unknown"
        minute = wall.weekday() * DAY + wall.hour * 60 + wall.minute
        if not self.week[minute >> 3] >> (minute & 7) & 1:
            return "no"
        if not self.exceptional:
            return "yes"
        began = {self._began(shift, today, minute) for shift in self.shifts}
        if usual == "yes" and "yes" in began:
            return "yes"
        return "unknown" if began & {"yes", "unknown"} else "no"

    def _began(self, shift: Shift, today: date, minute: int) -> Answer:
        """Whether a shift that may cover this minute began: not on a date that was closed."""
        since = (minute - shift.weekday * DAY - shift.opens) % WEEK
        if since >= shift.minutes:
            return "no"
        return self.day(today if since <= minute % DAY else today - timedelta(days=1))[0]

    def _instants(self, after: datetime) -> Iterator[datetime]:
        """The instants, later than one and in order, at which anything can change."""
        zone = zone_of(self.zone)
        first = after.astimezone(zone).date() - timedelta(days=1)
        found: set[datetime] = set()
        for begin, end in ((0, 3), (3, 10), (10, _HORIZON)):
            for day in (first + timedelta(days=i) for i in range(begin, end)):
                found |= self._changes(day, zone)
            # A night that begins on the last of these days ends among those not looked at yet.
            edge = datetime.combine(first + timedelta(days=end), time(), zone).astimezone(UTC)
            ordered = sorted(instant for instant in found if after < instant < edge)
            yield from ordered
            found = {instant for instant in found if instant >= edge}
            after = max(after, edge - timedelta.resolution)

    def _changes(self, day: date, zone: ZoneInfo) -> set[datetime]:
        midnight = datetime.combine(day, time())
        walls = {midnight}
        for shift in self.shifts or ():
            if shift.weekday == day.weekday():
                opens = midnight + timedelta(minutes=shift.opens)
                walls |= {opens, opens + timedelta(minutes=shift.minutes)}
        # In UTC before they meet in a set: in one zone, the two folds of a time count as equal.
        instants = {
            wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            for wall in walls
            for fold in (0, 1)
        }
        return instants | _clock_change(day, zone)


@lru_cache(maxsize=4096)
def _clock_change(day: date, zone: ZoneInfo) -> frozenset[datetime]:
    """The instant of a date at which its clocks are put forward or back, if there is one."""
    low = datetime.combine(day, time(), zone).astimezone(UTC)
    high = low + timedelta(days=1)
    before = low.astimezone(zone).utcoffset()
    if high.astimezone(zone).utcoffset() == before:
        return frozenset()
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return frozenset({high})
