"""Messages leave the chat in time, by themselves or at once for who leaves, and never too late."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from bot.clearing import IN_VAIN, Clearing, Erased, least_keep_hours
from tests.footprints.chats import Chats, Mood
from tests.footprints.conftest import BOT, Parts, SetClock, started

ANN, BEN = b"700000001", b"700000002"


async def test_messages_of_both_sides_are_deleted_by_themselves_after_a_day(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    await clearing.note(ANN, chats.send(ANN, 1, 2))
    clock.wait(hours=5)
    await clearing.note(ANN, chats.send(ANN, 3))
    await clearing.note(BEN, chats.send(BEN, 1))
    clock.wait(hours=18, minutes=59)
    assert await clearing.sweep(chats) == 0
    assert chats.calls == []
    clock.wait(minutes=1)
    await clearing.sweep(chats)
    assert (chats.left(ANN), chats.left(BEN)) == ([3], [1])
    clock.wait(hours=5)
    await clearing.sweep(chats)
    await clearing.sweep(chats)
    assert (chats.left(ANN), chats.left(BEN)) == ([], [])
    assert set(chats.deleted.values()) == {1}


async def test_a_restart_at_hour_twenty_three_forgets_no_message(
    tmp_path: Path, chats: Chats, clock: SetClock
) -> None:
    async with started(tmp_path, clock) as before:
        for chat in range(200):
            name = b"%d" % (700_000_000 + chat)
            await before.clearing.note(name, chats.send(name, *range(1, 8)))
        clock.wait(hours=23)
        await before.clearing.sweep(chats)
    async with started(tmp_path, clock) as after:
        await after.clearing.sweep(chats)
        assert chats.calls == []
        clock.wait(hours=1)
        await after.clearing.sweep(chats)
        assert after.store.stats().footprints == 0
    assert len(chats.deleted) == 1_400
    assert set(chats.deleted.values()) == {1}


async def test_a_machine_that_was_off_deletes_what_it_still_can_and_tries_nothing_else(
    tmp_path: Path, chats: Chats, clock: SetClock
) -> None:
    async with started(tmp_path, clock) as before:
        await before.clearing.note(ANN, chats.send(ANN, 1, 2))
        clock.wait(minutes=2)
        await before.clearing.note(ANN, chats.send(ANN, 3))
    clock.wait(hours=46, minutes=59)
    async with started(tmp_path, clock) as after:
        await after.clearing.sweep(chats)
        assert chats.calls == [(ANN, (3,))]
        assert await after.clearing.of(ANN) == []


async def test_what_is_too_old_is_said_to_who_erases_and_in_the_log_once(
    clearing: Clearing, chats: Chats, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    await clearing.note(ANN, chats.send(ANN, 1, 2))
    clock.wait(hours=47)
    await clearing.note(ANN, chats.send(ANN, 3))
    await clearing.sweep(chats)
    await clearing.sweep(chats)
    said = capsys.readouterr()
    assert (said.out + said.err).count("messages_too_old_to_delete") == 1
    assert await clearing.erase(ANN, chats) == Erased(removed=1, too_old=2, later=0)
    assert chats.calls == [(ANN, (3,))]
    assert await clearing.erase(ANN, chats) == Erased(0, 0, 0)


async def test_messages_that_were_delivered_late_are_as_old_as_they_are(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    sent = clock() - 23 * 3_600
    await clearing.note(ANN, chats.send(ANN, 1, sent=sent), sent=sent)
    await clearing.note(ANN, chats.send(ANN, 2, sent=sent - 3 * 86_400), sent=sent - 3 * 86_400)
    await clearing.note(ANN, chats.send(ANN, 3), sent=clock() + 9_999)
    clock.wait(hours=1)
    await clearing.sweep(chats)
    assert chats.left(ANN) == [2, 3]
    assert await clearing.of(ANN) == [3]
    clock.wait(hours=23)
    await clearing.sweep(chats)
    assert chats.left(ANN) == [2]


async def test_a_message_noted_on_two_days_is_as_old_as_its_first_note(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    """As when a delivery comes again after midnight, or last words of yesterday are to go soon."""
    names = [b"%d" % (700_000_000 + number) for number in range(10)]
    for name in names:
        await clearing.note(name, chats.send(name, 1, 2))
    clock.wait(hours=20)
    for name in names:
        await clearing.note(name, [1])
        await clearing.note(name, [2], soon=True)
    clock.wait(hours=26, minutes=59)
    assert [await clearing.of(name) for name in names] == [[1, 2]] * 10
    clock.wait(minutes=1)
    assert [await clearing.of(name) for name in names] == [[]] * 10
    await clearing.sweep(chats)
    assert chats.calls == []


async def test_erasing_deletes_everything_in_calls_of_a_hundred(
    clearing: Clearing, parts: Parts, chats: Chats, clock: SetClock
) -> None:
    for start in range(1, 1_201, 80):
        await clearing.note(ANN, chats.send(ANN, *range(start, start + 80)))
        clock.wait(hours=1)
    await clearing.note(BEN, chats.send(BEN, 5))
    assert parts.store.stats().footprints > 3
    assert await clearing.erase(ANN, chats) == Erased(removed=1_200, too_old=0, later=0)
    assert [len(ids) for _, ids in chats.calls] == [100] * 12
    assert (chats.left(ANN), chats.left(BEN)) == ([], [5])
    assert parts.store.stats().footprints == 1


@pytest.mark.parametrize("mood", ["down", "half", "answers lost", "broken"])
async def test_what_could_not_be_erased_at_once_is_deleted_soon_also_after_a_restart(
    tmp_path: Path, chats: Chats, clock: SetClock, mood: Mood
) -> None:
    async with started(tmp_path, clock) as before:
        await before.clearing.note(ANN, chats.send(ANN, 1, 2, 3))
        chats.mood = mood
        erased = await before.clearing.erase(ANN, chats)
        assert erased.later == 3 - erased.removed > 0
        await before.clearing.note(ANN, chats.send(ANN, 4))
    clock.wait(minutes=3)
    chats.mood = "works"
    async with started(tmp_path, clock) as after:
        assert await after.clearing.sweep(chats) == 0
        assert await after.clearing.of(ANN) == [4]
    assert chats.left(ANN) == [4]
    assert set(chats.deleted.values()) == {1}


async def test_last_words_stay_for_a_minute_and_then_go_with_a_sweep(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    clock.wait(minutes=0.9)
    await clearing.note(ANN, chats.send(ANN, 9), soon=True)
    clock.wait(minutes=1)
    await clearing.sweep(chats)
    assert chats.left(ANN) == [9]
    clock.wait(minutes=1)
    await clearing.sweep(chats)
    assert chats.left(ANN) == []


async def test_a_chat_that_is_closed_to_us_is_forgotten(
    clearing: Clearing, parts: Parts, chats: Chats, clock: SetClock
) -> None:
    await clearing.note(ANN, chats.send(ANN, 1))
    clock.wait(hours=24)
    chats.mood = "closed"
    await clearing.sweep(chats)
    assert len(chats.calls) == 1
    assert parts.store.stats().footprints == 0


async def test_a_service_that_is_down_is_asked_a_few_times_and_nobody_waits_for_ever(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    names = [b"%d" % (700_000_000 + number) for number in range(20)]
    for name in names:
        await clearing.note(name, chats.send(name, 1))
    clock.wait(hours=24)
    chats.mood = "down"
    for sweep in range(1, 8):
        assert await clearing.sweep(chats) == IN_VAIN
        assert len(chats.calls) == sweep * IN_VAIN
    assert {chat for chat, _ in chats.calls} == set(names)
    chats.mood = "works"
    assert await clearing.sweep(chats) == 0
    assert set(chats.deleted) == {(name, 1) for name in names}


async def test_who_erases_while_the_sweeper_is_at_their_chat_has_each_message_deleted_once(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    await clearing.note(ANN, chats.send(ANN, *range(1, 400)))
    clock.wait(hours=24)
    results = await asyncio.gather(
        clearing.sweep(chats), clearing.erase(ANN, chats), clearing.erase(ANN, chats)
    )
    assert results[0] == 0
    assert chats.left(ANN) == []
    assert set(chats.deleted.values()) == {1}


async def test_another_bots_messages_are_left_to_it(
    tmp_path: Path, chats: Chats, clock: SetClock
) -> None:
    async with started(tmp_path, clock) as parts:
        await parts.clearing.note(ANN, chats.send(ANN, 1))
    clock.wait(hours=24)
    async with started(tmp_path, clock, bot="another") as parts:
        assert await parts.clearing.of(ANN) == []
        await parts.clearing.sweep(chats)
        await parts.clearing.erase(ANN, chats)
    assert chats.calls == []
    async with started(tmp_path, clock, bot=BOT) as parts:
        await parts.clearing.sweep(chats)
    assert chats.left(ANN) == []


async def test_the_sweeper_begins_at_once_and_goes_on_when_somebody_could_not_be_erased(
    clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    await clearing.note(ANN, chats.send(ANN, 1))
    await clearing.note(BEN, chats.send(BEN, 1))
    clock.wait(hours=24)
    running = asyncio.create_task(clearing.run(chats, rest=3_600))
    await chats.until_empty(ANN, BEN)
    await clearing.note(ANN, chats.send(ANN, 2))
    clock.wait(minutes=3)
    chats.mood = "down"
    erasing = await clearing.erase(ANN, chats)
    chats.mood = "works"
    await chats.until_empty(ANN)
    assert erasing == Erased(0, 0, 1)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_notes_that_the_store_could_not_keep_are_kept_when_it_can(
    clearing: Clearing, parts: Parts, chats: Chats, clock: SetClock, tmp_path: Path
) -> None:
    place = tmp_path / "data" / "quietline.db"
    place.chmod(0o400)
    await clearing.note(ANN, chats.send(ANN, 1))
    assert await clearing.of(ANN) == []
    assert await clearing.erase(ANN, chats) == Erased(0, 0, 1)
    await clearing.cleared(ANN, [1])
    clock.wait(hours=24)
    assert await clearing.sweep(chats) == 0
    place.chmod(0o600)
    await clearing.sweep(chats)
    assert chats.left(ANN) == []
    assert parts.store.stats().footprints == 0


@pytest.mark.parametrize("clear_hours", [1, 24, 46])
async def test_a_days_key_lives_until_the_last_message_of_the_day_is_due(
    tmp_path: Path, clock: SetClock, chats: Chats, clear_hours: int
) -> None:
    keep_hours = max(24, least_keep_hours(clear_hours))
    midnight = 20_001 * 86_400
    clock.now = midnight - 60
    async with started(tmp_path, clock, clear_hours=clear_hours, keep_hours=keep_hours) as parts:
        await parts.clearing.note(ANN, chats.send(ANN, 1))
        clock.wait(hours=clear_hours, minutes=10)
        parts.tidy()
        await parts.clearing.sweep(chats)
    assert chats.left(ANN) == []


async def test_the_key_of_a_day_takes_what_is_left_of_it_along(
    parts: Parts, clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    await clearing.note(ANN, chats.send(ANN, 1))
    clock.wait(hours=60)
    parts.tidy()
    assert parts.store.stats().footprints == 0
    assert chats.calls == []


async def test_numbers_that_are_no_messages_are_passed_over(
    clearing: Clearing, parts: Parts
) -> None:
    await clearing.note(ANN, [0, -4, 2**53, 10**30])
    assert parts.store.stats().footprints == 0
    await clearing.note(ANN, [2**53 - 1, 5])
    assert await clearing.of(ANN) == [5, 2**53 - 1]
