"""A thousand accounts write fifty times a minute each: a cry for help is heard all the same.

Telegram brings everything over the connections that it has, the flood and the others alike. What is
kept is bounded, and no account and no address is written down anywhere.
"""

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.telegram_pace import ALL_SECONDS
from bot.channels.telegram_request import Token
from bot.channels.telegram_webhook import path_of, secret_of
from tests.botapi import BotApi, Chat, Update
from tests.canary import find
from tests.trial import WHOLE, seed, size
from tests.trials_faults.running import bot_of, serving
from tests.trials_faults.standing import Standing

pytestmark = pytest.mark.timeout(1_800 if WHOLE else 120)
CONNECTIONS = 100
"""The most that Telegram opens to one bot."""
EACH = 50
"""Messages a minute of each account."""
MANY = 500
SHARE = 0.8
"""Of what this machine takes: a slower one is flooded less, and the figures say so."""
MOST_SECONDS = 3.0
CRY = "I want to kill myself"
FLOOD = ("hello", "menu", "I need a doctor", "back", "spam spam spam", "languages")


@asynccontextmanager
async def at(telegram: BotApi, folder: Path) -> AsyncIterator[str]:
    """Where a service is: the whole program, or its parts in this process."""
    if WHOLE:
        async with serving(folder, **bot_of(telegram, "webhook")) as program:
            yield program.url
        return
    standing = Standing(telegram, folder)
    await standing.start()
    yield standing.url.rstrip("/")
    await standing.stop()


class Telegram:
    """Brings updates over a bounded number of connections, in the order in which they come."""

    def __init__(self, api: BotApi, url: str) -> None:
        token = Token(api.token)
        api.webhook.set({"url": f"{url}{path_of(token)}", "secret_token": secret_of(token)})
        api.updates.hold()
        self._api, self._free = api, asyncio.Semaphore(CONNECTIONS)
        self.refused = 0

    async def bring(self, update: Update) -> None:
        """Until it is taken."""
        async with self._free:
            while await self._api.replay(update, 1) != [200]:
                self.refused += 1
                await asyncio.sleep(0.5)

    async def a_second(self, chats: list[Chat]) -> float:
        """How many updates are taken a second when each of these writes one, all at once."""
        began = time.monotonic()
        await asyncio.gather(*(self.bring(chat.say("hello")) for chat in chats))
        return len(chats) / (time.monotonic() - began)


def p95(waits: list[float]) -> float:
    """What nineteen of twenty waited at most."""
    return sorted(waits)[math.ceil(len(waits) * 0.95) - 1]


async def test_in_a_flood_of_accounts_a_cry_is_answered_within_seconds_and_no_id_is_kept(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    accounts, seconds = size(few=20, whole=1_000), size(few=3, whole=60)
    honest = size(few=6, whole=40)
    chance = random.Random(seed())
    async with BotApi() as api, at(api, tmp_path) as url:
        telegram = Telegram(api, url)
        flooding = [api.chat() for _ in range(accounts)]
        crying = [api.chat() for _ in range(honest)]
        most = 0.0
        for _ in range(size(few=1, whole=3)):
            most = await telegram.a_second(flooding[:MANY])
        rate = min(accounts * EACH / 60, most * SHARE)
        under_way: set[asyncio.Task[None]] = set()
        waits: list[float] = []
        brought = 0

        async def cries(chat: Chat) -> None:
            await asyncio.sleep(chance.uniform(0.3, 0.9) * seconds)
            began = time.monotonic()
            await telegram.bring(chat.say(CRY))
            await api.bell.until(
                lambda: any("112" in one.text for one in chat.from_bot), "an answer", seconds=300
            )
            waits.append(time.monotonic() - began)

        heard = asyncio.gather(*map(cries, crying))
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            while brought < passed * rate:
                update = chance.choice(flooding).say(chance.choice(FLOOD))
                task = asyncio.create_task(telegram.bring(update))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                brought += 1
            await asyncio.sleep(0.02)
        late = len(under_way)
        await heard
        await asyncio.gather(*under_way)
        record_property("wanted_a_second", round(accounts * EACH / 60))
        record_property("this_machine_takes_a_second", round(most))
        record_property("brought_a_second", round(brought / seconds))
        record_property("not_yet_taken_at_the_end", late)
        record_property("refused_for_now", telegram.refused)
        record_property("p95_seconds_of_a_cry", round(p95(waits), 2))
        record_property("seconds_of_two_messages_at_telegrams_pace", round(2 * ALL_SECONDS, 2))
        assert len(waits) == honest
        assert p95(waits) < MOST_SECONDS
    ids = [chat.id for chat in (*flooding, *crying)]
    names = [word for chat in crying for word in (chat.username, chat.first_name)]
    assert find([tmp_path], [*ids, *names]) == []
