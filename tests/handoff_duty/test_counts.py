"""What is counted says nothing of one person: not on the page, not in the file, not later."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.counts import FEWEST, MINUTES, Waits, _waits
from bot.handoff.hours import Weekly
from tests.handoff_duty.office import Office


@pytest.fixture(autouse=True)
def _half_past(office: Office) -> None:
    # So that who waited a few minutes asked in the same hour.
    office.later(minutes=30)


def waited(office: Office, minutes: float, times: int = 1, language: str = "uk") -> None:
    with office.store.group() as group:
        for _ in range(times):
            office.counts.waited(group, language, minutes * 60)


def count(office: Office, kind: str, key: str, times: int = 1) -> None:
    with office.store.group() as group:
        for _ in range(times):
            office.counts.count(group, kind, key)


def lost(office: Office) -> None:
    """Somebody is counted in a turn that fails."""

    def turn() -> None:
        with office.store.group() as group:
            office.counts.waited(group, "uk", 240)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        turn()


def test_a_wait_is_told_from_ten_people_on_and_not_before(office: Office) -> None:
    waited(office, 4, 8)
    waited(office, 25)
    assert office.counts.waits("uk") is None
    waited(office, 25)
    assert office.counts.waits("uk") == Waits(p50=5, p90=30)
    assert office.counts.waits("ru") is None


def test_each_hour_stands_for_itself_and_is_the_one_in_which_they_asked(office: Office) -> None:
    office.opening.save("lead", {"uk": 0}, Weekly("", "Europe/Kyiv"))
    waited(office, 95, 10)  # asked at 12:55 in Kyiv, answered at 14:30
    hours = office.counts.hours_of("uk")
    assert [hour for hour, told in enumerate(hours) if told] == [12]
    assert office.counts.waits("uk") is None
    office.later(hours=23)
    assert office.counts.waits("uk") is None
    office.later(hours=-1)
    assert office.counts.waits("uk") == Waits(120, 120)


def test_a_wait_is_forgotten_after_the_last_weeks(office: Office) -> None:
    waited(office, 4, 10)
    for _ in range(4):
        for _ in range(7):
            office.later(hours=24)
            office.counts.tick()
        assert office.counts.waits("uk") is not None
    for _ in range(7):
        office.later(hours=24)
        office.counts.tick()
    assert office.counts.waits("uk") is None
    assert office.counts.languages() == ()


def test_what_became_of_chats_is_shown_when_the_week_is_over_from_ten_on_in_fives(
    office: Office,
) -> None:
    count(office, "feedback", "helped", 13)
    count(office, "feedback", "partly", 9)
    count(office, "outcome", "referred", 10)
    assert office.counts.weeks("feedback") == ()
    for _ in range(7):
        office.later(hours=24)
        office.counts.tick()
    count(office, "feedback", "helped", 30)
    (week,) = office.counts.weeks("feedback")
    assert week.monday.isoformat() == "2026-11-23"
    assert week.counts == {"helped": 10, "partly": None, "not_helped": None}
    assert office.counts.weeks("need") == ()


def test_only_codes_are_counted_and_no_words_ever(office: Office) -> None:
    for kind, key in (("feedback", "she cried"), ("story", "helped"), ("wait", "3:5")):
        with pytest.raises(ValueError, match=r"^only the codes of KINDS are counted$"):
            count(office, kind, key)
    assert office.counts.weeks("feedback") == ()
    with office.store.group() as group:
        assert group.ask("SELECT * FROM figure", ()) == []


def test_the_file_shows_neither_language_nor_hour_nor_how_often(office: Office) -> None:
    sizes, sequences = set(), set()
    for times in (1, 3, 40):
        waited(office, 4, times, "lt")
        count(office, "outcome", "left", times)
        with office.store.group() as group:
            rows = group.ask("SELECT sequence, sealed FROM figure", ())
        assert len(rows) == 2
        sizes |= {len(sealed) for _, sealed in rows}
        sequences |= {sequence for sequence, _ in rows}
    assert sizes == {512 + 93}
    assert len(sequences) == 6
    assert max(sequences) - min(sequences) > 1000


def test_waits_of_every_length_at_every_hour_fit_in_one_row(office: Office) -> None:
    with office.store.group() as group:
        for _ in range(24):
            office.later(hours=1)
            for minutes in MINUTES:
                office.counts.waited(group, "uk", minutes * 60.0)
        ((sealed,),) = group.ask("SELECT sealed FROM figure", ())
    assert len(sealed) <= 4096 + 93
    assert None not in office.restarted().counts.hours_of("uk")


def test_a_restart_loses_no_count_and_one_that_was_not_kept_does_not_count(
    office: Office,
) -> None:
    waited(office, 4, 9)
    lost(office)
    office.counts.look()
    assert office.counts.waits("uk") is None
    lost(office)
    waited(office, 4)  # counts upon what is on the disk, also without a look
    assert office.restarted().counts.waits("uk") == office.counts.waits("uk") == Waits(5, 5)
    assert len(office.told) == 0


def test_two_processes_count_together(office: Office) -> None:
    other = office.beside()
    for _ in range(5):
        waited(office, 4)
        waited(other, 4)
    office.counts.look()
    assert office.counts.waits("uk") == Waits(5, 5)
    other.store.close()


def test_without_the_key_of_its_day_a_count_is_gone(office: Office) -> None:
    waited(office, 4, 10)
    office.later(hours=24 * 5)
    office.ring.live()
    assert office.restarted().counts.waits("uk") is None


@given(st.lists(st.sampled_from(MINUTES), min_size=0, max_size=60))
def test_half_waited_at_most_what_is_said_and_nine_of_ten_at_most_the_other(
    waits: list[int],
) -> None:
    told = _waits(Counter(waits))
    if len(waits) < FEWEST:
        assert told is None
        return
    assert told is not None
    within = [sum(one <= most for one in waits) / len(waits) for most in (told.p50, told.p90)]
    assert within[0] >= 0.5
    assert within[1] >= 0.9
    assert told.p50 <= told.p90
    below = [sum(one < most for one in waits) / len(waits) for most in (told.p50, told.p90)]
    assert below[0] < 0.5
    assert below[1] < 0.9
