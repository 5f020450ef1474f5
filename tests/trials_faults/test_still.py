"""A database that neither answers nor hangs up: nobody waits for long, and nothing is lost."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.channels.contract import Address, Incoming, Unavailable, Words
from bot.tasks import Answer, Task
from bot.writer import Writer

STILL = 0.3
"""Seconds after which nobody waits any more; eight outside."""


class Frozen:
    """What takes groups, and stands still over each until it is let go."""

    def __init__(self) -> None:
        self.go, self.kept = threading.Event(), list[Task]()

    def take(self, tasks: Sequence[Task]) -> list[Answer]:
        self.go.wait()
        self.kept.extend(tasks)
        return [Answer(None) for _ in tasks]


async def test_over_a_database_that_stands_still_everybody_is_told_and_then_it_goes_on() -> None:
    frozen = Frozen()
    writer = Writer(frozen.take, still_seconds=STILL)
    writer.start()
    said = [
        Incoming(Address("push", "trial", str(number).encode()), Words("hello"))
        for number in range(100)
    ]
    told = await asyncio.gather(*map(writer.hand_in, said), return_exceptions=True)
    assert {type(one) for one in told} == {Unavailable}
    with pytest.raises(Unavailable):
        await writer.hand_in(said[0])
    frozen.go.set()
    await asyncio.to_thread(_kept, frozen, len(said))
    assert await writer.hand_in(said[0]) == Answer(None)
    # What was under way is kept, once each; who was told of the fault while it stood still is not.
    assert frozen.kept == [*said, said[0]]
    await writer.stop()


def _kept(frozen: Frozen, count: int) -> None:
    waited = threading.Event()
    while len(frozen.kept) < count:
        waited.wait(0.01)
