"""Of all that waits to be sent, what answers a cry leaves first, on either database, and after a
restart too; what was said to the same person before it leaves before it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Pressed, Words
from bot.pump import Pump
from bot.settings import Settings
from tests.postgres import fresh

CRY = "I want to kill myself"
PEOPLE = 300
"""More than are looked at before the first of them is sent."""


@pytest.fixture(params=["files", "a server"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    known = {"data": tmp_path, "key_ring": tmp_path / "keys"}
    if request.param == "files":
        yield Settings.model_validate(known)
        return
    for database in fresh():
        yield Settings.model_validate({**known, "database": database})


def person(number: int) -> Address:
    return Address("push", "trial", str(7_000_000_000 + number).encode())


async def test_what_answers_a_cry_leaves_before_what_hundreds_wait_for(settings: Settings) -> None:
    service = Service(settings, demo=True)
    await service.start()
    crying, leaving = person(PEOPLE), person(PEOPLE + 1)
    for who in (crying, *map(person, range(PEOPLE)), leaving):
        await service.take(Incoming(who, Words("menu"), push=True))
    await service.take(Incoming(crying, Words(CRY), push=True))
    await service.take(Incoming(crying, Words("back"), push=True))
    await service.take(Incoming(leaving, Pressed("!leave", ""), push=True))
    await service.stop()

    service = Service(settings, demo=True)
    await service.start()
    sent: list[tuple[Address, Outgoing]] = []

    async def deliver(address: Address, outgoing: Outgoing) -> None:
        sent.append((address, outgoing))

    turns = service.turns
    pump = Pump(*(service.store, turns.vault, service.wording, turns.clock, deliver), at_once=1)
    assert await pump.send_waiting() == PEOPLE + 4
    order = [address for address, _ in sent]
    # A few leave while it looks through the rest for the first time.
    assert order.index(leaving) < len(("looks", "at", "all", "of", "it"))
    own = [outgoing.mark for address, outgoing in sent if address == crying]
    assert own == ["1", "2", "3"]
    assert [number for number, address in enumerate(order) if address == crying][1] < 8
    assert order.count(leaving) == 1
    # What they said after their cry is no cry: it leaves when it is its turn.
    assert order[-2:] == [person(PEOPLE - 1), crying]
    assert service.store.pending() == []
    await service.stop()
