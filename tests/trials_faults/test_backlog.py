"""Telegram was away for most of a day, and then brings all that people wrote meanwhile.

Nothing is lost, whoever cried for help or wants to leave comes before the rest, and a button that
was pressed yesterday shows where the person is now.
"""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.telegram_pace import ALL_SECONDS
from bot.channels.telegram_sending import Patience
from bot.cli.telegram_link import Times
from tests.botapi import BotApi, Chat, Fault
from tests.botapi.server import Call
from tests.telegram.running import Running
from tests.trial import WHOLE, seed, size

pytestmark = pytest.mark.timeout(1_800 if WHOLE else 120)
AWAY_SECONDS = 23 * 3_600
SECONDS = 2
"""For which nothing leaves at first, so that what came together is known before anything does."""
FASTER = 5
"""How much faster than outside replies leave here; what it would take there is computed."""
CRIES = ("help", "I want to kill myself", "допоможіть")
OTHERS = ("hello", "I need a doctor", "menu")
UNDER_WAY = 8 + 3
"""Replies that may be under way before any cry is heard."""


def times(faster: float) -> Times:
    """As outside, but for the pace."""
    patience = Patience(first=0.05, every=ALL_SECONDS / faster)
    return Times(poll=1, read=20, fade=0.05, patience=patience)


def order_of(calls: list[Call]) -> list[int]:
    """The chats that were answered, in the order of their first answers."""
    sent = [int(call.params["chat_id"]) for call in calls if call.done]
    return list(dict.fromkeys(sent))


async def test_after_a_day_without_telegram_cries_are_answered_first_and_nothing_is_lost(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    faster = size(few=10, whole=FASTER)
    people, each = size(few=110, whole=5_000), size(few=1, whole=4)
    chance, away = random.Random(seed()), [float(AWAY_SECONDS)]
    async with BotApi(clock=lambda: time.time() - away[0]) as telegram:
        bot = Running(telegram, tmp_path, "polling", times=times(faster))
        await bot.start()
        known, leaves = telegram.chat(), telegram.chat()
        for chat in (known, leaves):
            chat.start()
            await chat.reply(2)
        old = known.last
        await bot.stop()
        bot.taken.clear()

        known.press("Yes", old)
        chats = [telegram.chat() for _ in range(people)]
        calm, cried = chats[: -people // 50], chats[-people // 50 :]
        for _ in range(each):
            for chat in chance.sample(calm, len(calm)):
                chat.say(chance.choice(OTHERS))
        known.press("Yes", old)
        leaves.say("stop")
        for chat in cried:
            chat.say(chance.choice(CRIES))
        brought = len(telegram.updates.waiting)

        away[0] = 0.0
        before = len(telegram.calls)
        telegram.fail("sendMessage", Fault.too_many(SECONDS), times=3)
        began, at = time.monotonic(), time.time()
        await bot.start()
        await telegram.bell.until(
            lambda: not telegram.updates.waiting, "all taken", seconds=size(few=30, whole=600)
        )
        taken = time.monotonic() - began
        await _answered(telegram, [known, *chats], seconds=size(few=30, whole=1_200))
        whole = time.monotonic() - began

        assert len(bot.taken) == brought
        answers = [one for one in telegram.calls[before:] if one.method == "sendMessage"]
        order = order_of(answers)
        last_cry = max(order.index(chat.id) for chat in cried)
        first = {chat.id for chat in (*cried, leaves)}
        overtook = [one for one in order[:last_cry] if one not in first]
        # While the backlog comes in, replies leave already; every cry overtakes the rest.
        meanwhile = max(0.0, taken - SECONDS) * faster / ALL_SECONDS
        assert len(overtook) <= UNDER_WAY + meanwhile
        await leaves.until(lambda chat: not chat.messages, "nothing is left of who wanted to leave")
        assert "That button is from an earlier message" in "\n".join(known.visible())
        assert len(telegram.called("answerCallbackQuery")) == len(("Yes", "Yes"))
        harmless = ("query is too old", "Too Many Requests")
        assert [one for one in telegram.refusals() if not any(h in one for h in harmless)] == []
        last = max(next(c.at for c in answers if c.done and _is_to(c, chat)) for chat in cried)
        figures = {
            "updates": brought,
            "lost": brought - len(bot.taken),
            "seconds_until_all_were_taken": round(taken, 1),
            "seconds_until_the_last_cry_was_answered": round(last - at, 1),
            "seconds_until_all_were_answered_here": round(whole, 1),
            "messages": len(answers),
            "seconds_of_telegrams_pace": round(len(answers) * ALL_SECONDS),
            "answered_before_the_last_cry": len(overtook),
        }
        for name, figure in figures.items():
            record_property(name, figure)
        await bot.stop()


def _is_to(call: Call, chat: Chat) -> bool:
    return int(call.params["chat_id"]) == chat.id


async def _answered(telegram: BotApi, chats: list[Chat], seconds: float) -> None:
    """Until each of them has an answer and nothing more comes."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sent = len(telegram.called("sendMessage"))
        await asyncio.sleep(1)
        if sent == len(telegram.called("sendMessage")) and all(chat.from_bot for chat in chats):
            return
    raise AssertionError(f"{sum(not chat.from_bot for chat in chats)} were not answered")
