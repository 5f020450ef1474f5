"""Telegram refuses, asks to wait, hangs, cuts the line; people block the bot meanwhile.

The wait that was asked for is kept, nothing is tried in a storm, each person's answers come in
their order and once, and what waits for somebody who went away is gone.
"""

import random
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels.telegram_sending import Patience
from bot.cli.telegram_link import Times
from tests.botapi import BotApi, Chat, Fault
from tests.telegram.running import Running
from tests.trial import WHOLE, seed, size

pytestmark = pytest.mark.timeout(1_800 if WHOLE else 120)
MOODS = (
    *(Fault.too_many(1), Fault.server(500), Fault.server(503), Fault.page(502), Fault.cut()),
    *(Fault.hang(), Fault.refuse(429, "Too Many Requests"), Fault.refuse(401, "Unauthorized")),
)
SAID = ("/start", "back", "help", "menu")
READ_SECONDS = 0.2
"""How long a call that hangs is waited for here; twenty seconds outside."""


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Running]:
    async with BotApi() as telegram:
        patience = Patience(first=0.02, most=0.1, chat=0.001, every=0.001)
        running = Running(
            telegram, tmp_path, "polling", times=Times(1, READ_SECONDS, 0.05, patience=patience)
        )
        await running.start()
        yield running
        await running.stop()


def answers(chat: Chat) -> list[str]:
    """What the bot wrote there."""
    return [one.text for one in chat.from_bot]


async def test_through_all_moods_of_telegram_answers_come_in_order_and_no_call_is_a_storm(
    bot: Running, record_property: Callable[[str, object], None]
) -> None:
    telegram, chance = bot.telegram, random.Random(seed())
    calm = telegram.chat()
    for word in SAID:
        calm.say(word)
    await telegram.until(lambda: len(answers(calm)) == len(SAID) + 1, "all answers in calm")
    before = len(telegram.called("sendMessage"))
    people = [telegram.chat() for _ in range(size(few=4, whole=60))]
    faults = size(few=10, whole=600)
    for _ in range(faults):
        telegram.fail("sendMessage", chance.choice(MOODS), chat=chance.choice(people))
    for word in SAID:
        for person in people:
            person.say(word)
    for person in people:
        await telegram.bell.until(
            lambda person=person: len(answers(person)) >= len(SAID) + 1,  # type: ignore[misc]
            "all answers",
            seconds=size(few=30, whole=240),
        )
    told = [answers(person) for person in people]
    assert told == [answers(calm)] * len(people)
    calls = telegram.called("sendMessage")[before:]
    sent = sum(map(len, told))
    record_property("messages", sent)
    record_property("calls", len(calls))
    # A refusal for good is tried once more, plainly; every other fault costs one more call.
    assert len(calls) <= sent + 2 * faults
    for person in people:
        mine = [call for call in calls if str(call.params["chat_id"]) == str(person.id)]
        for refused, again in pairwise(mine):
            if refused.refused is not None and refused.refused.retry_after:
                assert again.at - refused.at >= refused.refused.retry_after


async def test_what_waits_for_somebody_who_blocked_the_bot_is_gone_and_others_are_answered(
    bot: Running,
) -> None:
    telegram, service = bot.telegram, bot.service
    assert service is not None
    gone, other = telegram.chat(), telegram.chat()
    telegram.fail("sendMessage", Fault.too_many(1), chat=gone)
    for word in SAID * 2:
        gone.say(word)
    await telegram.taken()
    assert service.store.pending()
    gone.block()
    await telegram.taken()
    other.say("help")
    await other.sees("112")
    assert service.store.pending() == []
    assert service.store.stats().sessions == 1
    tried = [one for one in telegram.called("sendMessage") if one.params["chat_id"] == str(gone.id)]
    assert len(tried) <= len(("before", "while it was blocked"))
    assert answers(gone) == []
