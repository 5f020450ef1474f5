"""A store that cannot keep a group says so with the mend, keeps nothing of it, and then goes on."""

import itertools
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import (
    Damaged,
    Full,
    Locked,
    NotADatabase,
    ReadOnly,
    Row,
    Store,
    StoreError,
    TooNew,
    Unreachable,
    Unsafe,
)

ROOT = os.geteuid() == 0


def keep(store: Store, number: int, size: int = 600) -> None:
    with store.group() as group:
        group.save([Row(number.to_bytes(16, "big"), 1, 1, os.urandom(size))])


def keep_without_end(store: Store) -> None:
    for number in itertools.count():
        keep(store, number, 8_000)


def count(store: Store) -> int:
    return store.stats().sessions


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small disk of its own, where the machine allows one."""
    disk = tmp_path / "disk"
    disk.mkdir(mode=0o700)

    def mount(options: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"mode=700,{options}", "none", disk],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip("this machine does not let us mount a disk")
        return disk

    yield mount
    subprocess.run(["umount", "-l", disk], capture_output=True, check=False)


@pytest.mark.skipif(not ROOT, reason="only root can mount a small disk")
def test_a_full_disk_loses_no_group_that_was_kept_and_goes_on_when_there_is_room(
    mounted: Callable[[str], Path],
) -> None:
    disk = mounted("size=1m")
    store = Store.open(disk / "quietline.db")
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    with pytest.raises(Full, match="Free some space") as told:
        keep_without_end(store)
    kept = count(store)
    assert told.value.path == disk / "quietline.db"
    assert kept > 5
    for _ in range(3):
        with pytest.raises(Full):
            keep(store, kept, 100_000)
    ballast.unlink()
    assert count(store) == kept
    keep(store, kept)
    assert count(store) == kept + 1
    store.close()


@pytest.mark.skipif(not ROOT, reason="only root can mount a disk read-only")
def test_a_disk_that_became_read_only_is_told_and_serves_again(
    mounted: Callable[[str], Path],
) -> None:
    disk = mounted("size=4m")
    store = Store.open(disk / "quietline.db")
    keep(store, 0)
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    with pytest.raises(StoreError) as told:
        keep(store, 1)
    assert isinstance(told.value, ReadOnly | Unreachable)
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    keep(store, 1)
    assert count(store) == 2
    store.close()


def test_a_file_that_may_not_be_written_is_told_and_serves_again(store: Store, place: Path) -> None:
    keep(store, 0)
    place.chmod(0o400)
    with pytest.raises(ReadOnly) as told:
        keep(store, 1)
    subprocess.run(told.value.mend.split(": ", 1)[1], shell=True, check=True)
    keep(store, 1)
    assert count(store) == 2


def test_a_store_that_another_process_holds_is_told_and_serves_again(
    store: Store, place: Path
) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked, match="another process"):
            keep(store, 0)
        assert count(store) == 0
        store.close()
        with pytest.raises(Locked):
            Store.open(place, wait=0.05).erase([])
        other.execute("ROLLBACK")
    keep(store, 0)
    assert count(store) == 1


def test_a_reader_elsewhere_delays_the_emptying_of_the_journal_and_no_turn(place: Path) -> None:
    store = Store.open(place, wait=600)
    keep(store, 0)
    with closing(sqlite3.connect(place, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchall()
        keep(store, 1)
        assert store.sweep([1]) == 0
        keep(store, 2)
        assert Path(f"{place}-wal").stat().st_size > 0
    store.sweep([1])
    assert Path(f"{place}-wal").stat().st_size == 0
    assert count(store) == 3
    store.close()


def test_a_file_that_is_gone_or_replaced_is_told_until_it_is_back(
    store: Store, place: Path
) -> None:
    keep(store, 0)
    aside = place.with_name("aside")
    place.rename(aside)
    with pytest.raises(Unreachable):
        keep(store, 1)
    shutil.copy(aside, place)
    with pytest.raises(Unreachable, match="Stop the service"):
        keep(store, 1)
    aside.replace(place)
    keep(store, 1)
    assert count(store) == 2


def test_a_damaged_file_is_told(store: Store, place: Path) -> None:
    for number in range(50):
        keep(store, number)
    store.close()
    with place.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (place.stat().st_size - 4096))
    with pytest.raises(Damaged, match="backup"):
        Store.open(place)


def test_damage_that_shows_only_later_stops_the_group_that_meets_it(
    store: Store, place: Path
) -> None:
    for number in range(200):
        keep(store, number)
    store.close()
    with place.open("r+b") as file:
        file.seek(30 * 4096)
        file.write(b"\xff" * (place.stat().st_size - 30 * 4096))
    again = Store.open(place)
    with pytest.raises(Damaged, match="backup"), again.group() as group:
        group.load(number.to_bytes(16, "big") for number in range(200))
    with pytest.raises(Damaged, match="backup"), again.group() as group:
        group.save(forget=[number.to_bytes(16, "big") for number in range(200)])
    again.close()


def test_a_file_that_is_something_else_is_told_and_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all, " * 500)
    letter.chmod(0o600)
    with pytest.raises(NotADatabase, match="Name another file"):
        Store.open(letter)
    assert letter.read_text() == "Dear all, " * 500


def test_tables_of_a_newer_program_are_refused(store: Store, place: Path) -> None:
    with store.group() as group:
        group.run("UPDATE alembic_version SET version_num = '9999'", [()])
    store.close()
    with pytest.raises(TooNew, match="newer version"):
        Store.open(place)
    with pytest.raises(TooNew):
        keep(store, 0)


def test_a_file_or_directory_that_others_could_read_is_refused_with_its_mend(
    place: Path,
) -> None:
    Store.open(place).close()
    for harmed, mode in ((place, 0o640), (place.parent, 0o755)):
        harmed.chmod(mode)
        with pytest.raises(Unsafe, match="chmod") as told:
            Store.open(place)
        subprocess.run(told.value.mend.split(": ", 1)[1], shell=True, check=True)
        Store.open(place).close()


@pytest.mark.skipif(not ROOT, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused_with_its_mend(place: Path) -> None:
    Store.open(place).close()
    os.chown(place, 65_534, 65_534)
    with pytest.raises(Unsafe, match="another user") as told:
        Store.open(place)
    subprocess.run(told.value.mend.split(": ", 1)[1], shell=True, check=True)
    Store.open(place).close()


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable, match="cannot be made"):
        Store.open(tmp_path / "file" / "quietline.db")


@pytest.mark.parametrize(
    "where", ["mysql://canary:canary@host/db", "sqlite://", "://", "sqlite:///:memory:"]
)
def test_an_address_that_is_no_file_is_refused_without_repeating_it(where: str) -> None:
    with pytest.raises(NotADatabase, match="sqlite:///FILE") as told:
        Store.open(where)
    assert "canary" not in str(told.value)


def test_a_store_opens_by_a_path_or_by_an_address(tmp_path: Path) -> None:
    for where in (str(tmp_path / "a" / "x.db"), f"sqlite:///{tmp_path}/b/x.db"):
        store = Store.open(where)
        keep(store, 0)
        store.close()
    assert (tmp_path / "a" / "x.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o700
