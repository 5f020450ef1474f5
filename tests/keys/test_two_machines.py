"""Two key services on two machines, by TLS, each killed in turn: no key is lost, none differs."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.cli.keys import destroy
from bot.keys import RemoteRing
from bot.keys.enrolment import enrol
from bot.keys.line import Line
from bot.keys.wire import Code, Data, Status
from bot.vault import Epoch, KeyRingError, Unopenable, Vault
from tests.keys.conftest import eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("service_program.py")
DAY = 86_400
NAME = b"n" * 16


@dataclass
class Machine:
    """One machine with a key service."""

    folder: Path
    listen: str
    peer: str
    signing: str = ""
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [sys.executable, str(PROGRAM), str(self.folder)]
        self.process = subprocess.Popen(
            [*command, self.signing, self.listen, self.peer],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def status(self) -> Status | None:
        try:
            return Line(f"unix:{self.folder / 'keys.sock'}").ask("/status", Code(""), Status)
        except KeyRingError:
            return None


@dataclass
class World:
    """Two machines with key services, and two replicas that know both."""

    folder: Path
    first: Machine
    second: Machine
    rings: list[RemoteRing] = field(default_factory=list)

    def later(self, seconds: float) -> None:
        (self.folder / "later.new").write_text(str(seconds))
        (self.folder / "later.new").replace(self.folder / "later")

    def together(self, today: int = 0) -> None:
        """Waits until both stand alike, with a key for the day after."""
        eventually(lambda: all(self._well(one, today) for one in (self.first, self.second)), 60)

    def alone(self, machine: Machine, today: int) -> None:
        """Waits until that one counts this day."""
        eventually(lambda: _counts(machine.status, today), 60)

    def _well(self, machine: Machine, today: int) -> bool:
        said = machine.status
        return said is not None and said.state == "ready" and said.ahead and said.today >= today

    def keys(self, ring: RemoteRing) -> dict[Epoch, bytes]:
        ring.refresh()
        return {epoch: ring.key(epoch) for epoch in ring.live()}

    def agreed(self) -> dict[Epoch, bytes]:
        """The keys that every replica holds: the same at each."""
        one, other = (self.keys(ring) for ring in self.rings)
        assert one == other
        return one


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    places = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    first = Machine(tmp_path / "a", places[0], places[1], str(tmp_path / "a-signing"))
    second = Machine(tmp_path / "b", places[1], places[0])
    world = World(tmp_path, first, second)
    world.later(0)
    first.start()
    eventually(lambda: first.status is not None, 60)
    # As the document says: the second is given the authority of the first before it starts.
    second.folder.mkdir(mode=0o700)
    shutil.copytree(first.folder / "authority", second.folder / "authority")
    second.start()
    world.together()
    for number, order in enumerate((places, places[::-1])):
        line = Line(f"unix:{first.folder / 'keys.sock'}")
        code = (line.ask("/code", Code(f"replica-{number}"), Data).data or b"").decode()
        identity = tmp_path / f"replica-{number}"
        eventually(partial(_enrolled, places[0], code, identity))
        # Enrolled at one, and known to both.
        world.rings.append(RemoteRing(", ".join(order), identity))
    yield world
    for ring in world.rings:
        ring.close()
    first.kill()
    second.kill()


def _counts(said: Status | None, today: int) -> bool:
    return said is not None and said.today >= today


def _enrolled(where: str, code: str, folder: Path) -> bool:
    try:
        enrol(where, code, folder)
    except KeyRingError:
        return False
    return True


def test_either_may_be_killed_while_the_day_changes_and_destroying_reaches_both(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    vaults = [Vault(ring) for ring in world.rings]
    before = world.agreed()
    (today,) = before
    sealed = vaults[0].seal("session", NAME, today, 1, b"", b"words")

    world.first.kill()
    world.later(DAY)
    world.alone(world.second, today + 1)
    without_first = world.agreed()
    assert without_first.keys() == {today, today + 1}
    assert without_first[today] == before[today]
    assert vaults[1].open("session", NAME, today, 1, b"", sealed) == b"words"

    world.first.start()
    world.together(today + 1)
    world.second.kill()
    assert world.agreed() == without_first

    world.later(2 * DAY)
    world.alone(world.first, today + 2)
    without_second = world.agreed()
    assert without_second.keys() == {today, today + 1, today + 2}
    assert without_first.items() <= without_second.items()

    world.second.start()
    world.together(today + 2)
    world.first.kill()
    assert world.agreed() == without_second
    world.first.start()
    world.together(today + 2)

    monkeypatch.setenv("QUIETLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("QUIETLINE_KEY_SERVICE", f"{world.first.listen}, {world.second.listen}")
    monkeypatch.setenv("QUIETLINE_KEY_SERVICE_IDENTITY", str(tmp_path / "replica-0"))
    destroy(everything=True, yes=True)
    said = capsys.readouterr().out
    assert f"destroyed the keys of 3 days: {today} {today + 1} {today + 2}" in said
    assert f"{world.second.listen}: destroyed" in said
    assert "DID NOT ANSWER" not in said
    world.together(today + 2)
    after = world.agreed()
    assert after.keys() == {today + 2}
    assert after[Epoch(today + 2)] not in without_second.values()
    for vault in vaults:
        with pytest.raises(Unopenable):
            vault.open("session", NAME, today, 1, b"", sealed)
