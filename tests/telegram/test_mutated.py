"""Whatever arrives as an update: no crash, nothing brought again for ever, nothing that grows."""

import asyncio
import copy
import json
import os
import random
import resource
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.channels.telegram_reading import read, read_body
from tests.botapi import BotApi
from tests.often import often
from tests.telegram.running import Running

ROUNDS = int(os.environ.get("QUIETLINE_FUZZ", often(5_000)))
MOST_GROWTH = 64 * 1024
"""KiB that the process may grow by after the first fifth, however many updates come."""
AT_THE_DOOR = 5
"""One of so many goes the whole way, over HTTP; the others are read alone."""
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, -(2**63), 10**30, 1.5, 1e308),
    *("", " ", "\x00", "\ud800", "\u202e", "🙂" * 3000, "x" * 70000, "private", "/start", "kicked"),
    *([], {}, [[]], [None], {"id": 1}, {"type": "private"}, [[[[[[[[[[]]]]]]]]]]),
)


PERSON = 5_200_000_001


def seeds() -> list[dict[str, Any]]:
    """One update of each kind, as Telegram sends them."""
    person = {"id": PERSON, "is_bot": False, "first_name": "A", "language_code": "uk"}
    chat = {"id": PERSON, "type": "private", "first_name": "A"}
    message = {"message_id": 7, "from": person, "chat": chat, "date": 1_795_000_000}
    query = {"id": "99", "from": person, "message": message, "data": "v1:AAAAAAAA:1:yes"}
    member = {"user": person, "status": "kicked"}
    return [
        {"update_id": 1, "message": message | {"text": "help"}},
        {"update_id": 2, "message": message | {"voice": {"file_id": "x"}, "caption": "sos"}},
        {"update_id": 3, "callback_query": query},
        {"update_id": 4, "my_chat_member": {"chat": chat, "new_chat_member": member}},
    ]


def places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Every place in an update: what holds it, and by which name."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        found.append((value, key))
        places(inner, found)
    return found


def mutated(chance: random.Random) -> bytes:
    """A real update with something wrong in it."""
    update = copy.deepcopy(chance.choice(seeds()))
    update["update_id"] = chance.randrange(1, 2**31)
    for holder, key in places(update, []):
        if holder[key] == PERSON:
            holder[key] = PERSON + chance.randrange(300)
            break
    for _ in range(chance.randrange(1, 4)):
        holder, key = chance.choice(places(update, []))
        wrong: Callable[[], None] = chance.choice(
            [
                lambda: holder.pop(key, None),  # noqa: B023 - called at once
                lambda: holder.update({key: chance.choice(ODD)}),  # noqa: B023
                lambda: holder.update({key: [holder.get(key)]}),  # noqa: B023
            ]
        )
        wrong()
        if not update:
            break
    body = json.dumps(update).encode()
    if chance.random() < 0.2:
        at = chance.randrange(len(body))
        body = chance.choice(
            [body[:at], body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]]
        )
    return body


@pytest.mark.parametrize("mode", ["webhook"])
@pytest.mark.timeout(1800)
async def test_mutated_updates_are_all_taken_and_the_next_person_is_heard(
    telegram: BotApi, bot: Running
) -> None:
    chance = random.Random(20_261_122)
    before = 0
    for number in range(ROUNDS):
        if number == ROUNDS // 5:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        body = mutated(chance)
        arrival = read_body(body)
        assert arrival is None or arrival.chat > 0
        if number % AT_THE_DOOR == 0:
            assert await telegram.webhook.post(body) in ({200} if len(body) < 65_536 else {413})
    # Our own Bot API server remembers each delivery in the same process: that is some of it.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH
    chat = telegram.chat()
    chat.say("help")
    await chat.sees("112")
    assert bot.link is not None
    assert len(bot.link.channel.lines) == 0


@pytest.mark.parametrize("mode", ["polling"])
async def test_a_batch_with_one_broken_update_loses_no_other(
    telegram: BotApi, bot: Running
) -> None:
    chat = telegram.chat()
    telegram.updates.hold()
    for wrong in ODD:
        telegram.updates.add_raw({"message": wrong})
        telegram.updates.add_raw({"callback_query": {"id": wrong, "message": wrong}})
    chat.say("help")
    telegram.updates.release()
    await chat.sees("112")
    await telegram.taken()


@pytest.mark.parametrize("update", ODD)
def test_what_is_no_update_is_nobodys(update: Any) -> None:
    assert read(update) is None
    assert read({"update_id": update, "message": {"text": "x"}}) is None


@pytest.mark.parametrize("mode", ["webhook"])
@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (b"{}", "wrong", 403),
        (b"{}", "", 403),
        (b"x" * 65_537, None, 413),
        (b"[" * 60_000, None, 200),
        (b"", None, 200),
        (b"\xff\xfe", None, 200),
    ],
)
async def test_the_webhook_takes_only_what_telegram_sends_and_never_asks_for_it_again(
    telegram: BotApi, bot: Running, body: bytes, secret: str | None, status: int
) -> None:
    assert await telegram.webhook.post(body, secret=secret) == status
    assert bot.taken == []


@pytest.mark.parametrize("mode", ["webhook"])
async def test_a_stranger_is_refused_before_anything_of_the_body_is_read(
    telegram: BotApi, bot: Running
) -> None:
    assert telegram.webhook.target is not None
    parts = urlsplit(telegram.webhook.target.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"
    writer.write(head.encode())
    assert b" 403 " in await reader.readline()
    writer.close()
