"""Hours as HSDS schedules, out and in.

A week of ours becomes one weekly schedule for each span of time; what HSDS cannot say (holidays,
dated closures) is said in words. Coming in, only plain weekly schedules become rules: of anything
else the words are kept and the hours are unknown, never guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from referral_directory.exchange.hsds_ids import uuid_of
from referral_directory.hours import DAY, read_rules, zone_of
from referral_directory.pack import HoursShape

_ICAL: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_OURS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAYS: Final = {
    "as_usual": "Open on public holidays as on other days.",
    "closed": "Closed on public holidays.",
    "unknown": "Hours on public holidays are not known.",
}
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::[0-9]{2})?(?:\.[0-9]+)?Z?\Z")
_NEVER_PLAIN: Final = ("count", "byweekno", "bymonthday", "byyearday", "until", "valid_to")


def schedules_of(
    owner: str, hours: HoursShape, zone: str, today: date, *, of: str = ""
) -> list[dict[str, Any]]:
    """The schedules of some hours. `zone` is used when the hours name none; `of` says whose.

    `timezone` is the offset that holds at noon of `today`: HSDS has no other way to say it.
    """
    said = hours.printed
    always = hours.rules is not None and hours.rules.strip() == "24/7"
    holidays = hours.holidays or ("as_usual" if always else "unknown")
    notes = " ".join(
        filter(None, (of and f"For {of}.", _HOLIDAYS[holidays] if hours.rules else ""))
    )
    words = {"description": said} | ({"notes": notes} if notes else {})
    if hours.rules is None:
        return [{"id": uuid_of("schedule", owner, of, said), **words}]
    spans: dict[tuple[int, int], list[int]] = {}
    for shift in read_rules(hours.rules):
        spans.setdefault((shift.opens, shift.minutes), []).append(shift.weekday)
    return [
        {
            "id": uuid_of("schedule", owner, of, str(opens), str(minutes), str(days)),
            "timezone": offset(hours.zone or zone, today),
            "wkst": "MO",
            "freq": "WEEKLY",
            "interval": 1,
            "byday": ",".join(_ICAL[day] for day in days),
            "opens_at": _clock(opens),
            # 24 hours are written 00:00 to 23:59 by custom, and so is a day that ends at midnight.
            "closes_at": "23:59" if (opens + minutes) == DAY else _clock((opens + minutes) % DAY),
            **words,
        }
        for (opens, minutes), days in sorted(spans.items())
    ]


def offset(zone: str, today: date) -> float | int:
    """Hours that a zone is ahead of UTC at noon of a day: 2, 3, 5.5."""
    there = datetime.combine(today, time(12), zone_of(zone)).utcoffset()
    hours = there.total_seconds() / 3600 if there is not None else 0.0
    return int(hours) if hours == int(hours) else round(hours, 2)


def closed_words(hours: Iterable[HoursShape], today: date) -> str:
    """The dated closures that are not over, in English; empty when there are none."""
    said: dict[str, None] = {}
    for one in hours:
        for closure in one.closed:
            if closure.last >= today:
                why = closure.reason.get("en", "")
                span = f"Closed from {closure.first} to {closure.last}"
                said[f"{span}: {why.rstrip('.')}." if why else f"{span}."] = None
    return " ".join(said)


def hours_from(schedules: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Our hours of some schedules: `printed`, and `rules` when all of them are plain weeks.

    None when they say nothing at all.
    """
    plain = [_plain(one) for one in schedules]
    words = dict.fromkeys(str(one["description"]) for one in schedules if one.get("description"))
    rules = "; ".join(dict.fromkeys(rule for rule in plain if rule))
    if rules == "Mo,Tu,We,Th,Fr,Sa,Su 00:00-24:00":
        rules = "24/7"
    printed = "; ".join(words) or rules
    if not printed:
        return None
    if not rules or None in plain:
        return {"printed": printed}
    return {"printed": printed, "rules": rules}


def instant(value: datetime) -> str:
    """An instant as HSDS wants it: UTC, with a Z."""
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _plain(schedule: Mapping[str, Any]) -> str | None:
    """One schedule as a rule; None when it is more than a plain week, or not to be read."""
    if schedule.get("freq") != "WEEKLY" or schedule.get("interval") not in {None, 1, "1"}:
        return None
    if any(schedule.get(key) not in {None, ""} for key in _NEVER_PLAIN):
        return None
    days = [day.strip().upper() for day in str(schedule.get("byday") or "").split(",")]
    opens = _TIME.match(str(schedule.get("opens_at") or ""))
    closes = _TIME.match(str(schedule.get("closes_at") or ""))
    if not opens or not closes or not set(days) <= set(_ICAL):
        return None
    end = f"{closes[1]}:{closes[2]}"
    names = [_OURS[number] for number in sorted({_ICAL.index(day) for day in days})]
    return f"{','.join(names)} {opens[1]}:{opens[2]}-{'24:00' if end == '23:59' else end}"
