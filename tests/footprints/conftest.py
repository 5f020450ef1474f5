"""The real store, key ring and writer with a clock that a test sets, and chats to delete in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.clearing import Clearing
from bot.footprints import Footprints
from bot.storage import Store
from bot.tasks import Answer, Noted, Task
from bot.vault import KeyRing, Vault
from bot.writer import Writer
from tests.footprints.chats import HOUR, Chats

NOON = 20_000 * 86_400 + 43_200
CHANNEL, BOT = "telegram", "4242"


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def wait(self, *, hours: float = 0, minutes: float = 0) -> None:
        self.now += hours * HOUR + minutes * 60


@dataclass
class Parts:
    """What a start of the service builds."""

    ring: KeyRing
    store: Store
    footprints: Footprints
    clearing: Clearing

    def tidy(self) -> None:
        """What the service does by itself every ten minutes."""
        self.ring.destroy_expired()
        self.store.sweep(self.ring.live())


@asynccontextmanager
async def started(
    folder: Path, clock: SetClock, *, clear_hours: int = 24, keep_hours: int = 72, bot: str = BOT
) -> AsyncIterator[Parts]:
    """The parts on what is in that folder, as after a restart."""
    ring = KeyRing.open(folder / "keys", clock, keep_hours)
    store = Store.open(folder / "data" / "quietline.db")
    footprints = Footprints(store, Vault(ring), ring.live, clock)

    def take(tasks: "list[Task]") -> list[Answer]:
        with store.group() as group:
            footprints.write(group, [task for task in tasks if isinstance(task, Noted)])
        return [Answer(None) for _ in tasks]

    writer = Writer(take)  # type: ignore[arg-type]  # it gives lists
    writer.start()
    parts = Parts(
        ring, store, footprints, Clearing(footprints, writer.hand_in, CHANNEL, bot, clear_hours)
    )
    parts.tidy()
    yield parts
    await writer.stop()
    store.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def chats(clock: SetClock) -> Chats:
    return Chats(clock)


@pytest.fixture
async def parts(tmp_path: Path, clock: SetClock) -> AsyncIterator[Parts]:
    async with started(tmp_path, clock) as parts:
        yield parts


@pytest.fixture
def clearing(parts: Parts) -> Clearing:
    return parts.clearing
