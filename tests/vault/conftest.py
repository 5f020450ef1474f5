"""A clock that a test can set, and a ring and a vault in a directory of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.vault import KeyRing, Vault

NOON = 20_000 * 86_400 + 43_200


@dataclass
class SetClock:
    """A clock that stands still until it is set."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now

    def wait(self, *, hours: float) -> None:
        self.now += hours * 3_600


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "ring"


@pytest.fixture
def opened(place: Path, clock: SetClock) -> Callable[..., KeyRing]:
    """Opens the ring, as each start of the service does."""

    def opened(*, keep_hours: int = 72, create: bool = True) -> KeyRing:
        return KeyRing.open(place, clock, keep_hours, create)

    return opened


@pytest.fixture
def ring(opened: Callable[..., KeyRing]) -> KeyRing:
    return opened()


@pytest.fixture
def held_in_memory() -> Callable[[KeyRing], list[bytearray]]:
    """The buffers in which a ring holds its keys, themselves and not copies."""
    return lambda ring: [
        buffer for pair in vars(ring)["_pairs"].values() for buffer in (pair.key, pair.pepper)
    ]


@pytest.fixture
def vault(ring: KeyRing) -> Vault:
    return Vault(ring)
