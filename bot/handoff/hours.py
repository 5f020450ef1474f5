"""When the desk is open: hours by language, on the clock of a place, with days off and closures.

It decides whether somebody who asks now is told "open", "closed" or "paused", and when it opens.
Somebody who is there counts more than a timetable, and a timetable alone promises nobody: open is
when a person is on duty. How hours are read is the directory's.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final, Literal

import msgspec

from bot.handoff.model import Duty
from bot.handoff.settings import Setting, Settings
from bot.handoff.surge import Surged
from referral_directory.country import CountryFile
from referral_directory.hours import Closure, Hours, OpenState, read_rules, zone_of

KIND: Final = "hours"
ZONES: Final[Mapping[str, str]] = {
    "uk": "Europe/Kyiv",
    "ru": "Europe/Kyiv",
    "lt": "Europe/Vilnius",
    "az": "Asia/Baku",
    "fr": "Africa/Kinshasa",
    "es": "America/Bogota",
}
"""Whose clock is said as long as no hours were set."""
_DAY_OFF = re.compile(r"(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z", re.ASCII)


class Weekly(msgspec.Struct, frozen=True):
    """The hours of one language, as the lead wrote them. All empty: not open by any timetable."""

    rules: str = ""
    """`Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-14:00`, a night as `22:00-06:00`, or `24/7`."""
    zone: str = "UTC"
    """Whose clock: `Europe/Kyiv`."""
    closed: str = ""
    """Dates or spans of dates, one a line or with commas: `2026-12-24 - 2026-12-26`."""
    days_off: str = ""
    """Every year or once, with commas or spaces: `08-24, 2027-05-02`."""
    country: str = ""
    """The public holidays of this country are days off too; empty: of none."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is not right in typed hours. `part`: the words that cannot be read."""

    field: Literal["rules", "zone", "closed", "days_off", "country"]
    part: str


@dataclass(frozen=True, slots=True)
class DeskState:
    """What somebody who asks for a human is told."""

    state: Literal["open", "closed", "paused"]
    opens: str = ""
    """When it opens, ISO 8601 with its offset, where a timetable or the lead says so."""
    message: str = ""
    """One of `surge.MESSAGES`, or empty."""
    divert: bool = False
    """The lead wants others who answer now to be shown first, although somebody may be there."""


def wrong_in(weekly: Weekly, countries: Iterable[str]) -> tuple[Wrong, ...]:
    """What cannot be taken, in the order of the fields. `countries`: those with known holidays."""
    parts = _parts(weekly.rules, ";")
    found = [Wrong("rules", part) for part in parts if not _reads(partial(read_rules, part))]
    if parts and not found and not _reads(partial(read_rules, "; ".join(parts))):
        found = [Wrong("rules", parts[0])]
    if not _reads(partial(zone_of, weekly.zone)):
        found.append(Wrong("zone", weekly.zone[:40]))
    found += [Wrong("closed", part) for part in _parts(weekly.closed) if _closure(part) is None]
    found += [Wrong("days_off", part) for part in _days(weekly.days_off) if not _is_day_off(part)]
    if weekly.country and weekly.country not in set(countries):
        found.append(Wrong("country", weekly.country[:40]))
    return tuple(found)


class Opening:
    """The opening hours of one desk. Reading is good within a group."""

    def __init__(
        self, settings: Settings, holidays: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """`holidays`: country → its public holidays; see `holidays_in`."""
        self._settings, self.holidays = settings, holidays or {}
        self._read: dict[str, tuple[Setting, Hours | None]] = {}

    def look(self) -> None:
        """See what other processes set. Not within a group. Raises `StoreError`."""
        self._settings.look()

    def weekly(self, language: str) -> tuple[int, Weekly]:
        """What stands there, with its version (0: nothing was set), to be looked at and changed."""
        found = self._settings.read(f"{KIND}/{language}")
        weekly = msgspec.json.decode(found.body, type=Weekly) if found.body else Weekly()
        return found.version, weekly

    def save(self, staff: str, versions: Mapping[str, int], weekly: Weekly) -> None:
        """Set the hours of each of these languages to the same, all or none; `versions`: those that
        were looked at. Ask `wrong_in` before. Raises `Stale` or `StoreError`.
        """
        body = msgspec.json.encode(weekly).decode()
        names = {f"{KIND}/{language}": version for language, version in versions.items()}
        self._settings.save_all(staff, names, body)

    def languages(self) -> tuple[str, ...]:
        """Those for which hours were set, in order."""
        return self._settings.names(KIND)

    def zone_of(self, language: str) -> str:
        """Whose clock a language lives by: as set for it or for another, else that of most who
        speak it here.
        """
        for one in (language, *self.languages()):
            version, weekly = self.weekly(one)
            if version:
                return weekly.zone
        return ZONES.get(language, "UTC")

    def state(self, language: str, now: float) -> OpenState | None:
        """What the timetable says at that second; None where there is none."""
        hours = self._hours(language)
        return None if hours is None else hours.state(datetime.fromtimestamp(now, UTC))

    def open_now(self, language: str, now: float) -> bool:
        """Whether the timetable says open."""
        state = self.state(language, now)
        return state is not None and state.open == "yes"

    def opens_next(self, language: str, now: float) -> datetime | None:
        """When the timetable says that it opens next, on its own clock; None while it is open, and
        when nothing is known for the next two months.
        """
        state = self.state(language, now)
        return None if state is None else state.opens_at

    def state_of(
        self, language: str, now: float, duties: Iterable[Duty], surged: Surged | None
    ) -> DeskState:
        """What somebody who asks in that language is told now."""
        there = any(duty.connected and language in duty.languages for duty in duties)
        if surged is None:
            opens = None if there else self.opens_next(language, now)
            return DeskState("open" if there else "closed", _iso(opens))
        if surged.mode == "pause":
            return DeskState("paused", _iso(self._after(language, surged.until)), surged.message)
        opens = None if there else self.opens_next(language, now)
        return DeskState("closed", _iso(opens), surged.message, divert=True)

    def _after(self, language: str, end: float) -> datetime | None:
        """When a pause that ends then is really over: not before the desk is open."""
        state = self.state(language, end)
        if state is None or state.open == "yes":
            return datetime.fromtimestamp(end, zone_of(self.zone_of(language)))
        return state.opens_at

    def made(self, weekly: Weekly) -> Hours | None:
        """Hours that may not be set yet, as they would be. Raises as `hours_of`."""
        return hours_of(weekly, self.holidays.get(weekly.country, ()))

    def _hours(self, language: str) -> Hours | None:
        setting = self._settings.read(f"{KIND}/{language}")
        known = self._read.get(language)
        if known is None or known[0] is not setting:
            known = self._read[language] = setting, self.made(self.weekly(language)[1])
        return known[1]


def holidays_in(files: Mapping[str, CountryFile]) -> Mapping[str, tuple[str, ...]]:
    """The public holidays of each country that has any in its pack: see `Directory.files`."""
    return {
        code: tuple(holiday.day for holiday in file.holidays)
        for code, file in files.items()
        if file.holidays
    }


def hours_of(weekly: Weekly, holidays: Iterable[str] = ()) -> Hours | None:
    """Typed hours as the directory's; None where no hours are. `holidays`: of their country.

    Raises `ValueError` for what `wrong_in` names.
    """
    if not _parts(weekly.rules, ";"):
        return None
    found = (_closure(part) for part in _parts(weekly.closed))
    return Hours(
        shifts=read_rules("; ".join(_parts(weekly.rules, ";"))),
        zone=weekly.zone,
        closures=tuple(closure for closure in found if closure is not None),
        holidays="closed",
        days_off=(*_days(weekly.days_off), *holidays),
    )


def days_of(
    hours: Hours, now: float, days: int = 7
) -> tuple[tuple[date, tuple[tuple[datetime, datetime], ...]], ...]:
    """What the next days are like, today first: each with the spans in which it is open, on the
    clock of the hours. A night stands on the two days it is part of.
    """
    zone = zone_of(hours.zone)
    today = datetime.fromtimestamp(now, zone).date()
    found = []
    for day in (today + timedelta(days=ahead) for ahead in range(days)):
        at = datetime.combine(day, time(), zone)
        end = datetime.combine(day + timedelta(days=1), time(), zone)
        spans = []
        while at < end:
            state = hours.state(at)
            until = (state.closes_at if state.open == "yes" else state.opens_at) or end
            until = min(until, end, key=datetime.timestamp)
            if state.open == "yes":
                spans.append((at, until))
            at = until
        found.append((day, tuple(spans)))
    return tuple(found)


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def _parts(text: str, mark: str = ",") -> list[str]:
    parts = text.replace("\n", mark).split(mark)
    return [stripped for part in parts if (stripped := part.strip())]


def _days(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _is_day_off(text: str) -> bool:
    # 2028 is a leap year, so that 02-29 is a day off every year that has one.
    return _DAY_OFF.match(text) is not None and _date(text if len(text) > 5 else f"2028-{text}")


def _date(text: str) -> bool:
    return _reads(partial(date.fromisoformat, text))


def _closure(text: str) -> Closure | None:
    """`2026-12-24`, or the first and the last day with a dash or `to` between; None for others."""
    days = re.findall(r"\d{4}-\d{2}-\d{2}", text, re.ASCII)
    rest = re.sub(r"\d{4}-\d{2}-\d{2}", "", text, flags=re.ASCII).strip()
    if len(days) not in {1, 2} or rest not in (("",) if len(days) == 1 else ("-", "–", "to")):
        return None
    if not all(_date(day) for day in days):
        return None
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    return Closure(first, last) if first <= last else None


def _reads(read: Callable[[], object]) -> bool:
    try:
        read()
    except ValueError:
        return False
    return True
