"""Numbers of updates in any order, with gaps, beginning anew anywhere: nobody's message is lost."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.contract import Words
from tests.botapi import BotApi
from tests.telegram.running import IMPATIENT, Running
from tests.trial import WHOLE, seed, size

pytestmark = pytest.mark.timeout(1_800 if WHOLE else 120)
NEW = 10
"""Questions that bring something new, at most; between the others it rests."""
STARTS = (0, 1, 7, 2**31 - 1, 2**53, 2**63 - 1, 2**63)
"""Where numbers begin after a quiet week, besides anywhere."""


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_numbers_that_begin_anew_leave_gaps_and_come_mixed_lose_no_message(
    mode: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rounds, chance = size(few=7, whole=400), random.Random(seed())
    async with BotApi() as telegram:
        bot = Running(telegram, tmp_path, mode)
        await bot.start()
        people = [telegram.chat() for _ in range(3)]
        for turn in range(rounds):
            anywhere = chance.randrange(2**63)
            telegram.updates.next_id = (*STARTS, anywhere)[turn % (len(STARTS) + 1)]
            telegram.updates.hold()
            for person in people:
                person.say(f"word {turn}")
                telegram.updates.next_id += chance.choice((0, 1, 1_000))
            telegram.updates.release(lambda held: chance.sample(held, len(held)))
            await telegram.taken()
        for person in people:
            said = [one.heard for one in bot.taken if one.address.person == str(person.id).encode()]
            assert said == [Words(f"word {turn}") for turn in range(rounds)]
        record_property("lost", rounds * len(people) - len(bot.taken))
        assert bot.link is not None
        await bot.stop()


async def test_an_update_whose_number_cannot_be_read_is_asked_for_without_haste(
    tmp_path: Path,
) -> None:
    async with BotApi() as telegram:
        bot = Running(telegram, tmp_path, "polling")
        await bot.start()
        person = telegram.chat()
        telegram.updates.add_raw({"update_id": 2**70, "message": {}})
        person.say("help")
        await person.sees("112")
        began, before = time.monotonic(), len(telegram.called("getUpdates"))
        for _ in range(3):
            person.say("menu")
            await person.reply()
        asked = len(telegram.called("getUpdates")) - before
        rest = IMPATIENT.patience.first
        assert asked <= NEW + (time.monotonic() - began) / rest
        await bot.stop()
