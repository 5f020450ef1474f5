"""The whole service: what a turn says of a chat is kept with the turn, and leaving is kept too."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import LEAVE, Address, Heard, Incoming, Opened, Pressed
from bot.clearing import Clearing
from tests.footprints.chats import Chats
from tests.footprints.conftest import BOT, CHANNEL, SetClock
from tests.trials.programs import make_service, session_of

ANN, BEN = b"700000001", b"700000002"


@pytest.fixture
async def service(tmp_path: Path, clock: SetClock) -> AsyncIterator[Service]:
    service = make_service(tmp_path / "data", clock)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
def clearing(service: Service) -> Clearing:
    return Clearing(service.footprints, service.writer.hand_in, CHANNEL, BOT, clear_hours=24)


async def say(service: Service, clearing: Clearing, chat: bytes, heard: Heard, number: int) -> None:
    """As the channel does: the person's message is noted together with their turn."""
    address = Address(CHANNEL, BOT, chat)
    await asyncio.gather(
        clearing.note(chat, [number]),
        service.take(Incoming(address, heard, once=str(number), push=True)),
    )


async def test_who_leaves_has_their_messages_deleted_though_the_channel_dies_at_that_moment(
    service: Service, clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    for chat in (ANN, BEN):
        await say(service, clearing, chat, Opened(), *chats.send(chat, 1))
        await clearing.note(chat, chats.send(chat, 2))
    await say(service, clearing, ANN, Pressed(LEAVE, ""), *chats.send(ANN, 3))
    assert session_of(service, Address(CHANNEL, BOT, ANN)) is None
    clock.wait(minutes=3)
    await clearing.sweep(chats)
    assert (chats.left(ANN), chats.left(BEN)) == ([], [1, 2])


async def test_a_session_is_forgotten_at_once_and_its_messages_are_still_known(
    service: Service, clearing: Clearing, chats: Chats
) -> None:
    await say(service, clearing, ANN, Opened(), *chats.send(ANN, 1))
    await say(service, clearing, ANN, Pressed(LEAVE, ""), *chats.send(ANN, 2))
    stats = service.store.stats()
    assert (stats.sessions, stats.footprints) == (0, 1)
    assert await clearing.of(ANN) == [1, 2]
    erased = await clearing.erase(ANN, chats)
    assert (erased.removed, erased.too_old, erased.later) == (2, 0, 0)
    assert service.store.stats().footprints == 0


async def test_who_comes_back_after_leaving_keeps_what_is_said_from_then_on(
    service: Service, clearing: Clearing, chats: Chats, clock: SetClock
) -> None:
    await say(service, clearing, ANN, Opened(), *chats.send(ANN, 1))
    await say(service, clearing, ANN, Pressed(LEAVE, ""), *chats.send(ANN, 2))
    await say(service, clearing, ANN, Opened(), *chats.send(ANN, 3))
    clock.wait(minutes=3)
    await clearing.sweep(chats)
    assert chats.left(ANN) == [3]
