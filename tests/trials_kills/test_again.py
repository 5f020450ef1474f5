"""Telegram brings the same update five times at once, to different replicas: it counts once."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.channels.contract import Address
from bot.channels.telegram_contract import CHANNEL
from bot.channels.telegram_request import Token
from bot.channels.telegram_webhook import SECRET_HEADER, path_of, secret_of
from tests.botapi import BotApi
from tests.botapi.people import Chat
from tests.handing.operators import Operator
from tests.postgres import fresh
from tests.trial import seed, size
from tests.trials.programs import session_of
from tests.trials_kills.here import Here, two
from tests.trials_kills.load import SAID, mark_of

COPIES = 5


@pytest.fixture
def database() -> Iterator[str]:
    yield from fresh()


def somebody_is_on_duty(here: Here) -> bool:
    """Whether that replica knows of it."""
    assert here.service.human
    return bool(here.service.human.shifts.on_duty())


async def brought(
    http: aiohttp.ClientSession, telegram: BotApi, chat: Chat, words: str, urls: list[str]
) -> Counter[int]:
    """How the replicas answered."""
    token, update = Token(telegram.token), chat.say(words)
    body = json.dumps(update.json())
    head = {SECRET_HEADER: secret_of(token), "Content-Type": "application/json"}

    async def bring(url: str) -> int:
        async with http.post(f"{url}{path_of(token)}", data=body, headers=head) as answer:
            return answer.status

    copies = (bring(urls[number % len(urls)]) for number in range(COPIES))
    statuses = Counter(await asyncio.gather(*copies))
    telegram.updates.confirm([update])
    return statuses


@pytest.mark.timeout(300)
async def test_an_update_that_comes_five_times_at_once_to_two_replicas_counts_once(
    tmp_path: Path, database: str
) -> None:
    chance, people, messages = random.Random(seed()), size(4, 40), size(3, 50)
    async with (
        BotApi() as telegram,
        two(tmp_path, telegram, database) as replicas,
        aiohttp.ClientSession() as http,
    ):
        urls = [one.url for one in replicas]
        chats = [telegram.chat() for _ in range(people)]

        async def talk(chat: Chat) -> Counter[int]:
            found = Counter[int]()
            for _ in range(messages):
                found += await brought(http, telegram, chat, chance.choice(SAID), urls)
            return found

        statuses = sum(await asyncio.gather(*map(talk, chats)), Counter())
        assert statuses == {200: people * messages * COPIES}

        def marks(chat: Chat) -> list[int]:
            sent = (mark_of(one.params) for one in telegram.sent(chat))
            return [one for one in sent if one is not None]

        for chat in chats:
            wanted = list(range(1, messages + 1))
            await chat.until(lambda one: len(marks(one)) >= messages, f"{messages} replies")
            assert marks(chat) == wanted
            address = Address(CHANNEL, telegram.token.partition(":")[0], str(chat.id).encode())
            session = session_of(replicas[0].service, address)
            assert session
            assert session.turn == messages
        assert [one.service.store.pending() for one in replicas] == [[], []]


@pytest.mark.timeout(300)
async def test_a_wish_for_a_human_that_comes_five_times_at_once_is_one_place_in_line(
    tmp_path: Path, database: str
) -> None:
    people = size(3, 40)
    async with (
        BotApi() as telegram,
        two(tmp_path, telegram, database) as replicas,
        aiohttp.ClientSession() as http,
    ):
        operator = Operator(replicas[0].service, "s1", languages=("en",))
        chats = [telegram.chat() for _ in range(people)]
        urls = [one.url for one in replicas]
        while not all(map(somebody_is_on_duty, replicas)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        for words in ("yes", "/human", "yes"):
            await asyncio.gather(*(brought(http, telegram, one, words, urls) for one in chats))
        for here in replicas:
            assert here.service.human
            here.service.human.board.look()
            assert len(here.service.human.board.picture.chats) == people
        claimed = {operator.claim().id for _ in range(min(people, 3))}
        assert len(claimed) == min(people, 3)
