"""A ring that is not safe, not whole or out of reach is refused with the mend, and serves again."""

import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.vault import KeyDamaged, KeyRing, KeyRingError, RingMissing, RingUnsafe, RingUnusable

Opened = Callable[..., KeyRing]
DAY = 20_000


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """No file can grow beyond that many bytes, as on a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def key_file(place: Path, epoch: int = DAY) -> Path:
    return place / f"{epoch}.key"


def run_the_mend(error: KeyRingError) -> None:
    """What a person would paste into a shell."""
    subprocess.run(error.mend.split(": ", 1)[1], shell=True, check=True)


def opens_to_all(place: Path) -> None:
    place.chmod(0o755)


def key_for_all(place: Path) -> None:
    key_file(place).chmod(0o640)


def linked_key(place: Path) -> None:
    key_file(place).rename(place / "elsewhere")
    key_file(place).symlink_to(place / "elsewhere")


def folder_for_a_key(place: Path) -> None:
    key_file(place).unlink()
    key_file(place).mkdir(mode=0o700)


def short_key(place: Path) -> None:
    os.truncate(key_file(place), 63)


def long_key(place: Path) -> None:
    os.truncate(key_file(place), 65)


def zero_pepper(place: Path) -> None:
    key_file(place).write_bytes(bytes(32) + key_file(place).read_bytes()[32:])


def zero_key(place: Path) -> None:
    key_file(place).write_bytes(key_file(place).read_bytes()[:32] + bytes(32))


def no_day_in_the_mark(place: Path) -> None:
    (place / "destroyed").write_bytes(b"\xff yesterday")


def no_ring(place: Path) -> None:
    key_file(place).unlink()
    place.rmdir()


@pytest.mark.parametrize(
    ("harm", "error"),
    [
        (opens_to_all, RingUnsafe),
        (key_for_all, RingUnsafe),
        (linked_key, RingUnsafe),
        (folder_for_a_key, RingUnsafe),
        (short_key, KeyDamaged),
        (long_key, KeyDamaged),
        (zero_pepper, KeyDamaged),
        (zero_key, KeyDamaged),
        (no_day_in_the_mark, KeyDamaged),
        (no_ring, RingMissing),
    ],
)
def test_a_ring_that_is_not_right_is_refused_with_the_command_that_mends_it(
    opened: Opened, place: Path, harm: Callable[[Path], None], error: type[KeyRingError]
) -> None:
    opened()
    harm(place)
    with pytest.raises(error) as refused:
        opened(create=False)
    assert str(refused.value.path).startswith(str(place))
    assert str(refused.value.path) in str(refused.value)
    run_the_mend(refused.value)
    assert opened(create=False).today() == DAY


def test_a_link_or_a_file_in_place_of_the_ring_is_refused(
    opened: Opened, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    place.symlink_to(tmp_path / "real")
    with pytest.raises(RingUnsafe, match="symbolic link"):
        opened()
    place.unlink()
    place.write_text("")
    with pytest.raises(RingUnsafe, match="not a directory"):
        opened()


def test_a_ring_of_another_user_is_refused(opened: Opened, place: Path, clock: Any) -> None:
    if os.geteuid() != 0:
        # Only root can give a directory away; for everyone else one of the system will do.
        with pytest.raises(RingUnsafe, match="another user"):
            KeyRing.open("/", clock)
        return
    opened()
    os.chown(place, 65_534, 65_534)
    with pytest.raises(RingUnsafe, match="another user") as refused:
        opened()
    run_the_mend(refused.value)
    assert opened().today() == DAY


def test_a_ring_that_goes_away_is_told_at_midnight_and_serves_again_when_it_is_back(
    ring: KeyRing, clock: Any, place: Path
) -> None:
    place.rename(place.with_name("away"))
    assert ring.today() == DAY
    clock.wait(hours=24)
    with pytest.raises(RingMissing):
        ring.today()
    place.with_name("away").rename(place)
    assert ring.live() == (DAY + 1, DAY)


@pytest.mark.parametrize("room", [0, 32])
def test_a_disk_without_room_for_a_key_leaves_no_half_key_behind(
    ring: KeyRing, clock: Any, place: Path, room: int
) -> None:
    clock.wait(hours=24)
    with files_limited_to(room), pytest.raises(RingUnusable) as told:
        ring.today()
    assert told.value.mend
    assert [file.name for file in place.iterdir()] == ["20000.key"]
    assert ring.today() == DAY + 1


def test_a_key_file_that_resists_is_gone_from_memory_and_tried_again(
    ring: KeyRing, clock: Any, place: Path, held_in_memory: Callable[[KeyRing], list[bytearray]]
) -> None:
    held = held_in_memory(ring)
    folder_for_a_key(place)
    clock.wait(hours=72)
    with pytest.raises(RingUnusable, match=os.strerror(errno.EISDIR).lower()):
        ring.destroy_expired()
    assert not any(b"".join(held))
    (place / "20000.gone").rmdir()
    key_file(place).write_bytes(b"x" * 64)
    assert ring.destroy_expired() == (DAY,)


def test_what_a_crash_left_half_destroyed_or_half_written_is_cleared(
    opened: Opened, clock: Any, place: Path, tmp_path: Path
) -> None:
    ring = opened()
    (place / "19990.gone").write_bytes(b"g" * 64)
    os.link(place / "19990.gone", tmp_path / "gone")
    os.link(key_file(place), place / "abcd.new")
    ring.destroy_expired()
    assert [file.name for file in place.iterdir()] == ["20000.key"]
    assert (tmp_path / "gone").read_bytes() == bytes(64)
    assert opened().today() == DAY


def test_files_of_other_names_are_left_alone(opened: Opened, place: Path) -> None:
    opened()
    for name in ("README", "x.key", "٣.key"):
        (place / name).write_text("ours")
    ring = opened()
    ring.destroy_all()
    assert sorted(file.name for file in place.iterdir()) == ["README", "x.key", "٣.key"]
