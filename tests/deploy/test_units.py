"""Each unit lets its part of the service do what it needs, and nothing else."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.documents.judging import UNITS, problems

SERVICES = sorted(UNITS.glob("*.service"))
TIMERS = sorted(UNITS.glob("*.timer"))
MOST = 2.0
"""Of 10: what `systemd-analyze security` may say that is left open."""
names = [path.name for path in SERVICES]
needs_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and not os.environ.get("CI"),
    reason="systemd-analyze is not on this machine",
)


def read(path: Path) -> dict[str, list[str]]:
    """A unit's settings; each may stand several times."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", path.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def guarding(path: Path) -> str:
    """What stands under the line that all units have."""
    block = path.read_text("utf-8").partition("# What it may not do")[2]
    return block.partition("RestrictAddressFamilies")[0]


@needs_analyze
@pytest.mark.parametrize("path", SERVICES, ids=names)
def test_little_is_left_open_by_the_tool_that_measures_it(path: Path) -> None:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    (exposed,) = re.findall(r"Overall exposure level .*: ([\d.]+)", said)
    assert float(exposed) <= MOST


@pytest.mark.parametrize("path", SERVICES, ids=names)
def test_all_units_are_guarded_alike(path: Path) -> None:
    assert guarding(path) == guarding(UNITS / "quietline.service")
    assert "NoNewPrivileges=yes" in guarding(path)


@pytest.mark.parametrize("path", SERVICES, ids=names)
def test_a_unit_starts_a_command_that_there_is(path: Path) -> None:
    (start,) = read(path)["ExecStart"]
    assert list(problems(shlex.split(start))) == []


@pytest.mark.parametrize("path", SERVICES, ids=names)
def test_keys_stay_in_memory_when_a_unit_is_restarted_and_never_reach_a_disk(path: Path) -> None:
    unit = read(path)
    assert unit["RuntimeDirectoryPreserve"] == ["yes"]
    assert unit["MemorySwapMax"] == ["0"]
    assert unit["LimitCORE"] == ["0"]
    # With RemoveIPC the end of any one unit would empty what its user keeps in /dev/shm.
    assert "RemoveIPC" not in unit


@pytest.mark.parametrize("path", TIMERS, ids=[path.name for path in TIMERS])
def test_a_timer_has_its_service_and_catches_up_after_the_machine_was_off(path: Path) -> None:
    assert path.with_suffix(".service") in SERVICES
    assert read(path)["Persistent"] == ["yes"]


def test_the_key_service_of_one_machine_has_no_network() -> None:
    unit = read(UNITS / "quietline-keys.service")
    assert unit["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert unit["PrivateNetwork"] == ["yes"]
    assert unit["LimitMEMLOCK"] == ["infinity"]


def test_what_the_key_service_keeps_for_its_restart_no_other_unit_sees() -> None:
    unit = read(UNITS / "quietline-keys.service")
    (start,) = unit["ExecStart"]
    state = start.partition("--state ")[2].split()[0]
    # systemd makes it in memory, for that user alone, and leaves it at a restart.
    assert state.removeprefix("/run/") in unit["RuntimeDirectory"][0].split()
    assert unit["RuntimeDirectoryMode"] == ["0700"]
    others = [path for path in SERVICES if path.name != "quietline-keys.service"]
    assert len(others) >= 5
    for path in others:
        assert read(path)["InaccessiblePaths"] == [f"-{state}"]


def test_replicas_on_one_machine_have_ports_of_their_own() -> None:
    said = " ".join(read(UNITS / "quietline@.service")["Environment"])
    assert "QUIETLINE_WEB_PORT=808%i" in said
    assert "QUIETLINE_STAFF_BIND=127.0.0.1:809%i" in said


def test_the_journal_lives_in_memory_for_a_day_and_nothing_dumps_core() -> None:
    journal = read(UNITS / "journald.conf")
    assert (journal["Storage"], journal["MaxRetentionSec"]) == (["volatile"], ["1day"])
    assert "kernel.core_pattern=|/bin/false" in (UNITS / "quietline.sysctl").read_text("utf-8")


def test_what_is_freed_is_written_over_wherever_people_write() -> None:
    wanted = "PYTHONMALLOC=malloc MALLOC_PERTURB_=165 GLIBC_TUNABLES=glibc.malloc.tcache_count=0"
    for name in ("quietline.service", "quietline@.service", "quietline-keys.service"):
        assert wanted in read(UNITS / name)["Environment"], name
    image = (UNITS.parents[1] / "Dockerfile").read_text("utf-8")
    assert f"ENV {wanted}\n" in image
