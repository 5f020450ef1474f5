"""The service as its own process: the commands, a kill, and what is left in its memory."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.keys import RemoteRing
from bot.vault import KeyRingError
from tests.keys.conftest import eventually
from tests.typed import Done, typed

ROOT = Path(__file__).resolve().parents[2]


def environment(folder: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if "QUIETLINE" not in name},
        "QUIETLINE_DATA": str(folder / "data"),
        "QUIETLINE_KEY_SERVICE": f"unix:{folder / 'run' / 'keys.sock'}",
    }


def run(folder: Path, *words: str) -> Done:
    ours = environment(folder).items()
    return typed("keys", *words, **{name: value for name, value in ours if "QUIETLINE" in name})


@pytest.fixture
def service(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "bot", "keys", "serve"]
    started = subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    eventually((tmp_path / "run" / "keys.sock").exists, 20)
    yield started
    started.kill()
    logged = started.communicate()[1]
    assert b"Traceback" not in logged


def remembered(process: int, secret: bytes) -> int:
    """How often those bytes stand in the memory of a process."""
    found = 0
    maps = Path(f"/proc/{process}/maps").read_text()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for start, end in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) rw", maps, re.MULTILINE):
            memory.seek(int(start, 16))
            try:
                found += memory.read(int(end, 16) - int(start, 16)).count(secret)
            except OSError:
                continue
    return found


def test_after_all_was_destroyed_no_key_is_left_in_the_memory_of_the_service(
    service: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    where = environment(tmp_path)["QUIETLINE_KEY_SERVICE"]
    ring = RemoteRing(where)
    key, pepper = ring.key(ring.today()), ring.pepper(ring.today())
    if os.geteuid():
        # Nobody but root may look: that is what the service asked the system for.
        with pytest.raises(PermissionError):
            remembered(service.pid, key)
    else:
        assert remembered(service.pid, key) == 1
    said = run(tmp_path, "destroy", "--all", "--yes")
    assert said.returncode == 0, said.stderr
    assert "destroyed the keys of 1 days" in said.stdout
    if not os.geteuid():
        assert remembered(service.pid, key) == remembered(service.pid, pepper) == 0
    ring.refresh()
    assert ring.key(ring.today()) != key
    ring.close()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(key in file.read_bytes() for file in files)


def test_a_person_sees_how_it_is_and_nothing_is_destroyed_by_a_slip(
    service: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    said = run(tmp_path, "status")
    assert "state: ready" in said.stdout, said.stderr
    assert "signing keys: yes" in said.stdout
    assert "signs now: " in run(tmp_path, "rotate").stdout
    refused = run(tmp_path, "destroy")
    assert refused.returncode == 2
    assert "--all" in refused.stderr
    service.send_signal(signal.SIGKILL)
    service.wait()
    with pytest.raises(KeyRingError):
        RemoteRing(environment(tmp_path)["QUIETLINE_KEY_SERVICE"], patience=0)
    silent = run(tmp_path, "destroy", "--all", "--yes")
    assert silent.returncode == 1
    assert "DID NOT ANSWER" in silent.stdout
