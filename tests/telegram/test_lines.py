"""People wait behind nobody but themselves; and what leaves keeps Telegram's pace."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_lines import (
    BURST,
    CROWDED_BURST,
    MOST_CHATS,
    MOST_WAITING,
    RESERVE,
    Lines,
)
from bot.channels.telegram_pace import CHAT_BURST, Pace


@pytest.fixture
def mode() -> str:
    return "polling"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.lists(st.integers(0, 4), min_size=1, max_size=40))
async def test_each_chat_is_taken_in_order_one_at_a_time_though_some_give_up(
    seed: int, chats: list[int]
) -> None:
    chance, lines = random.Random(seed), Lines(burst=1_000)
    inside: set[int] = set()
    taken: dict[int, list[int]] = {}

    async def one(number: int, chat: int) -> None:
        if not await lines.enter(chat, urgent=False):
            return
        assert chat not in inside
        inside.add(chat)
        taken.setdefault(chat, []).append(number)
        try:
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
        finally:
            inside.discard(chat)
            lines.leave(chat)

    tasks = [asyncio.create_task(one(number, chat)) for number, chat in enumerate(chats)]
    await asyncio.sleep(0)
    for task in tasks:
        if chance.random() < 0.3:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert all(order == sorted(order) for order in taken.values())
    assert len(lines) == 0
    assert not inside


async def test_a_flood_takes_one_place_and_urgent_words_have_a_reserve() -> None:
    lines = Lines(burst=10_000)
    assert await lines.enter(1, urgent=False)
    waiting = [asyncio.create_task(lines.enter(1, urgent=False)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    assert not await lines.enter(1, urgent=False)
    urgent = [asyncio.create_task(lines.enter(1, urgent=True)) for _ in range(RESERVE)]
    await asyncio.sleep(0)
    assert not await lines.enter(1, urgent=True)
    assert lines.tell(1)
    assert not lines.tell(1)
    others = [asyncio.create_task(lines.enter(2 + n, urgent=False)) for n in range(MOST_CHATS)]
    await asyncio.sleep(0)
    assert sum(task.done() for task in others) == MOST_CHATS - 1
    for number, task in enumerate(others):
        assert await task
        lines.leave(2 + number)
    for task in (*waiting, *urgent):
        lines.leave(1)
        assert await task
    lines.leave(1)
    assert len(lines) == 0


async def test_the_pace_is_kept_in_each_chat_and_over_all() -> None:
    now = 1_000.0
    pace = Pace(clock=lambda: now)
    left: list[tuple[float, int]] = []
    waiting = [(number, chat) for number in range(6) for chat in range(40)]
    while waiting:
        for one in list(waiting):
            if not pace.wait(one[1], message=True):
                left.append((now, one[1]))
                waiting.remove(one)
        now += 0.01
    times = [time for time, _ in left]
    for start in times:
        assert sum(start <= time < start + 1 for time in times) <= 32
    for chat in range(40):
        own = [time for time, one in left if one == chat]
        for start in own:
            assert sum(start <= time < start + 1 for time in own) <= CHAT_BURST + 1
            assert sum(start <= time < start + 5 for time in own) <= CHAT_BURST + 5


async def test_a_refused_chat_waits_alone_and_two_make_everybody_wait() -> None:
    now = 0.0
    pace = Pace(clock=lambda: now)
    pace.refused(1, 30, message=True)
    assert pace.wait(1, message=True) == 30
    assert pace.wait(1, message=False) == 0
    now = 1.0
    assert pace.wait(2, message=True) == 0
    pace.refused(2, 20, message=True)
    now = 2.0
    assert pace.wait(3, message=False) == 19
    now = 21.0
    assert pace.wait(3, message=True) == 0
    now = 22.0
    assert pace.wait(1, message=True) == 8
    pace.went_well()
    pace.refused(3, 5, message=True)
    assert pace.wait(4, message=True) == 0


async def _taken(lines: Lines, chat: int, *, urgent: bool = False, ago: float = 0.0) -> bool:
    entered = await lines.enter(chat, urgent=urgent, ago=ago)
    if entered:
        lines.leave(chat)
    return entered


async def test_while_everybody_floods_each_may_send_less_and_a_cry_is_heard() -> None:
    now = 1_000.0
    lines = Lines(clock=lambda: now)
    flood = [await _taken(lines, chat) for _ in range(CROWDED_BURST + 5) for chat in range(300)]
    assert 0 < flood.count(False) <= 5 * 300
    assert not await _taken(lines, 1)
    assert await _taken(lines, 1, urgent=True)
    assert await _taken(lines, 999)
    now += 60
    assert all([await _taken(lines, 2) for _ in range(CROWDED_BURST + 5)])


async def test_what_was_written_hours_apart_while_telegram_was_away_is_no_flood() -> None:
    now = 100_000.0
    lines = Lines(clock=lambda: now)
    hours = [hour * 3_600.0 for hour in range(20, 0, -1)]
    assert all([await _taken(lines, 1, ago=ago) for ago in hours for _ in range(BURST)])
    for chat in range(2, 100):
        heard = [await _taken(lines, chat, ago=3_600.0) for _ in range(BURST + 1)]
        assert heard.count(False) == 1


async def test_what_waited_is_heard_also_after_a_button_whose_time_nobody_knows() -> None:
    now = 100_000.0
    lines = Lines(clock=lambda: now)
    assert await _taken(lines, 1, ago=21_000.0)
    assert await _taken(lines, 1, ago=0.0)  # a button
    assert await _taken(lines, 1, ago=20_000.0)
