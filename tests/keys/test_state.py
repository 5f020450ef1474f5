"""A service that is started anew goes on with its keys, when it was given a folder in memory."""

import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.keys import RemoteRing, peering
from bot.keys.wire import Code, Destroyed, Order, Status
from bot.vault import Epoch, KeyRing, KeyRingError, NoKey
from tests.keys.conftest import NOON, SetClock, Site, Sites, eventually

DAY = 86_400


@pytest.fixture
def memory() -> Iterator[Path]:
    folder = Path("/dev/shm") / f"quietline-test-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


def keys_at(site: Site) -> dict[int, bytes]:
    ring = RemoteRing(site.where, patience=5)
    try:
        return {epoch: ring.key(epoch) for epoch in ring.live()}
    finally:
        ring.close()


def files_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def test_a_restart_loses_no_key_and_nobody_else_can_read_them(sites: Sites, memory: Path) -> None:
    site = sites("a", state=memory / "state")
    site.start()
    first = keys_at(site)
    site.clock.later(DAY)
    both = keys_at(site)
    assert len(both) == 2
    ring = RemoteRing(site.where)
    site.stop()
    site.start()
    # A replica that had them all along sees no difference.
    ring.refresh()
    assert {epoch: ring.key(epoch) for epoch in ring.live()} == keys_at(site) == both
    assert both[min(both)] == first[min(first)]
    ring.close()
    assert {file.stat().st_mode & 0o777 for file in files_in(memory)} == {0o600}
    assert {one.stat().st_mode & 0o777 for one in (memory / "state").glob("**/")} == {0o700}


def test_a_service_that_is_killed_goes_on_with_the_keys_that_it_gave(
    tmp_path: Path, memory: Path
) -> None:
    (tmp_path / "later").write_text("0")
    folder, program = tmp_path / "a", Path(__file__).with_name("service_program.py")
    command = [sys.executable, str(program), str(folder), "", "", "", str(memory / "state")]
    root = program.parents[2]
    given: list[dict[Epoch, bytes]] = []
    for _ in range(3):
        process = subprocess.Popen(command, cwd=root, env={"PYTHONPATH": str(root)})
        try:
            ring = RemoteRing(f"unix:{folder / 'keys.sock'}", patience=60)
            given.append({epoch: ring.key(epoch) for epoch in ring.live()})
            ring.close()
        finally:
            process.kill()
            process.wait()
    assert given[0] == given[1] == given[2]


def test_a_restart_brings_nothing_back_that_was_destroyed(sites: Sites, memory: Path) -> None:
    site = sites("a", state=memory / "state")
    site.start()
    old = keys_at(site)
    assert site.line.ask("/destroy", Order(b"1"), Destroyed).epochs == tuple(old)
    assert not any(key in file.read_bytes() for key in old.values() for file in files_in(memory))
    new = keys_at(site)
    site.stop()
    site.start()
    assert keys_at(site) == new != old
    site.clock.later(3 * DAY)
    site.stop()
    site.start()
    ring = RemoteRing(site.where)
    with pytest.raises(NoKey):
        ring.key(Epoch(min(new)))
    ring.close()
    eventually(lambda: not any(new[20_000] in file.read_bytes() for file in files_in(memory)))


def test_a_folder_on_a_disk_is_refused_with_a_word_that_helps(sites: Sites) -> None:
    on_disk = Path(__file__).parent / "never"
    site = sites("a", state=on_disk)
    with pytest.raises(KeyRingError, match="on a disk") as refused:
        site.start()
    assert "--state /run/" in refused.value.mend
    assert not on_disk.exists()


def test_the_folder_of_one_machine_becomes_the_state_of_a_service(
    sites: Sites, memory: Path
) -> None:
    ring = KeyRing.open(memory / "ring", SetClock())
    before = ring.key(ring.today())
    ring.close()
    site = sites("a", state=memory / "ring")
    site.start()
    assert keys_at(site) == {20_000: before}
    site.stop()
    again = KeyRing.open(memory / "ring", SetClock())
    assert again.key(again.today()) == before


def test_a_clock_that_was_set_while_the_service_did_not_run_is_not_believed(
    sites: Sites, memory: Path
) -> None:
    site = sites("a", state=memory / "state")
    site.start()
    before = keys_at(site)
    site.stop()
    site.clock.passed += 60
    site.clock.now = NOON + 10 * DAY
    site.start()
    assert keys_at(site) == before
    assert site.line.ask("/status", Code(""), Status).step > 9 * DAY
    assert site.line.ask("/status", Code("clock"), Status).step == 0
    site.stop()
    site.start()
    assert site.line.ask("/status", Code(""), Status).step == 0


def test_a_state_that_does_not_read_is_told_and_not_guessed(sites: Sites, memory: Path) -> None:
    site = sites("a", state=memory / "state")
    site.start()
    before = keys_at(site)
    site.stop()
    (memory / "state" / "days").write_bytes(b"?")
    with pytest.raises(KeyRingError, match="rm ") as refused:
        site.start()
    assert str(memory / "state" / "days") in str(refused.value)
    (memory / "state" / "days").unlink()
    site.start()
    assert keys_at(site) == before


@pytest.fixture
def two(tmp_path: Path, sites: Sites, memory: Path) -> tuple[Site, Site]:
    made = tuple(
        sites(name, peer=f"unix:{tmp_path / other / 'keys.sock'}", state=memory / name)
        for name, other in ("ab", "ba")
    )
    for site in made:
        site.start()
    eventually(lambda: all(ready(site) for site in made))
    return made[0], made[1]


def ready(site: Site) -> bool:
    return site.held.days.ready and site.held.days.agreed > 0


def test_two_that_are_started_anew_at_once_lose_nothing(two: tuple[Site, Site]) -> None:
    before = keys_at(two[0])
    tomorrow = bytes(two[0].held.days.slots([20_001])[0][32:])
    for site in two:
        site.stop()
    for site in two:
        site.clock.later(DAY)
        site.start()
    eventually(lambda: all(ready(site) for site in two))
    after = keys_at(two[0])
    assert keys_at(two[1]) == after == {**before, 20_001: tomorrow}


def test_what_was_destroyed_while_one_was_off_does_not_come_back_with_it(
    two: tuple[Site, Site], memory: Path
) -> None:
    old = keys_at(two[0])
    two[0].stop()
    two[1].line.ask("/destroy", Order(b"1"), Destroyed)
    assert any(old[20_000] in file.read_bytes() for file in files_in(memory / "a"))
    two[0].start()
    eventually(lambda: all(ready(site) for site in two))
    assert keys_at(two[0]) == keys_at(two[1]) != old
    assert not any(old[20_000] in file.read_bytes() for file in files_in(memory))


def test_one_whose_other_stays_silent_goes_on_after_a_while(
    two: tuple[Site, Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys_at(two[0])
    for site in two:
        site.stop()
    two[0].start()
    with pytest.raises(KeyRingError, match="waiting"):
        RemoteRing(two[0].where, patience=0)
    monkeypatch.setattr(peering, "PATIENCE", 0.1)
    assert keys_at(two[0]) == before
