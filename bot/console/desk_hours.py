"""The opening hours of the desk: day by day, for one language or several at once; and what people
read because of them.

It decides how typed hours become rules, and that nothing is saved that cannot be read. When the
desk is open is the desk's to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web
from babel.dates import format_date

from bot.console.desk_lead import (
    asked_language,
    countries,
    languages,
    lead_office,
    read_now,
    shared,
    state_now,
    zones,
)
from bot.console.frame import Route, Visit
from bot.console.said import N_
from bot.handoff.hours import Weekly, Wrong, days_of, wrong_in
from bot.handoff.settings import Stale
from referral_directory.exchange.cells import hours_rules
from referral_directory.hours import DAY, Hours, read_rules

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONDAY: Final = date(2026, 11, 23)
MOST: Final = 2000
"""Characters of one field."""
FAULTS: Final[Mapping[str, str]] = {
    "rules": N_("“%(part)s” is not times. Write them as 9:00-13:00, 14:00-18:00."),
    "zone": N_("“%(part)s” is not a time zone. Choose one of the list."),
    "closed": N_("“%(part)s” is not a day. Write 2026-12-24, or 2026-12-24 - 2026-12-26."),
    "days_off": N_("“%(part)s” is not a day. Write 08-24 for every year, or 2026-08-24 for one."),
    "country": N_("The holidays of “%(part)s” are not known. Choose one of the list."),
}


@dataclass(frozen=True, slots=True)
class Day:
    """One of the days that come, in words."""

    name: str
    spans: tuple[str, ...]


async def hours(visit: Visit) -> web.StreamResponse:
    """All languages: what holds now, what is set, what people read."""
    office = lead_office(visit)
    rows = []
    for code, name in languages(visit).items():
        version, weekly = office.opening.weekly(code)
        told = state_now(visit, office, code)
        rows.append(
            {
                "code": code,
                "name": name,
                "set": bool(version and weekly.rules),
                "zone": weekly.zone,
                "told": told,
                "read": read_now(visit, code, told),
                "days": _ahead(visit, office.opening.made(weekly)),
            }
        )
    return visit.page("desk_hours.html", **shared(visit), rows=rows)


async def one(visit: Visit) -> web.StreamResponse:
    """The hours of one language, to be changed."""
    language, office = asked_language(visit), lead_office(visit)
    _, weekly = office.opening.weekly(language)
    if not weekly.rules and weekly == Weekly():
        weekly = Weekly(zone=zones(visit)[0])
    return _form(visit, language, weekly, _typed_days(weekly))


async def save(visit: Visit) -> web.StreamResponse:
    """Save what was typed, or only look what it would mean."""
    language, office = asked_language(visit), lead_office(visit)
    typed = [visit.form.get(f"day{number}")[:MOST] for number in range(7)]
    weekly, wrong = _weekly(visit, typed)
    faults = {name: _said(visit, fault) for name, fault in wrong.items()}
    if faults:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _form(visit, language, weekly, typed, faults=faults, status=status)
    if visit.form.get("do") == "look":
        return _form(visit, language, weekly, typed, look=True)
    known = languages(visit)
    chosen = [language, *(code for code in visit.form.all("also") if code in known)]
    versions = {code: visit.form.number(f"version.{code}") or 0 for code in chosen}
    try:
        await visit.run(office.opening.save, visit.staff.id, versions, weekly)
    except Stale:
        await visit.run(office.opening.look)
        return _form(visit, language, weekly, typed, stale=True, status=HTTPStatus.CONFLICT)
    names = ", ".join(known[code] for code in versions)
    return visit.see_other(
        "/desk-hours", visit.words(N_("The hours are saved: %(names)s."), names=names)
    )


def _weekly(visit: Visit, typed: list[str]) -> tuple[Weekly, dict[str, Wrong]]:
    """What was typed as hours, and what is wrong with it, by the name of its field."""
    form, parts, wrong = visit.form, [], {}
    for number, (day, said) in enumerate(zip(DAYS, typed, strict=True)):
        if not said:
            continue
        rules = hours_rules(f"{day} {said.replace(';', ',')}")
        if rules is None:
            wrong[f"day{number}"] = Wrong("rules", said[:60])
        else:
            parts.append(rules)
    weekly = Weekly(
        rules="; ".join(parts),
        zone=form.get("zone")[:MOST],
        closed=form.get("closed")[:MOST],
        days_off=form.get("days_off")[:MOST],
        country=form.get("country")[:MOST],
    )
    for fault in wrong_in(weekly, lead_office(visit).opening.holidays):
        wrong.setdefault(fault.field, fault)
    return weekly, wrong


def _form(  # a form is as it was typed, with all that is to be said of it
    visit: Visit,
    language: str,
    weekly: Weekly,
    typed: list[str],
    *,
    faults: Mapping[str, str] | None = None,
    look: bool = False,
    stale: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:
    opening = lead_office(visit).opening
    # What stands there now is what the next try is measured against: it is shown when it is newer.
    stands = opening.weekly(language)[1]
    known = [*zones(visit)] if weekly.zone in zones(visit) else [*zones(visit), weekly.zone]
    return visit.page(
        "desk_hours_one.html",
        **shared(visit),
        status=status,
        language_=language,
        weekly=weekly,
        typed_days=typed,
        day_names=[_day_name(visit, number) for number in range(7)],
        versions={code: opening.weekly(code)[0] for code in languages(visit)},
        also=visit.form.all("also"),
        faults=faults or {},
        zones=known,
        countries=countries(visit),
        days=_ahead(visit, opening.made(weekly)) if look else (),
        look=look,
        stale=list(zip(range(7), _typed_days(stands), strict=True)) if stale else [],
    )


def _typed_days(weekly: Weekly) -> list[str]:
    """Rules, as somebody types them day by day."""
    days: list[list[str]] = [[] for _ in range(7)]
    for shift in read_rules(weekly.rules) if weekly.rules else ():
        ends = shift.opens + shift.minutes
        ends = ends if ends <= DAY else ends - DAY
        days[shift.weekday].append(f"{_clock(shift.opens)}-{_clock(ends)}")
    return [", ".join(spans) for spans in days]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _ahead(visit: Visit, made: Hours | None) -> tuple[Day, ...]:
    """The days that come, in the language of the page."""
    if made is None:
        return ()
    language = visit.words.language
    return tuple(
        Day(
            format_date(day, "EEE d MMM", locale=language),
            tuple(
                f"{first:%H:%M}–{'24:00' if last.date() > day else f'{last:%H:%M}'}"
                for first, last in spans
            ),
        )
        for day, spans in days_of(made, visit.office.clock())
    )


def _day_name(visit: Visit, number: int) -> str:
    name = format_date(_MONDAY + timedelta(days=number), "cccc", locale=visit.words.language)
    return name[:1].upper() + name[1:]


def _said(visit: Visit, fault: Wrong) -> str:
    return visit.words(FAULTS[fault.field], part=fault.part)


ROUTES: Final = (
    Route("GET", "/desk-hours", "desk.lead", hours, "desk_hours"),
    Route("GET", "/desk-hours/{language}", "desk.lead", one, "desk_hours_one"),
    Route("POST", "/desk-hours/{language}", "desk.lead", save, "desk_hours_save"),
)
