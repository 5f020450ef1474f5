"""A process that stood still with a reply in its hands: another may have answered meanwhile."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import pump
from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Pressed, Words
from bot.pump import Pump
from tests.trials.programs import make_service

WHO = Address("push", "trial", b"1")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = make_service(tmp_path / "data")
    await service.start()
    yield service
    await service.stop()


async def sent_of(service: Service, *said: Words | Pressed) -> list[str]:
    """The marks of the replies that left, where all were taken before the first could leave."""
    sent: list[str] = []

    async def deliver(_: Address, outgoing: Outgoing) -> None:
        sent.append("farewell" if outgoing.forgotten else outgoing.mark)

    for number, heard in enumerate(said):
        await service.take(Incoming(WHO, heard, once=str(number), push=True))
    turns = service.turns
    sending = Pump(service.store, turns.vault, service.wording, time.time, deliver)
    await sending.send_waiting()
    return sent


async def test_replies_that_wait_leave_one_after_another(service: Service) -> None:
    assert await sent_of(service, Words("yes"), Words("menu")) == ["1", "2"]


async def test_after_a_stand_still_a_reply_is_left_out_when_there_is_a_newer_one(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "MOST_STILL_SECONDS", -1.0)
    assert await sent_of(service, Words("yes"), Words("menu"), Words("hm")) == ["3"]


async def test_after_a_stand_still_an_answer_to_a_cry_for_help_leaves_all_the_same(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "MOST_STILL_SECONDS", -1.0)
    said = (Words("yes"), Words("he will kill me"), Words("menu"))
    assert await sent_of(service, *said) == ["2", "3"]


async def test_after_a_stand_still_whoever_left_is_told_so_and_nothing_else(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pump, "MOST_STILL_SECONDS", -1.0)
    assert await sent_of(service, Words("yes"), Pressed("!leave", "1")) == ["farewell"]
