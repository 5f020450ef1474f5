"""When the desk is open: on the clock of a place, over midnight and a change of the clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.handoff.hours import Weekly, days_of, wrong_in
from bot.handoff.settings import Stale
from tests.handoff_duty.office import NOON, Office

KYIV = "Europe/Kyiv"


def at(text: str, zone: str = KYIV) -> float:
    """Seconds since 1970 of a time on the wall."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def set_hours(office: Office, rules: str, language: str = "uk", **more: str) -> None:
    version, _ = office.opening.weekly(language)
    weekly = Weekly(rules, **{"zone": KYIV, **more})
    assert wrong_in(weekly, ["LT"]) == ()
    office.opening.save("lead", {language: version}, weekly)


def opens(office: Office, now: float) -> str:
    found = office.opening.opens_next("uk", now)
    return found.isoformat() if found else ""


def test_split_hours_leave_a_gap_at_noon(office: Office) -> None:
    set_hours(office, "Mo-Fr 09:00-13:00,14:00-18:00")
    assert office.opening.open_now("uk", at("2026-11-23T12:59"))
    assert not office.opening.open_now("uk", at("2026-11-23T13:30"))
    assert opens(office, at("2026-11-23T13:30")) == "2026-11-23T14:00:00+02:00"
    assert opens(office, at("2026-11-27T18:00")) == "2026-11-30T09:00:00+02:00"


def test_a_night_shift_goes_on_over_midnight_into_the_next_day(office: Office) -> None:
    set_hours(office, "Fr 22:00-06:00")
    assert office.opening.open_now("uk", at("2026-11-28T05:59"))
    assert not office.opening.open_now("uk", at("2026-11-28T06:00"))
    assert not office.opening.open_now("uk", at("2026-11-27T05:00"))


def test_hours_are_those_on_the_wall_when_the_clocks_change(office: Office) -> None:
    # In Kyiv the clocks go forward on 28 March 2027 and back on 25 October 2026.
    set_hours(office, "daily 09:00-18:00")
    assert opens(office, at("2027-03-27T20:00")) == "2027-03-28T09:00:00+03:00"
    assert opens(office, at("2026-10-24T20:00")) == "2026-10-25T09:00:00+02:00"
    assert office.opening.open_now("uk", at("2027-03-28T17:59"))
    assert not office.opening.open_now("uk", at("2027-03-28T18:00"))


def test_a_day_off_a_closure_and_a_holiday_of_a_country_are_closed(office: Office) -> None:
    set_hours(
        office,
        "daily 09:00-18:00",
        days_off="2026-11-24 08-24",
        closed="2026-12-01 - 2026-12-03, 2026-12-05",
        country="LT",
    )
    for day in ("2026-11-24", "2027-08-24", "2026-12-02", "2026-12-05", "2026-12-24"):
        assert not office.opening.open_now("uk", at(f"{day}T12:00")), day
    for day in ("2026-11-25", "2026-12-04", "2026-12-06", "2026-12-23"):
        assert office.opening.open_now("uk", at(f"{day}T12:00")), day
    assert opens(office, at("2026-11-23T19:00")) == "2026-11-25T09:00:00+02:00"


def test_a_night_that_began_on_an_open_day_ends_where_a_day_off_begins(office: Office) -> None:
    set_hours(office, "daily 20:00-04:00", days_off="11-25")
    assert office.opening.open_now("uk", at("2026-11-24T23:59"))
    assert not office.opening.open_now("uk", at("2026-11-25T00:00"))
    assert not office.opening.open_now("uk", at("2026-11-26T03:00"))


def test_without_hours_nothing_is_promised(office: Office) -> None:
    assert office.opening.state("uk", NOON) is None
    assert not office.opening.open_now("uk", NOON)
    assert opens(office, NOON) == ""
    told = office.opening.state_of("uk", NOON, (), None)
    assert (told.state, told.opens) == ("closed", "")
    set_hours(office, "Mo 09:00-10:00", closed="2026-11-01 - 2027-03-01")
    assert opens(office, NOON) == ""


def test_who_is_there_counts_more_than_the_timetable(office: Office) -> None:
    set_hours(office, "Mo-Fr 15:00-18:00")
    office.shifts.begin_shift("s1", "Anna", ["uk"])

    def told(language: str) -> tuple[str, str]:
        said = office.opening.state_of(language, office.clock(), office.shifts.on_duty(), None)
        return said.state, said.opens

    assert told("uk") == ("closed", "2026-11-23T15:00:00+02:00")  # she has not come yet
    office.shifts.connected("s1", there=True)
    assert told("uk") == ("open", "")
    assert told("ru") == ("closed", "")
    office.shifts.pause("s1")
    assert told("uk") == ("open", "")  # she will be back
    office.shifts.end_shift("s1")
    office.later(hours=2)  # open by the timetable, and nobody came
    assert told("uk") == ("closed", "")


def test_each_language_lives_by_its_own_clock(office: Office) -> None:
    assert office.opening.zone_of("uk") == KYIV
    assert office.opening.zone_of("en") == "UTC"
    set_hours(office, "daily 09:00-18:00", "es", zone="America/Bogota")
    assert office.opening.zone_of("uk") == "America/Bogota"
    set_hours(office, "daily 09:00-18:00")
    assert office.opening.zone_of("uk") == KYIV
    assert office.opening.open_now("es", at("2026-11-23T10:00", "America/Bogota"))
    assert not office.opening.open_now("uk", at("2026-11-23T10:00", "America/Bogota") + 3600 * 4)
    assert office.opening.languages() == ("es", "uk")


@pytest.mark.parametrize(
    ("weekly", "field", "part"),
    [
        (Weekly("Mo 09:00-18:00; Tues 9-5"), "rules", "Tues 9-5"),
        (Weekly("Mo 25:00-26:00"), "rules", "Mo 25:00-26:00"),
        (Weekly("24/7; Mo 09:00-10:00"), "rules", "24/7"),
        (Weekly("", "Mars/Olympus"), "zone", "Mars/Olympus"),
        (Weekly(closed="2026-12-03 - 2026-12-01"), "closed", "2026-12-03 - 2026-12-01"),
        (Weekly(closed="2026-12-01, next week"), "closed", "next week"),
        (Weekly(closed="2026-02-30"), "closed", "2026-02-30"),
        (Weekly(days_off="08-24, 24.08."), "days_off", "24.08."),
        (Weekly(days_off="02-30"), "days_off", "02-30"),
        (Weekly(country="XX"), "country", "XX"),
    ],
)
def test_what_cannot_be_read_is_named_word_for_word(weekly: Weekly, field: str, part: str) -> None:
    assert [(one.field, one.part) for one in wrong_in(weekly, ["LT"])] == [(field, part)]


def test_a_leap_day_and_every_day_can_be_a_day_off(office: Office) -> None:
    set_hours(office, "24/7", days_off="02-29", closed="2026-12-01")
    assert office.opening.open_now("uk", at("2026-11-30T03:00"))
    assert not office.opening.open_now("uk", at("2028-02-29T03:00"))


def test_two_leads_at_once_lose_nothing_and_the_second_is_told(office: Office) -> None:
    other = office.beside()
    set_hours(office, "Mo 09:00-10:00")
    with pytest.raises(Stale):
        other.opening.save("second", {"lt": 0, "uk": 0}, Weekly("Tu 09:00-10:00"))
    with pytest.raises(Stale):
        office.opening.save("second", {"uk": 2}, Weekly("Tu 09:00-10:00"))
    other.settings.look()
    assert other.opening.languages() == ("uk",)
    version, weekly = other.opening.weekly("uk")
    assert (version, weekly.rules) == (1, "Mo 09:00-10:00")
    other.opening.save("second", {"uk": version}, Weekly("Tu 09:00-10:00"))
    office.settings.look()
    assert not office.opening.open_now("uk", NOON)
    assert office.told == [("lead", "desk.hours", "uk")]
    assert other.told == [("second", "desk.hours", "uk")]
    other.store.close()
    assert datetime.fromtimestamp(NOON, UTC).weekday() == 0


def test_the_days_that_come_are_shown_as_they_will_be(office: Office) -> None:
    weekly = Weekly("Mo-Fr 09:00-13:00,14:00-18:00; Sa 22:00-04:00", KYIV, days_off="2026-11-26")
    hours = office.opening.made(weekly)
    assert hours is not None
    said = {
        day.isoformat(): ", ".join(f"{one:%H:%M}-{two:%H:%M}" for one, two in spans)
        for day, spans in days_of(hours, at("2026-11-25T12:00"), 5)
    }
    assert said == {
        "2026-11-25": "09:00-13:00, 14:00-18:00",
        "2026-11-26": "",
        "2026-11-27": "09:00-13:00, 14:00-18:00",
        "2026-11-28": "22:00-00:00",
        "2026-11-29": "00:00-04:00",
    }
    always = office.opening.made(Weekly("24/7", KYIV))
    assert always is not None
    (spans,) = [spans for _, spans in days_of(always, at("2027-03-28T12:00"), 1)]
    assert [one.timestamp() - other.timestamp() for other, one in spans] == [23 * 3600]
