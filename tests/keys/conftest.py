"""Key services on real sockets, each in a thread of its own; replicas that ask them."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.keys import RemoteRing, RemoteSigning, peering
from bot.keys.clock import SteadyClock
from bot.keys.enrolment import enrol
from bot.keys.line import Line
from bot.keys.running import Place, running
from bot.keys.service import Keeper
from bot.keys.wire import Code, Data
from bot.vault import KeyRing, Ring, Signing, SigningKeys

NOON = 20_000 * 86_400 + 43_200.0


@dataclass(slots=True)
class SetClock:
    """A clock of a machine: it is set, and time passes when it is told to."""

    now: float = NOON
    passed: float = 0.0

    def __call__(self) -> float:
        return self.now

    def steady(self) -> float:
        return self.passed

    def later(self, seconds: float) -> None:
        self.passed += seconds
        self.now += seconds


@dataclass(slots=True)
class Site:
    """One key service."""

    place: Place
    signing: Signing | None = None
    clock: SetClock = field(default_factory=SetClock)
    keeper: Keeper | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _over: asyncio.Event | None = None

    @property
    def where(self) -> str:
        if self.place.listen is not None:
            return f"{self.place.listen[0]}:{self.place.listen[1]}"
        return f"unix:{self.place.socket}"

    @property
    def line(self) -> Line:
        return Line(f"unix:{self.place.socket}")

    @property
    def held(self) -> Keeper:
        assert self.keeper is not None
        return self.keeper

    def start(self) -> None:
        ready = threading.Event()
        failed: list[Exception] = []

        async def run() -> None:
            self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
            clock = SteadyClock(self.clock, self.clock.steady)
            try:
                async with running(self.place, 72, self.signing, clock) as keeper:
                    self.keeper = keeper
                    ready.set()
                    await self._over.wait()
            except Exception as error:  # noqa: BLE001 - raised again where it was started
                failed.append(error)
                ready.set()

        self._thread = threading.Thread(target=lambda: asyncio.run(run()))
        self._thread.start()
        ready.wait(10)
        if failed:
            self._thread.join()
            raise failed[0]

    def stop(self) -> None:
        if self._thread is not None and self._loop is not None and self._over is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join()
        self._thread = None


Sites = Callable[..., Site]


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sites]:
    # Two services speak more often here, so that nobody waits for them.
    monkeypatch.setattr(peering, "EVERY", 0.03)
    made: list[Site] = []

    def site(name: str = "a", signing: Signing | None = None, **more: object) -> Site:
        place = Place(tmp_path / name / "keys.sock", **more)  # type: ignore[arg-type]
        one = Site(place, signing)
        made.append(one)
        return one

    yield site
    for one in made:
        one.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def enrolled(site: Site, folder: Path, name: str = "replica-1") -> Path:
    code = site.line.ask("/code", Code(name), Data).data or b""
    eventually(lambda: _enrol(site, code.decode(), folder))
    return folder


def _enrol(site: Site, code: str, folder: Path) -> bool:
    with contextlib.suppress(Exception):
        enrol(site.where, code, folder)
    return (folder / "own.pem").exists()


def eventually(so: Callable[[], object], most: float = 10.0) -> None:
    """Waits until it is so; a test that waits in vain says what for."""
    until = time.monotonic() + most
    while not so():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)


@pytest.fixture(params=["folder", "socket", "tls"])
def held(
    request: pytest.FixtureRequest, tmp_path: Path, sites: Sites
) -> Iterator[tuple[Ring, Signing]]:
    """A ring and signing keys, in each of the three forms."""
    folder = SigningKeys.open(tmp_path / "signing")
    if request.param == "folder":
        yield KeyRing.open(tmp_path / "ring", SetClock()), folder
        return
    tls = request.param == "tls"
    more = {"listen": ("127.0.0.1", free_port()), "authority": tmp_path / "ca"} if tls else {}
    site = sites("a", folder, **more)
    site.start()
    identity = enrolled(site, tmp_path / "identity") if tls else None
    ring = RemoteRing(site.where, identity)
    signing = RemoteSigning(site.where, identity)
    yield ring, signing
    ring.close()
    signing.close()
