"""Which day it is and which keys live, as two services agree on it; no socket, no clock."""

import pytest

from bot.keys.days import Days, off

DAY = 86_400
START = 20_000 * DAY + 100.0


def key(days: Days, epoch: int | None = None) -> bytes:
    return bytes(days.slots([days.opened if epoch is None else epoch])[0])


def speak(one: Days, other: Days, now: float, times: int = 4) -> None:
    """Each asks the other how it stands, some times."""
    for _ in range(times):
        for here, there in ((one, other), (other, one)):
            epochs = here.meet(there.hello(now), now)
            here.put(epochs, there.slots(epochs))
            if epochs:
                here.meet(there.hello(now), now)


@pytest.fixture
def two() -> tuple[Days, Days]:
    one, other = Days(72, alone=False), Days(72, alone=False)
    speak(one, other, START)
    assert one.ready
    assert other.ready
    return one, other


def later(days: tuple[Days, ...], now: float) -> None:
    for one in days:
        one.look(now)


def test_nobody_is_given_a_key_before_both_have_it() -> None:
    one, other = Days(72, alone=False), Days(72, alone=False)
    assert one.look(START) == ()
    assert not one.ready
    speak(one, other, START, times=1)
    assert not (one.ready and other.ready) or key(one) == key(other)


def test_tomorrows_key_is_one_of_chance_that_both_hold(two: tuple[Days, Days]) -> None:
    today, tomorrow = key(two[0]), key(two[0], 20_001)
    assert key(two[1], 20_001) == tomorrow != today
    assert two[0].agreed == two[1].agreed == 20_001
    later(two, START + DAY)
    assert key(two[0]) == key(two[1]) == tomorrow


@pytest.mark.parametrize("gone", [1, 2, 3, 4])
def test_cut_off_from_each_other_they_still_come_to_the_same_keys(
    two: tuple[Days, Days], gone: int
) -> None:
    for number in range(1, gone + 1):
        later(two, START + number * DAY)
    assert key(two[0]) == key(two[1])
    speak(*two, START + gone * DAY)
    assert not two[0].apart
    assert two[0].agreed == 20_001 + gone


def test_a_draft_that_the_other_never_saw_is_not_used() -> None:
    one, other = Days(72, alone=False), Days(72, alone=False)
    speak(one, other, START, times=2)
    # The elder made a key for tomorrow; whatever the other got of it, both open the same.
    later((one, other), START + DAY)
    speak(one, other, START + DAY)
    assert key(one) == key(other)


def test_it_never_goes_back_a_day_and_follows_who_is_ahead(two: tuple[Days, Days]) -> None:
    two[0].look(START + DAY)
    assert two[1].opened == 20_000
    speak(*two, START + DAY - 600)
    assert two[1].opened == 20_001
    two[1].look(START)
    assert two[1].opened == 20_001


def test_keys_are_destroyed_when_their_time_ran_out(two: tuple[Days, Days]) -> None:
    assert two[0].look(20_003 * DAY - 1) == ()
    assert two[0].look(20_003 * DAY) == (20_000,)
    later(two, 20_003 * DAY)
    speak(*two, 20_003 * DAY)
    with pytest.raises(KeyError):
        two[0].slots([20_000])


def test_a_machine_that_slept_for_months_begins_anew() -> None:
    days = Days(72, alone=True)
    days.look(START)
    days.look(START + 100 * DAY)
    assert (days.opened, days.ready) == (20_100, True)


def test_alone_every_day_has_a_key_of_chance() -> None:
    days = Days(72, alone=True)
    days.look(START)
    first = key(days)
    days.look(START + DAY)
    assert key(days) != first
    assert set(days.left(START + DAY)) == {20_000, 20_001}


def test_two_that_were_both_alone_stand_apart_and_neither_loses_a_key() -> None:
    one, other = Days(72, alone=True), Days(72, alone=True)
    later((one, other), START)
    one.given = other.given = True
    keys = key(one), key(other)
    speak(one, other, START)
    assert one.apart
    assert other.apart
    assert (key(one), key(other)) == keys


def test_what_nobody_was_given_gives_way() -> None:
    one, other = Days(72, alone=True), Days(72, alone=True)
    later((one, other), START)
    one.given = True
    kept = key(one)
    speak(one, other, START)
    assert key(one) == key(other) == kept
    fresh = Days(72, alone=True), Days(72, alone=True)
    later(fresh, START)
    speak(*fresh, START)
    assert key(fresh[0]) == key(fresh[1])


def test_what_was_destroyed_at_one_is_destroyed_at_the_other(two: tuple[Days, Days]) -> None:
    old = key(two[0])
    assert two[0].destroy_all() == (20_000,)
    speak(*two, START)
    assert key(two[0]) == key(two[1]) != old
    assert two[0].lineage not in two[0].ended
    assert repr(two[0]) == "Days()"


def test_a_clock_more_than_an_hour_off_does_not_count(two: tuple[Days, Days]) -> None:
    assert off(two[0].hello(START), START + 3_601)
    assert not off(two[0].hello(START), START - 3_599)


def test_a_destroyed_key_is_wiped_where_it_lay(two: tuple[Days, Days]) -> None:
    slots = two[0].slots([20_000, 20_001])
    assert all(any(slot) for slot in slots)
    two[0].destroy_all()
    assert not any(any(slot) for slot in slots)
