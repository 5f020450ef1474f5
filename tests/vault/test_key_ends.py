"""A key ends in time wherever it is: in memory alone, on the disk alone, of another process."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.vault import ClockWentBack, KeyRing, RingUnsafe, TooLong, files, is_over, sealing

Opened = Callable[..., KeyRing]
DAY = 20_000


def key_file(place: Path, epoch: int = DAY) -> Path:
    return place / f"{epoch}.key"


def test_a_day_is_the_least_that_can_be_promised(place: Path, clock: Any) -> None:
    ring = KeyRing.open(place, clock, 24)
    clock.wait(hours=11.99)
    assert ring.live() == (DAY,)
    clock.wait(hours=0.01)
    assert ring.live() == (DAY + 1,)


def test_what_a_key_was_read_into_is_wiped(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    read, buffers = files.read_key, []

    def remembered(*where: Any) -> bytearray:
        buffers.append(read(*where))
        assert any(buffers[-1])
        return buffers[-1]

    monkeypatch.setattr(files, "read_key", remembered)
    opened()
    opened()
    assert [bytes(buffer) for buffer in buffers] == [bytes(64)] * 2


def test_a_key_whose_file_is_lost_still_ends_in_time(
    ring: KeyRing, clock: Any, place: Path, held_in_memory: Callable[[KeyRing], list[bytearray]]
) -> None:
    held = held_in_memory(ring)
    key_file(place).unlink()
    clock.wait(hours=72)
    assert ring.destroy_expired() == (DAY,)
    assert not any(b"".join(held))
    ring.today()
    held = held_in_memory(ring)
    key_file(place, DAY + 3).unlink()
    ring.destroy_all()
    assert not any(b"".join(held))


def test_keys_of_other_processes_and_past_days_are_destroyed_as_well(
    opened: Opened, clock: Any, place: Path
) -> None:
    opened()
    clock.wait(hours=72)
    ring = opened()
    assert ring.live() == (DAY + 3,)
    assert key_file(place).exists()
    ring.destroy_all()
    assert list(place.iterdir()) == []


def test_of_several_days_that_are_over_the_last_is_remembered(
    ring: KeyRing, clock: Any, place: Path
) -> None:
    clock.wait(hours=24)
    ring.today()
    clock.wait(hours=24 * 10)
    assert ring.destroy_expired() == (DAY, DAY + 1)
    assert (place / "destroyed").read_bytes() == b"20001\n"
    ring.destroy_all()
    clock.wait(hours=-24 * 10)
    with pytest.raises(ClockWentBack) as told:
        ring.today()
    assert told.value.path == place
    assert told.value.mend.startswith("Set the clock right")


def test_a_ring_that_others_could_write_to_destroys_nothing_by_their_leave(
    ring: KeyRing, clock: Any, place: Path
) -> None:
    place.chmod(0o777)
    clock.wait(hours=72)
    for destroy in (ring.destroy_expired, ring.destroy_all):
        with pytest.raises(RingUnsafe):
            destroy()
    assert key_file(place).exists()
    place.chmod(0o700)
    assert ring.destroy_expired() == (DAY,)


@pytest.mark.parametrize(
    ("table", "alias", "epoch", "sequence"),
    [
        ("t" * 256, b"a", 1, 1),
        ("t", b"a" * 256, 1, 1),
        ("t", b"a", -1, 1),
        ("t", b"a", 1 << 32, 1),
        ("t", b"a", 1, -1),
        ("t", b"a", 1, 1 << 64),
    ],
)
def test_a_place_that_has_no_bytes_of_its_own_is_refused(
    table: str, alias: bytes, epoch: int, sequence: int
) -> None:
    with pytest.raises(ValueError, match="out of range"):
        sealing.place(table, alias, epoch, sequence)


@pytest.mark.parametrize(
    ("length", "stored"),
    [
        *((0, 605), (508, 605), (509, 1117), (1020, 1117), (1021, 2141), (2044, 2141)),
        *((2045, 4189), (4092, 4189), (4093, 8285), (8188, 8285)),
    ],
)
def test_a_stored_column_shows_one_of_five_lengths(length: int, stored: int) -> None:
    where = sealing.place("session", b"a" * 16, DAY, 1)
    sealed = sealing.seal(bytes(32), b"", where, bytes(length))
    assert len(sealed) == stored
    assert sealing.unseal(bytes(32), b"", where, sealed) == bytes(length)


def test_one_byte_more_than_the_largest_size_holds_is_too_much() -> None:
    where = sealing.place("session", b"a" * 16, DAY, 1)
    with pytest.raises(TooLong, match="More than 8188 bytes"):
        sealing.seal(bytes(32), b"", where, bytes(8_189))


def test_keys_are_kept_for_three_days_when_nobody_says_otherwise(place: Path, clock: Any) -> None:
    ring = KeyRing.open(place, clock)
    clock.now = (DAY + 3) * 86_400 - 1
    assert DAY in ring.live()
    clock.now += 1
    assert DAY not in ring.live()


def test_a_clock_may_be_an_hour_back_over_midnight_and_not_a_second_more(
    ring: KeyRing, clock: Any
) -> None:
    midnight = (DAY + 1) * 86_400
    clock.now = midnight + 1
    ring.today()
    clock.now = midnight - 3_600
    assert ring.today() == DAY + 1
    clock.now -= 0.5
    with pytest.raises(ClockWentBack):
        ring.today()


def test_before_any_day_was_over_none_is_remembered(ring: KeyRing, place: Path) -> None:
    assert files.read_mark(place) == -1


@pytest.mark.parametrize("length", [0, 10, 64, 200])
def test_whatever_is_left_of_a_key_is_overwritten_whole(
    ring: KeyRing, place: Path, tmp_path: Path, length: int
) -> None:
    (place / "19990.gone").write_bytes(b"x" * length)
    (tmp_path / "second name").hardlink_to(place / "19990.gone")
    ring.destroy_expired()
    assert not (place / "19990.gone").exists()
    assert (tmp_path / "second name").read_bytes() == bytes(max(length, 64))


def test_a_link_in_the_place_of_a_key_that_is_to_go_is_not_followed(
    ring: KeyRing, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "of somebody else").write_bytes(b"not ours")
    (place / "19990.gone").symlink_to(tmp_path / "of somebody else")
    with pytest.raises(RingUnsafe, match="symbolic link"):
        ring.destroy_expired()
    assert (tmp_path / "of somebody else").read_bytes() == b"not ours"


def test_a_key_can_be_read_again_whatever_mask_the_program_has(
    ring: KeyRing, clock: Any, place: Path
) -> None:
    clock.wait(hours=24)
    before = os.umask(0o777)
    try:
        ring.today()
    finally:
        os.umask(before)
    assert key_file(place, DAY + 1).stat().st_mode & 0o777 == 0o600


def test_a_row_whose_key_is_due_to_be_gone_or_not_here_yet_need_not_open() -> None:
    assert is_over(19_996, today=20_000, oldest=19_997)
    assert is_over(20_001, today=20_000, oldest=19_997)
    assert not is_over(20_000, today=20_000, oldest=19_997)
    assert not is_over(20_002, today=20_000, oldest=19_997)
    assert not is_over("20000", today=20_000, oldest=19_997)
