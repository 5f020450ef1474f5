"""When somebody answers, against an oracle that walks by minutes, when clocks change too."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory.hours import Closure, Hours, Shift, read_rules
from referral_directory.model import state_of_all
from tests.often import often

KYIV = "Europe/Kyiv"
ZONES = (KYIV, "America/New_York", "Asia/Kolkata", "Africa/Juba", "Australia/Lord_Howe", "UTC")


def at(text: str, zone: str = KYIV) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def oracle(hours: Hours, wall: datetime) -> str:
    """Open or not at a time of the wall clock, by trying every shift of today and of yesterday."""
    if hours.day(wall.date())[0] == "no":
        return "no"
    if hours.shifts is None:
        return "unknown"
    answers = set()
    for back in (0, 1):
        began = wall.date() - timedelta(days=back)
        for shift in hours.shifts:
            minute = back * 1440 + wall.hour * 60 + wall.minute
            covers = shift.opens <= minute < shift.opens + shift.minutes
            if shift.weekday == began.weekday() and covers:
                answers.add(hours.day(began)[0])
    answers.discard("no")
    if not answers:
        return "no"
    sure = "yes" in answers and hours.day(wall.date())[0] == "yes"
    return "yes" if sure else "unknown"


shifts = st.builds(
    Shift,
    st.integers(0, 6),
    st.integers(0, 95).map(lambda quarter: quarter * 15),
    st.integers(1, 96).map(lambda quarter: quarter * 15),
)
days = st.dates(date(2026, 3, 20), date(2026, 11, 10))
closures = st.builds(
    lambda first, length: Closure(first, first + timedelta(days=length)), days, st.integers(0, 4)
)
any_hours = st.builds(
    Hours,
    st.none() | st.lists(shifts, max_size=8).map(tuple),
    st.sampled_from(ZONES),
    st.lists(closures, max_size=2).map(tuple),
    st.sampled_from(("as_usual", "closed", "unknown")),
    st.just(("08-24", "2026-10-25")),
)
# Around the changes of clocks as often as anywhere else.
starts = st.sampled_from(
    (
        datetime(2026, 3, 28, 12, tzinfo=UTC),
        datetime(2026, 10, 24, 12, tzinfo=UTC),
        datetime(2026, 11, 1, 0, tzinfo=UTC),
        datetime(2026, 4, 4, 6, tzinfo=UTC),
        datetime(2026, 8, 23, 18, tzinfo=UTC),
    )
) | st.integers(0, 270 * 1440).map(
    lambda minute: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@settings(max_examples=often(150), deadline=None)
@given(any_hours, starts)
def test_every_minute_of_two_days_is_as_the_wall_clock_says(hours: Hours, start: datetime) -> None:
    zone = ZoneInfo(hours.zone)
    for minute in range(0, 2880, 5):
        instant = start + timedelta(minutes=minute)
        assert hours.open_at(instant) == oracle(hours, instant.astimezone(zone))


@settings(max_examples=often(150), deadline=None)
@given(any_hours, starts)
def test_the_change_that_is_told_is_the_first_one_there_is(hours: Hours, start: datetime) -> None:
    zone = ZoneInfo(hours.zone)
    state = hours.state(start)
    assert state.open == oracle(hours, start.astimezone(zone))
    if state.open == "unknown":
        assert state.closes_at is state.opens_at is None
        return
    told = state.closes_at if state.open == "yes" else state.opens_at
    walked = [start + timedelta(minutes=i) for i in range(3 * 1440)]
    answers = [oracle(hours, instant.astimezone(zone)) for instant in walked]
    for (_, before), (instant, after) in pairwise(zip(walked, answers, strict=True)):
        if before != after and (after == "yes" or state.open == "yes"):
            assert told == instant
            return
    assert told is None or told > walked[-1]


@pytest.mark.parametrize(
    ("rules", "when", "open_", "change"),
    [
        ("Mo-Fr 09:00-18:00", "2026-11-23T09:00", "yes", "2026-11-23T18:00"),
        ("Mo-Fr 09:00-18:00", "2026-11-23T18:00", "no", "2026-11-24T09:00"),
        ("Mo-Fr 09:00-18:00", "2026-11-21T10:00", "no", "2026-11-23T09:00"),
        ("daily 14:00-06:00", "2026-11-22T01:10", "yes", "2026-11-22T06:00"),
        ("daily 14:00-06:00", "2026-11-22T07:00", "no", "2026-11-22T14:00"),
        ("Mo-Fr 09:00-12:00,13:00-18:00", "2026-11-23T12:30", "no", "2026-11-23T13:00"),
        ("Mo-Fr 09:00-18:00; Fr 20:00-02:00", "2026-11-27T10:00", "yes", "2026-11-27T18:00"),
        ("Su 20:00-02:00", "2026-11-23T01:59", "yes", "2026-11-23T02:00"),
        ("Mo 20:00-24:00; Tu 00:00-06:00", "2026-11-23T22:00", "yes", "2026-11-24T06:00"),
        ("Sa-Mo 10:00-11:00", "2026-11-23T10:30", "yes", "2026-11-23T11:00"),
        ("daily 03:30-05:00", "2026-03-29T02:30", "no", "2026-03-29T04:00"),
    ],
)
def test_printed_hours_mean_what_people_expect(
    rules: str, when: str, open_: str, change: str
) -> None:
    state = Hours(read_rules(rules), KYIV).state(at(when))
    assert (state.open, state.closes_at or state.opens_at) == (open_, at(change))


def test_a_line_that_never_sleeps_says_so_also_when_clocks_change() -> None:
    hours = Hours(read_rules("24/7"), KYIV)
    for when in ("2026-03-29T03:30", "2026-10-25T03:30", "2026-11-22T12:00"):
        assert hours.state(at(when)).always


def test_a_dated_closure_is_closed_and_says_why_and_when_it_opens() -> None:
    closure = Closure(date(2026, 11, 23), date(2026, 11, 24), (("en", "No power"),))
    hours = Hours(read_rules("24/7"), KYIV, (closure,))
    state = hours.state(at("2026-11-23T10:00"))
    assert (state.open, state.always, state.reason) == ("no", False, (("en", "No power"),))
    assert state.opens_at == at("2026-11-25T00:00")
    assert hours.state(at("2026-11-22T10:00")).closes_at == at("2026-11-23T00:00")


def test_a_night_that_would_begin_on_a_closed_date_does_not_begin() -> None:
    closure = Closure(date(2026, 11, 23), date(2026, 11, 23))
    hours = Hours(read_rules("daily 20:00-06:00"), KYIV, (closure,))
    assert hours.open_at(at("2026-11-24T01:00")) == "no"
    assert hours.open_at(at("2026-11-25T01:00")) == "yes"


@pytest.mark.parametrize(
    ("policy", "open_"), [("as_usual", "yes"), ("closed", "no"), ("unknown", "unknown")]
)
def test_a_public_holiday_is_what_the_line_itself_says(policy: str, open_: str) -> None:
    hours = Hours(read_rules("24/7"), KYIV, (), policy, ("08-24",))  # type: ignore[arg-type]
    assert hours.open_at(at("2026-08-24T10:00")) == open_
    assert hours.open_at(at("2026-08-26T10:00")) == "yes"


def test_hours_nobody_knows_are_said_to_be_unknown() -> None:
    state = Hours(None, KYIV).state(at("2026-11-22T10:00"))
    assert (state.open, state.opens_at, state.closes_at) == ("unknown", None, None)


def test_several_ways_are_open_as_long_as_one_is() -> None:
    day = Hours(read_rules("daily 09:00-18:00"), KYIV)
    late = Hours(read_rules("daily 12:00-22:00"), KYIV)
    unknown = Hours(None, KYIV)
    assert state_of_all((day, late), at("2026-11-22T13:00")).closes_at == at("2026-11-22T22:00")
    assert state_of_all((day, late), at("2026-11-22T23:00")).opens_at == at("2026-11-23T09:00")
    asleep = state_of_all((day, unknown), at("2026-11-22T23:00"))
    assert (asleep.open, asleep.opens_at) == ("unknown", at("2026-11-23T09:00"))
    assert state_of_all((), at("2026-11-22T23:00")).open == "unknown"


@pytest.mark.parametrize(
    "rules",
    ["", "always", "Mo-Xx 09:00-18:00", "Mo 9-18", "Mo 25:00-26:00", "Mo 09:00-18:75", "Mo"],
)
def test_rules_that_cannot_be_read_are_refused_in_words(rules: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        read_rules(rules)


def test_an_instant_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Hours(None, KYIV).state(datetime(2026, 11, 22))  # noqa: DTZ001


def test_in_the_hour_that_comes_twice_the_second_one_closes_too() -> None:
    hours = Hours(read_rules("daily 09:00-03:30"), KYIV)
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    state = hours.state(second)
    assert state.open == "yes"
    assert state.closes_at is not None
    assert state.closes_at.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
