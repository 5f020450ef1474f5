"""What is on the disk: sizes, names, modes, and what is there for good before it counts."""

import errno
import os
import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.vault import (
    Epoch,
    KeyRing,
    RingUnusable,
    SigningKeys,
    files,
)

Opened = Callable[..., KeyRing]
Happened = list[tuple[str, str]]
DAY = 20_000


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """A program that was started without a mask: what it makes is as open as it asks for."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> Happened:
    """What is asked of the system, in its order; all of it is done for real."""
    asked: Happened = []

    def told(name: str, which: int = 0) -> None:
        do = getattr(os, name)

        def tell(*parts: Any, **more: Any) -> Any:
            about = parts[which]
            if isinstance(about, int):
                about = Path(f"/proc/self/fd/{about}").readlink()
            shown = Path(about)
            asked.append((name, f"new{shown.suffix}" if shown.suffix == ".new" else shown.name))
            return do(*parts, **more)

        monkeypatch.setattr(os, name, tell)

    for name in ("fsync", "rename", "unlink", "write"):
        told(name)
    for name in ("link", "replace"):
        told(name, 1)
    return asked


def open_files() -> set[str]:
    """The numbers of the files that this process has open."""
    return {file.name for file in Path("/proc/self/fd").iterdir()}


def test_the_folder_above_a_ring_is_made_for_the_service_alone(
    tmp_path: Path, clock: Any, open_to_all: None
) -> None:
    KeyRing.open(tmp_path / "far" / "above" / "ring", clock)
    for made in (tmp_path / "far" / "above", tmp_path / "far" / "above" / "ring"):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_files_are_closed_to_others_whatever_the_mask_is(
    tmp_path: Path, clock: Any, open_to_all: None
) -> None:
    KeyRing.open(tmp_path / "ring", clock)
    keys = SigningKeys.open(tmp_path / "keys")
    keys.keep("audit.first", b"1")
    with keys.alone("audit"):
        made = [*(tmp_path / "ring").iterdir(), *(tmp_path / "keys").iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}
    assert len(made) == 5


def test_the_files_have_the_names_that_their_backups_go_by(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    keys.secret("staff")
    keys.raise_mark("ledger", 1)
    names = sorted(file.name for file in (tmp_path / "keys").iterdir())
    kept = [f"{keys.current}.sign", "current", "ledger.mark", "staff.secret"]
    assert [name for name in names if not name.endswith(".lock")] == sorted(kept)
    assert [name for name in names if name.endswith(".lock")] == ["secrets.lock"]
    assert (tmp_path / "keys" / "current").read_text().strip() == keys.current


def test_a_file_that_only_looks_like_a_key_is_none(opened: Opened, place: Path) -> None:
    opened()
    for name in ("20000", "19999.gone.key.bak", "².key"):
        (place / name).write_bytes(b"x" * 64)
    (place / "19999").write_bytes(b"x" * 64)
    ring = opened()
    assert ring.live() == (DAY,)
    ring.destroy_all()
    left = sorted(file.name for file in place.iterdir())
    assert left == sorted(["20000", "19999", "19999.gone.key.bak", "².key"])


def test_a_new_key_is_on_the_disk_before_its_name_and_its_name_before_it_is_used(
    opened: Opened, happened: Happened
) -> None:
    opened()
    assert happened == [
        ("fsync", happened[0][1]),
        ("write", "new.new"),
        ("fsync", "new.new"),
        ("link", "20000.key"),
        ("unlink", "new.new"),
        ("fsync", "ring"),
    ]


def test_a_key_that_is_due_is_marked_as_gone_renamed_overwritten_and_only_then_removed(
    ring: KeyRing, clock: Any, happened: Happened
) -> None:
    clock.wait(hours=72)
    ring.destroy_expired()
    assert happened == [
        *(("write", "new.new"), ("fsync", "new.new"), ("replace", "destroyed"), ("fsync", "ring")),
        *(("rename", "20000.key"), ("fsync", "ring")),
        *(("write", "20000.gone"), ("fsync", "20000.gone"), ("unlink", "20000.gone")),
        ("fsync", "ring"),
    ]


def test_a_key_is_gone_when_its_destroying_has_returned(ring: KeyRing, place: Path) -> None:
    files.destroy_key(place, DAY)
    assert list(place.iterdir()) == []
    files.destroy_key(place, DAY)


def test_what_is_kept_is_on_the_disk_but_a_mark_need_not_be(
    tmp_path: Path, happened: Happened
) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    lasting = [("write", "new.new"), ("fsync", "new.new"), ("replace", "one"), ("fsync", "keys")]
    happened.clear()
    keys.keep("one", b"1")
    assert happened == lasting
    happened.clear()
    keys.lower_mark("one", 1)
    assert happened == [(what, "one.mark" if name == "one" else name) for what, name in lasting]
    happened.clear()
    keys.raise_mark("one", 2)
    assert happened == [("write", "new.new"), ("replace", "one.mark")]
    happened.clear()
    keys.drop("one")
    assert happened == [("write", "one"), ("fsync", "one"), ("unlink", "one")]


def test_a_neighbour_that_clears_up_meanwhile_does_no_harm(
    ring: KeyRing, clock: Any, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def link_and_clear(*parts: Any) -> None:
        link(*parts)
        files.clear_leftovers(place)

    monkeypatch.setattr(os, "link", link_and_clear)
    clock.wait(hours=24)
    assert ring.today() == DAY + 1


def test_nothing_stays_open(tmp_path: Path, opened: Opened, clock: Any, place: Path) -> None:
    def all_of_it() -> None:
        ring = opened()
        clock.wait(hours=24)
        ring.today()
        clock.wait(hours=72)
        ring.destroy_expired()
        keys = SigningKeys.open(tmp_path / "keys")
        keys.keep("one", b"1")
        with keys.alone("one"):
            keys.raise_mark("one", 1)
        keys.drop("one")
        (place / "destroyed").chmod(0o600)
        clock.wait(hours=-96)
        place.chmod(0o700)

    all_of_it()
    before = open_files()
    clock.wait(hours=24 * 30)
    all_of_it()
    assert open_files() == before


def test_a_disk_that_is_full_closes_and_removes_what_it_began(
    ring: KeyRing, clock: Any, place: Path
) -> None:
    clock.wait(hours=24)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    open_before = open_files()
    resource.setrlimit(resource.RLIMIT_FSIZE, (32, before[1]))
    try:
        with pytest.raises(RingUnusable, match="no space left"):
            ring.today()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert open_files() == open_before
    assert [file.name for file in place.iterdir()] == ["20000.key"]


def test_a_small_file_holds_at_most_64_bytes(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    keys.keep("one", b"x" * 64)
    assert keys.kept("one") == b"x" * 64
    with pytest.raises(ValueError, match="64 bytes"):
        keys.keep("one", b"y" * 65)
    assert keys.kept("one") == b"x" * 64
    # What somebody else wrote there is not read further.
    (tmp_path / "keys" / "one").write_bytes(b"z" * 100)
    assert keys.kept("one") == b"z" * 64


def test_a_key_from_elsewhere_is_put_under_its_day_whole_and_closed_to_others(
    opened: Opened, place: Path, open_to_all: None, happened: Happened
) -> None:
    opened()
    happened.clear()
    both = bytes(range(64))
    files.put_key(place, DAY - 1, memoryview(both))
    assert happened == [
        *(("write", "new.new"), ("fsync", "new.new"), ("replace", "19999.key"), ("fsync", "ring")),
    ]
    assert stat.S_IMODE((place / "19999.key").stat().st_mode) == 0o600
    assert opened().key(Epoch(DAY - 1)) == both[32:]
    assert files.get(place, "19999.key", 3) == both[:3]
    assert files.get(place, "nothing", 3) is None


@pytest.mark.parametrize(
    ("error", "problem", "mend"),
    [
        (OSError(errno.ENOSPC, ""), "no space left on device", "Free some space"),
        (OSError(errno.EROFS, ""), "read-only file system", "Mount that file system writable"),
        (OSError(errno.EACCES, ""), "permission denied", "chown $(id -u)"),
        (OSError(errno.ENOENT, ""), "no such file or directory", "is mounted"),
        (OSError(errno.EDQUOT, ""), "disk quota exceeded", "Look at the disk"),
        (OSError("nothing is said"), "input/output error", "Look at the disk"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_the_system_refuses_is_said_with_what_helps(
    ring: KeyRing,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    problem: str,
    mend: str,
) -> None:
    def refuses(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", refuses)
    with pytest.raises(RingUnusable) as told:
        files.write_mark(place, DAY)
    assert told.value.path == place
    assert problem in str(told.value)
    assert mend in told.value.mend
    monkeypatch.undo()
    assert [file.name for file in place.iterdir()] == ["20000.key"]
    assert files.read_mark(place) == -1
