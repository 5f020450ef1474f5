"""What the machine says of itself: what is memory, which run this is, how its clock was set."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.vault import KeyRing, files

Opened = Callable[..., KeyRing]


@pytest.mark.parametrize(
    ("mounts", "is_memory"),
    [
        ("22 1 8:1 / / rw - ext4 /dev/a rw\n", False),
        ("22 1 8:1 / / rw - tmpfs tmpfs rw\n", True),
        ("22 1 8:1 / / rw - ext4 /dev/a rw\n23 22 0:4 / {place} rw a:1 - ramfs none rw\n", True),
        ("23 22 0:4 / {place} rw - tmpfs none rw\n22 1 8:1 / / rw - ext4 /dev/a rw\n", True),
        ("22 1 8:1 / / rw - tmpfs a rw\n23 22 8:2 / {place} rw - ext4 /dev/b rw\n", False),
        ("22 1 8:1 / {place} rw - tmpfs a rw\n23 22 8:2 / {place} rw - xfs /dev/b rw\n", False),
        ("22 1 8:1 / / rw - ext4 /dev/a rw\n23 22 0:4 / {place}/deeper rw - tmpfs a rw\n", False),
        ("", False),
    ],
)
def test_a_place_is_in_memory_when_the_nearest_file_system_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, is_memory: bool
) -> None:
    place = tmp_path / "a place with spaces"
    written = str(place).replace(" ", "\\040")
    (tmp_path / "mounts").write_text(mounts.replace("{place}", written))
    monkeypatch.setattr(files, "_MOUNTS", tmp_path / "mounts")
    assert files.in_memory(place) is is_memory
    assert files.in_memory(place / "below") is is_memory


def test_the_system_tells_its_own_memory_from_a_disk() -> None:
    assert files.in_memory(Path("/proc")) is False
    shared = Path("/dev/shm")
    if shared.is_dir() and "tmpfs" in Path("/proc/mounts").read_text():
        assert files.in_memory(shared) is (f"{shared} tmpfs" in Path("/proc/mounts").read_text())


def test_a_clock_that_was_set_is_told_by_how_much_until_the_machine_starts_anew(
    opened: Opened, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    (tmp_path / "boot").write_text("one\n")
    monkeypatch.setattr(files, "_BOOT", tmp_path / "boot")
    assert files.clock_jump(place, 9_000, 10) == 0
    files.note_clock(place, 1_000_000, 100)
    assert (place / "clock").read_text() == "one 1000000 100\n"
    assert stat.S_IMODE((place / "clock").stat().st_mode) == 0o600
    for wall, steady, jump in (
        (1_000_050, 150, 0),
        (1_003_650, 150, 3_600),
        (996_450, 150, -3_600),
    ):
        assert files.clock_jump(place, wall, steady) == jump
        files.note_clock(place, wall, steady)
    (tmp_path / "boot").write_text("two\n")
    assert files.clock_jump(place, 5_000_000, 20) == 0
    files.note_clock(place, 5_000_000, 20)
    assert files.clock_jump(place, 5_000_010, 25) == 5
    for said in (b"", b"two", b"two soon 20", b"two 5 later", b"\xff 5 20", b"two 1 2 3"):
        (place / "clock").write_bytes(said)
        assert files.clock_jump(place, 5_000_000, 20) == 0


def test_a_run_of_a_machine_has_a_name_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert files.boot() == Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    monkeypatch.setattr(files, "_BOOT", tmp_path / "nothing")
    assert files.boot() == os.uname().nodename
