"""Who is on shift: named once, given back after a restart, never worked through a pause."""

import pytest

from bot.handoff.model import Refused
from bot.handoff.shift import TRANSITIONS
from tests.handoff_duty.office import Office


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, match=f"^{code}$")


def begin(office: Office, staff: str = "s1", who: str = "Anna", **more: float) -> None:
    office.shifts.begin_shift(staff, who, ["uk", "ru"], ["legal"], [b"k" * 8], **more)


def test_who_begins_a_shift_is_on_duty_under_the_name_that_people_see(office: Office) -> None:
    office.loads["s1"] = (2, 1)
    office.shifts.connected("s1", there=True)
    begin(office)
    (duty,) = office.shifts.on_duty()
    assert (duty.staff, duty.who, duty.languages, duty.skills) == (
        *("s1", "Anna", ("uk", "ru"), ("legal",)),
    )
    assert (duty.keys, duty.open, duty.heavy, duty.most_open, duty.most_heavy) == (
        *((b"k" * 8,), 2, 1, 3, 1),
    )
    assert (duty.connected, duty.paused) == (True, False)
    assert office.told == [("s1", "duty.begin")]


def test_nobody_begins_twice_or_takes_the_name_of_a_colleague(office: Office) -> None:
    begin(office)
    with refused("shift_open"):
        begin(office)
    with refused("who_taken"):
        begin(office, "s2", "  aNNa ")
    with refused("who_taken"):
        begin(office, "s2", "ＡＮＮＡ")
    for who in ("", "   ", "x" * 41, "An\u202ena", "\u0410nna"):
        with refused("who"):
            begin(office, "s2", who)
    for hours in (0.0, 8.1, float("nan")):
        with refused("hours"):
            begin(office, "s2", "Olena", hours=hours)
    with refused("languages"):
        office.shifts.begin_shift("s2", "Olena", [])
    assert [one.staff for one in office.shifts.on_duty()] == ["s1"]


def test_acts_that_do_not_fit_are_refused_and_change_nothing(office: Office) -> None:
    for act in (office.shifts.pause, office.shifts.resume, office.shifts.end_shift):
        with refused("no_shift"):
            act("s1")
    begin(office)
    office.shifts.pause("s1")
    office.shifts.pause("s1")
    assert office.shifts.resume("s1").paused is False
    assert office.shifts.resume("s1").paused is False
    office.shifts.end_shift("s1")
    assert office.shifts.on_duty() == ()
    assert office.shifts.of("s1") is None


def test_the_picture_at_the_top_names_every_way_of_the_table() -> None:
    ways = {(act, source) for act, source, _ in TRANSITIONS if isinstance(source, str)}
    ways |= {(act, one) for act, many, _ in TRANSITIONS if isinstance(many, list) for one in many}
    assert len(ways) == 10


def test_after_a_heavy_chat_nobody_can_cut_the_pause_short(office: Office) -> None:
    begin(office)
    office.shifts.heavy_ended("s1")
    with refused("rest") as no:
        office.shifts.resume("s1")
    assert no.value.values == {"seconds": "900"}
    office.shifts.end_shift("s1")
    begin(office)
    assert office.shifts.on_duty()[0].paused
    again = office.restarted()
    assert again.shifts.on_duty()[0].paused
    again.later(minutes=15)
    assert not again.shifts.on_duty()[0].paused


def test_a_break_asked_for_in_a_rest_goes_on_after_it(office: Office) -> None:
    begin(office)
    office.shifts.heavy_ended("s1")
    office.shifts.pause("s1")
    office.later(minutes=16)
    assert office.shifts.on_duty()[0].paused
    assert not office.shifts.resume("s1").paused


def test_a_second_heavy_chat_begins_the_pause_anew(office: Office) -> None:
    begin(office)
    office.shifts.heavy_ended("s1")
    office.later(minutes=10)
    office.shifts.heavy_ended("s1")
    office.later(minutes=10)
    assert office.shifts.on_duty()[0].paused
    assert office.shifts.care_of("s1").rest_left == 5 * 60


def test_a_chat_of_somebody_who_is_not_on_shift_rests_nobody(office: Office) -> None:
    office.shifts.heavy_ended("s9")
    assert office.shifts.on_duty() == ()


def test_a_restart_keeps_who_is_on_shift_and_gives_everyone_a_minute_to_come_back(
    office: Office,
) -> None:
    office.shifts.connected("s1", there=True)
    begin(office)
    office.later(hours=3)
    again = office.restarted()
    (duty,) = again.shifts.on_duty()
    assert (duty.who, duty.keys, duty.connected) == ("Anna", (b"k" * 8,), False)
    assert again.shifts.gone() == ()
    again.later(seconds=59)
    assert again.shifts.gone() == ()
    again.later(seconds=1)
    assert again.shifts.gone() == ("s1",)
    again.shifts.connected("s1", there=True)
    assert again.shifts.gone() == ()
    assert again.shifts.on_duty()[0].connected


def test_a_line_that_drops_counts_after_a_minute_and_only_when_it_was_the_last(
    office: Office,
) -> None:
    begin(office)
    office.shifts.connected("s1", there=True, line="left")
    office.shifts.connected("s1", there=True, line="right")
    office.shifts.connected("s1", there=False, line="left")
    office.later(minutes=5)
    assert office.shifts.gone() == ()
    office.shifts.connected("s1", there=False, line="right")
    assert not office.shifts.on_duty()[0].connected
    office.later(seconds=59)
    assert office.shifts.gone() == ()
    office.later(seconds=1)
    assert office.shifts.gone() == ("s1",)


def test_another_process_hears_who_is_there_and_drops_nobody_who_is(office: Office) -> None:
    other = office.beside()
    office.shifts.connected("s1", there=True)
    begin(office)
    for _ in range(12):
        office.later(seconds=20)
        assert office.shifts.tick() == ()
        other.shifts.look()
        assert other.shifts.on_duty()[0].connected
        assert other.shifts.gone() == ()
    office.shifts.connected("s1", there=False)
    other.shifts.look()
    assert not other.shifts.on_duty()[0].connected
    with refused("who_taken"):
        begin(other, "s2", "Anna")
    other.store.close()


def test_who_asks_is_not_told_that_nobody_is_there_while_somebody_comes_in_another_process(
    office: Office,
) -> None:
    other = office.beside()
    office.shifts.connected("s1", there=True)
    begin(office)
    begin(office, "s2", "Olena")
    office.shifts.end_shift("s2")
    with other.store.group() as group:
        assert other.shifts.on_duty() == ()
        (duty,) = other.shifts.on_duty_for("uk", group)
        assert (duty.staff, duty.connected) == ("s1", True)
        # What is read in the middle of a turn is not kept: the turn may come to nothing.
        assert other.shifts.on_duty() == ()
    other.shifts.look()
    office.shifts.pause("s1")
    with other.store.group() as group:
        # Nothing is read anew while somebody is there, only for a language that nobody speaks.
        assert [one.paused for one in other.shifts.on_duty_for("ru", group)] == [False]
        assert [one.paused for one in other.shifts.on_duty_for("lt", group)] == [True]
    other.store.close()


def test_a_shift_that_was_left_behind_ends_by_itself(office: Office) -> None:
    office.shifts.connected("s2", there=True)
    begin(office)
    begin(office, "s2", "Olena")
    office.later(minutes=29)
    assert office.shifts.tick() == ()
    office.later(minutes=1)
    assert office.shifts.tick() == ("s1",)
    assert [one.staff for one in office.shifts.on_duty()] == ["s2"]
    assert office.told[-1] == ("s1", "duty.end")


def test_limits_are_the_leads_and_stay_for_the_next_shift(office: Office) -> None:
    begin(office)
    duty = office.shifts.set_limits("s1", 1, 0, by="lead")
    assert (duty.most_open, duty.most_heavy) == (1, 0)
    assert office.told[-1] == ("lead", "duty.limits", "s1")
    office.shifts.end_shift("s1")
    begin(office)
    assert office.shifts.on_duty()[0].most_open == 1
    for most_open, most_heavy in ((0, 0), (2, 3), (21, 1), (2, -1)):
        with refused("limits"):
            office.shifts.set_limits("s1", most_open, most_heavy, by="lead")


def test_a_shift_over_midnight_goes_on_after_yesterdays_key_is_destroyed(office: Office) -> None:
    office.later(hours=11)
    office.shifts.connected("s1", there=True)
    begin(office, hours=8.0)
    office.shifts.set_keys("s1", [b"n" * 8])
    end = office.shifts.planned_end("s1")
    office.later(hours=2)  # the next day
    office.shifts.tick()
    with office.store.group() as group:
        ((epoch,),) = group.ask("SELECT epoch FROM duty", ())
    assert epoch == office.ring.today()
    assert office.restarted().shifts.planned_end("s1") == end


def test_the_database_alone_tells_no_name_and_no_hour_of_a_shift(office: Office) -> None:
    begin(office, who="Canary Name")
    office.shifts.heavy_ended("s1")
    with office.store.group() as group:
        (row,) = group.ask("SELECT * FROM duty", ())
    assert b"Canary" not in row[-1]
    assert [type(one) for one in row] == [str, int, int, int, bytes]
    assert len(row[-1]) in {512 + 93, 1024 + 93}
    assert "Canary" not in repr(office.shifts)
