"""When too many come: a queue is paused or led elsewhere, by a fixed text, and never for good."""

import pytest

from bot.handoff.hours import DeskState, Weekly
from bot.handoff.model import Refused
from bot.handoff.settings import MOST_BYTES, Stale
from bot.handoff.surge import EVERYONE, MESSAGES
from tests.handoff_duty.office import Office


def turn(office: Office, queue: str, mode: str, message: str = MESSAGES[0], **more: str) -> None:
    version, _ = office.surge.switch(queue)
    office.surge.turn("lead", queue, version, mode, message, 2, **more)


def test_a_paused_queue_tells_why_and_until_when(office: Office) -> None:
    turn(office, "uk", "pause", "trouble")
    office.shifts.connected("s1", there=True)
    office.shifts.begin_shift("s1", "Anna", ["uk", "ru"])
    now, duties = office.clock(), office.shifts.on_duty()
    told = office.opening.state_of("uk", now, duties, office.surge.of("uk"))
    assert (told.state, told.message) == ("paused", "trouble")
    assert told.opens == "2026-11-23T16:00:00+02:00"
    assert office.opening.state_of("ru", now, duties, office.surge.of("ru")).state == "open"


def test_what_was_forgotten_ends_by_itself(office: Office) -> None:
    turn(office, EVERYONE, "pause")
    office.later(minutes=119)
    assert office.surge.of("uk") is not None
    office.later(minutes=1)
    assert office.surge.of("uk") is None
    assert office.surge.switch(EVERYONE) == (1, None)


def test_a_switch_that_is_ended_leaves_nothing_behind(office: Office) -> None:
    turn(office, EVERYONE, "pause")
    turn(office, "uk", "divert")
    office.surge.end("lead", "uk", 1)
    assert office.surge.of("uk") == office.surge.of("lt") is not None
    office.surge.end("lead", EVERYONE, 1)
    assert office.surge.of("uk") is None
    assert office.told[-1] == ("lead", "desk.surge", "all", "end")


def test_a_language_can_be_taken_out_of_what_holds_for_all(office: Office) -> None:
    turn(office, EVERYONE, "pause")
    turn(office, "lt", "open")
    assert office.surge.of("lt") is None
    assert office.surge.of("uk") is not None


def test_a_queue_that_is_led_elsewhere_shows_others_first_and_promises_no_hour(
    office: Office,
) -> None:
    office.opening.save("lead", {"uk": 0}, Weekly("Mo 18:00-20:00", "Europe/Kyiv"))
    turn(office, "uk", "divert")

    def told() -> DeskState:
        duties = office.shifts.on_duty()
        return office.opening.state_of("uk", office.clock(), duties, office.surge.of("uk"))

    assert told() == DeskState("closed", "2026-11-23T18:00:00+02:00", MESSAGES[0], divert=True)
    office.shifts.connected("s1", there=True)
    office.shifts.begin_shift("s1", "Anna", ["uk"])
    assert told() == DeskState("closed", "", MESSAGES[0], divert=True)


def test_the_end_of_a_pause_is_no_promise_when_the_desk_is_closed_then(office: Office) -> None:
    turn(office, "uk", "pause")  # until 16:00 in Kyiv

    def told() -> str:
        return office.opening.state_of("uk", office.clock(), (), office.surge.of("uk")).opens

    for version, (rules, opens) in enumerate(
        {
            "Mo 09:00-20:00": "2026-11-23T16:00:00+02:00",
            "Mo 17:00-20:00": "2026-11-23T17:00:00+02:00",
            "Tu-Fr 09:00-12:00": "2026-11-24T09:00:00+02:00",
        }.items()
    ):
        office.opening.save("lead", {"uk": version}, Weekly(rules, "Europe/Kyiv"))
        assert told() == opens


def test_only_fixed_texts_and_known_switches_are_taken(office: Office) -> None:
    for code, args in {
        "mode": ("stop", MESSAGES[0], 2),
        "message": ("pause", "I wrote this myself", 2),
        "hours": ("pause", MESSAGES[0], 1000),
    }.items():
        with pytest.raises(Refused, match=f"^{code}$"):
            office.surge.turn("lead", "uk", 0, *args)
    with pytest.raises(Refused, match=r"^large$"):
        office.settings.save("lead", "surge/uk", 0, "x" * (MOST_BYTES + 1))
    assert office.surge.of("uk") is None
    assert office.told == []


def test_a_switch_is_kept_and_told_to_the_audit_and_nobody_turns_one_unseen(
    office: Office,
) -> None:
    turn(office, "uk", "divert", why="forty in line")
    with pytest.raises(Stale):
        office.surge.turn("other", "uk", 0, "open", "", 1)
    again = office.restarted()
    assert again.surge.of("uk") == office.surge.of("uk") is not None
    assert office.told == [("lead", "desk.surge", "uk", "forty in line")]
