"""Keys live for the promised time and not longer, in files that nobody else can read."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vault import (
    ClockWentBack,
    KeyRing,
    NoKey,
    Vault,
)

Opened = Callable[..., KeyRing]
DAY = 20_000


def key_file(place: Path, epoch: int = DAY) -> Path:
    return place / f"{epoch}.key"


def test_only_the_service_can_look_into_the_ring(ring: KeyRing, place: Path) -> None:
    assert place.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in place.iterdir()] == ["20000.key"]
    assert key_file(place).stat().st_mode & 0o777 == 0o600
    assert len(key_file(place).read_bytes()) == 64
    assert ring.today() == DAY


def test_each_day_has_its_own_key_and_a_restart_finds_them_again(
    opened: Opened, clock: Any, place: Path
) -> None:
    ring = opened()
    clock.wait(hours=24)
    assert ring.live() == (DAY + 1, DAY)
    first, second = ring.key(ring.live()[1]), ring.key(ring.today())
    assert first != second
    again = opened()
    assert again.live() == (DAY + 1, DAY)
    assert again.key(ring.live()[1]) == first
    assert key_file(place).read_bytes() == ring.pepper(ring.live()[1]) + first


def test_processes_that_start_together_use_the_same_key(opened: Opened) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: opened(), range(8)))
    assert len({ring.key(ring.today()) for ring in rings}) == 1


def test_a_ring_shows_nothing_of_itself(ring: KeyRing) -> None:
    shown = repr(ring) + repr(vars(ring)) + repr(Vault(ring))
    assert "bytearray" not in shown
    assert ring.key(ring.today()).hex() not in shown
    assert (repr(ring), repr(Vault(ring))) == ("KeyRing()", "Vault()")


def test_a_key_ends_the_keep_time_after_its_day_began(
    ring: KeyRing, clock: Any, place: Path, held_in_memory: Callable[[KeyRing], list[bytearray]]
) -> None:
    epoch, held = ring.today(), held_in_memory(ring)
    clock.wait(hours=59.99)
    assert ring.destroy_expired() == ()
    assert epoch in ring.live()
    clock.wait(hours=0.01)
    assert epoch not in ring.live()
    with pytest.raises(NoKey):
        ring.key(epoch)
    assert ring.destroy_expired() == (epoch,)
    assert not key_file(place).exists()
    assert len(held) == 2
    assert not any(b"".join(held))
    assert ring.destroy_expired() == ()


def test_a_key_whose_time_is_over_is_not_used_even_before_it_is_destroyed(
    opened: Opened, clock: Any, place: Path
) -> None:
    ring = opened(keep_hours=60)
    clock.wait(hours=47.99)
    assert ring.live() == (DAY + 2, DAY)
    clock.wait(hours=0.02)
    assert ring.live() == (DAY + 2,)
    assert key_file(place).exists()


def test_a_destroyed_key_is_overwritten_on_the_disk(
    ring: KeyRing, clock: Any, place: Path, tmp_path: Path
) -> None:
    os.link(key_file(place), tmp_path / "second name")
    clock.wait(hours=72)
    ring.destroy_expired()
    assert (tmp_path / "second name").read_bytes() == bytes(64)


def test_a_machine_that_was_off_destroys_what_is_due_when_it_starts(
    opened: Opened, clock: Any, place: Path
) -> None:
    opened()
    clock.wait(hours=24 * 7)
    ring = opened()
    assert ring.live() == (DAY + 7,)
    assert ring.destroy_expired() == (DAY,)
    assert sorted(file.name for file in place.iterdir()) == ["20007.key", "destroyed"]


def test_everything_can_be_destroyed_at_once(
    ring: KeyRing, clock: Any, place: Path, held_in_memory: Callable[[KeyRing], list[bytearray]]
) -> None:
    clock.wait(hours=24)
    ring.today()
    old = held_in_memory(ring)
    ring.destroy_all()
    assert list(place.iterdir()) == []
    assert len(old) == 4
    assert not any(b"".join(old))
    assert ring.live() == (DAY + 1,)
    assert any(ring.key(ring.today()))


def test_a_ring_that_is_closed_holds_no_key_in_memory_and_reads_them_again_when_asked(
    ring: KeyRing, place: Path, held_in_memory: Callable[[KeyRing], list[bytearray]]
) -> None:
    before = {file.name: file.read_bytes() for file in place.iterdir()}
    vault = Vault(ring)
    alias = vault.alias(ring.today(), "web", "guide", b"somebody")
    old = held_in_memory(ring)
    assert any(b"".join(old))
    ring.close()
    assert not any(b"".join(old))
    assert held_in_memory(ring) == []
    assert {file.name: file.read_bytes() for file in place.iterdir()} == before
    assert vault.alias(ring.today(), "web", "guide", b"somebody") == alias


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Threads take turns a thousand times as often, so that what can go wrong between them does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty_threads")
def test_a_turn_under_way_never_seals_with_a_key_that_is_being_wiped(ring: KeyRing) -> None:
    vault, over, zeros = Vault(ring), threading.Event(), []

    def destroy() -> None:
        for _ in range(1_500):
            ring.destroy_all()
        over.set()

    destroyer = threading.Thread(target=destroy)
    destroyer.start()
    while not over.is_set():
        epoch = ring.today()
        zeros += [key for key in (ring.key(epoch), ring.pepper(epoch)) if not any(key)]
        vault.seal("session", vault.alias(epoch, "web", "site", b"1"), epoch, 1, b"", b"x")
    destroyer.join()
    assert zeros == []


def test_a_clock_corrected_over_midnight_goes_on_with_the_later_day(
    ring: KeyRing, clock: Any
) -> None:
    clock.now = (DAY + 1) * 86_400 + 1.0
    assert ring.today() == DAY + 1
    clock.now -= 1_800
    assert ring.live() == (DAY + 1, DAY)
    clock.now -= 7_200
    with pytest.raises(ClockWentBack, match="Set the clock right"):
        ring.today()
    clock.now += 7_200
    assert ring.today() == DAY + 1


def test_a_clock_set_back_never_makes_a_destroyed_day_again(
    opened: Opened, ring: KeyRing, clock: Any, place: Path
) -> None:
    clock.wait(hours=24 * 30)
    assert ring.destroy_expired() == (DAY,)
    key_file(place, DAY + 30).unlink(missing_ok=True)
    clock.wait(hours=-24 * 30)
    with pytest.raises(ClockWentBack):
        opened()
    assert not key_file(place).exists()
    clock.wait(hours=24)
    assert opened().live() == (DAY + 1,)


@settings(deadline=None)
@given(
    keep=st.integers(24, 200),
    start=st.floats(0, 24, exclude_max=True),
    waits=st.lists(st.floats(0, 40), min_size=1, max_size=8),
)
def test_nothing_opens_when_the_keep_time_is_over_and_all_opens_before_its_day_is_due(
    tmp_path_factory: pytest.TempPathFactory, keep: int, start: float, waits: list[float]
) -> None:
    now = [DAY * 86_400 + start * 3_600]
    ring = KeyRing.open(tmp_path_factory.mktemp("keep") / "ring", lambda: now[0], keep)
    said: list[tuple[float, Any]] = []
    for wait in waits:
        said.append((now[0], ring.today()))
        now[0] += wait * 3_600
        ring.destroy_expired()
        for at, epoch in said:
            if now[0] - at >= keep * 3_600:
                assert epoch not in ring.live()
            if now[0] < at // 86_400 * 86_400 + keep * 3_600:
                assert epoch in ring.live()


def test_less_than_a_day_cannot_be_promised(place: Path) -> None:
    with pytest.raises(ValueError, match="24 hours"):
        KeyRing.open(place, keep_hours=23)
    assert not place.exists()
