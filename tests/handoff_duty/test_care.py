"""Whoever answers is looked after: pauses that are due, what was heavy, the end of a shift."""

from bot.handoff.care import in_need
from tests.handoff_duty.office import Office


def begin(office: Office, staff: str, hours: float = 8.0) -> None:
    office.shifts.connected(staff, there=True)
    office.shifts.begin_shift(staff, f"Name {staff}", ["uk"], hours=hours)


def test_a_pause_is_due_after_two_hours_and_said_before(office: Office) -> None:
    begin(office, "s1")
    office.later(minutes=80)
    assert office.shifts.care_of("s1").pause_due == 40 * 60
    assert not office.shifts.care_of("s1").needs_pause
    office.later(minutes=40)
    assert office.shifts.care_of("s1").why == ("long",)


def test_a_minute_away_is_no_pause_and_ten_are(office: Office) -> None:
    begin(office, "s1")
    office.later(minutes=110)
    office.shifts.pause("s1")
    office.later(minutes=1)
    office.shifts.resume("s1")
    assert office.shifts.care_of("s1").pause_due == 9 * 60
    office.later(minutes=9)
    assert office.shifts.care_of("s1").needs_pause
    office.shifts.pause("s1")
    assert not office.shifts.care_of("s1").needs_pause
    office.later(minutes=10)
    office.shifts.resume("s1")
    assert office.shifts.care_of("s1").pause_due == 120 * 60


def test_a_rest_after_a_heavy_chat_looks_after_itself_and_counts_as_a_pause(
    office: Office,
) -> None:
    begin(office, "s1")
    office.later(minutes=115)
    office.shifts.heavy_ended("s1")
    assert office.shifts.care_of("s1").why == ("rests",)
    office.later(minutes=15)
    assert office.shifts.care_of("s1").pause_due == 120 * 60


def test_the_lead_sees_first_who_had_the_most_heavy_chats(office: Office) -> None:
    for staff in ("s1", "s2", "s3", "s4"):
        begin(office, staff, hours=2.0)
    for _ in range(3):
        office.shifts.heavy_ended("s2")
    office.later(minutes=90)
    office.shifts.pause("s4")
    office.later(minutes=10)
    office.shifts.resume("s4")
    assert [one.staff for one in in_need(office.shifts.care())] == ["s2"]
    office.later(minutes=21)
    found = in_need(office.shifts.care())
    assert [one.staff for one in found] == ["s2", "s1", "s3", "s4"]
    assert {one.staff: one.why for one in found} == {
        "s1": ("long", "over"),
        "s2": ("heavy", "over"),
        "s3": ("long", "over"),
        "s4": ("over",),
    }


def test_the_end_of_a_shift_asks_and_asks_for_the_body_first_after_something_heavy(
    office: Office,
) -> None:
    begin(office, "s1")
    begin(office, "s2")
    office.shifts.heavy_ended("s1")
    office.later(hours=1)
    heavy, light = office.shifts.end_shift("s1"), office.shifts.end_shift("s2")
    assert (heavy.prompts[0], heavy.heavy, heavy.worked) == ("body", 1, 3600)
    assert light.prompts == heavy.prompts[1:]
