"""One installation: a database server, two key services, replicas, each a process of its own.

It decides nothing about what happens to them; it starts, kills, freezes and ends only its own.
"""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Coroutine
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import aiohttp
import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from bot.app import Service
from bot.settings import Settings, read_settings
from tests.botapi import BotApi
from tests.deploy.proxy import free_ports
from tests.postgres import Server
from tests.trials.programs import PYTHON, ROOT, environment
from tests.trials_kills.keys import Keys, kill
from tests.trials_kills.nursery import COUNTRIES
from tests.trials_kills.relay import Relay

READY_SECONDS = 60.0
DRAIN_SECONDS = 120.0
SERVER = {"full_page_writes": "on", "autovacuum": "on"}


@dataclass(slots=True)
class Replica:
    """A process of `quietline serve`, at a port that stays, behind a cable of its own."""

    number: int
    port: int
    cable: Relay
    desk: int = 0
    """The port of its console; 0: it has none."""
    process: int = 0
    up: bool = False
    """Whether it was ready since it was started."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.desk}"


class Site:
    """`async with Site(folder, telegram) as site`: all of it runs."""

    def __init__(
        self,
        folder: Path,
        telegram: BotApi,
        replicas: int = 3,
        *,
        empty: bool = False,
        desk: bool = False,
    ) -> None:
        """`folder`: an empty one. Telegram runs already. `empty`: no replica is started yet.
        `desk`: each has a console, where operators can sit.
        """
        self._empty, self._desk = empty, desk
        self.folder, self.telegram = folder, telegram
        self.log = folder / "said.log"
        self.replicas: list[Replica] = []
        self.killed: list[float] = []
        """When replicas were killed."""
        self.keys = Keys(folder, self.log)
        self._count = replicas
        self._stack = AsyncExitStack()
        self._starting = asyncio.Lock()
        self._later: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Self:
        (self.folder / "signing").mkdir(mode=0o700)
        self.log.touch(mode=0o600)
        self._nursery = await asyncio.create_subprocess_exec(
            *(*PYTHON, "tests.trials_kills.nursery", str(self.folder / "nursery")),
            cwd=ROOT,
            env=environment(),
            stdin=PIPE,
            stdout=PIPE,
        )
        self._stack.push_async_callback(kill, self._nursery)
        self.server = await asyncio.to_thread(lambda: Server(**SERVER).__enter__())
        self._stack.callback(self.server.close)
        self._stack.push_async_callback(self.keys.end)
        await asyncio.gather(self.keys.start(0), self.keys.start(1))
        assert self._nursery.stdout
        assert await self._nursery.stdout.readline() == b"ready\n"
        socket = conninfo_to_dict(self.server.dsn())["host"]
        ports = free_ports(2 * self._count)
        for number in range(self._count):
            cable = await self._stack.enter_async_context(Relay(f"{socket}/.s.PGSQL.5432"))
            port, desk = ports[2 * number : 2 * number + 2]
            self.replicas.append(Replica(number, port, cable, desk if self._desk else 0))
        self._stack.callback(lambda: [self.kill(one) for one in self.replicas])
        if not self._empty:
            for one in self.replicas:  # the first makes the tables
                await self.start(one)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def urls(self) -> list[str]:
        """Where replicas are, whether they run or not."""
        return [one.url for one in self.replicas]

    # --- replicas ---

    async def start(self, replica: Replica) -> float:
        """Starts it; gives the seconds until it says that it is ready."""
        began = time.monotonic()
        async with self._starting:
            asked = {"log": str(self.log), "environment": self._environment(replica)}
            assert self._nursery.stdin
            assert self._nursery.stdout
            self._nursery.stdin.write(json.dumps(asked).encode() + b"\n")
            process = replica.process = int(await self._nursery.stdout.readline())
        await self.ready(replica)
        replica.up = replica.process == process
        return time.monotonic() - began

    async def start_of(self, root: Path, replica: Replica) -> None:
        """Starts it with the program of another checkout."""
        with self.log.open("ab") as said:
            process = await asyncio.create_subprocess_exec(
                *(*PYTHON, "bot", "serve"),
                cwd=root,
                env=environment(root) | self._environment(replica),
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=said,
            )
        self._stack.push_async_callback(kill, process)
        replica.process = process.pid
        await self.ready(replica)

    def settings(self, replica: Replica) -> Settings:
        """As the process has them."""
        return read_settings(environment=self._environment(replica))

    def _environment(self, replica: Replica) -> dict[str, str]:
        data = self.folder / f"data-{replica.number}"
        data.mkdir(mode=0o700, exist_ok=True)
        known = {
            "DATA": data,
            "DATABASE": f"postgresql://postgres@127.0.0.1:{replica.cable.port}/postgres",
            "KEY_SERVICE": self.keys.setting,
            "COUNTRIES": COUNTRIES,
            "WEB_PORT": replica.port,
            "WEB_BEHIND_PROXY": "true",
            "STAFF_BIND": f"127.0.0.1:{replica.desk}" if replica.desk else "off",
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE": self.telegram.base,
        }
        return {f"QUIETLINE_{name}": str(value) for name, value in known.items()}

    async def ready(self, replica: Replica, seconds: float = READY_SECONDS) -> None:
        """Waits until it says so, or was killed meanwhile."""
        until, process = time.monotonic() + seconds, replica.process
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=4)) as web:
            while time.monotonic() < until:
                with suppress(aiohttp.ClientError, TimeoutError):
                    async with web.get(f"{replica.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                if replica.process != process:
                    return  # it was killed meanwhile, and is started anew by whoever did that
                assert _lives(process), f"it ended, see {self.log.read_text()[-3000:]}"
                await asyncio.sleep(0.1)
        raise AssertionError(f"not ready, see {self.log.read_text()[-3000:]}")

    def kill(self, replica: Replica) -> None:
        """As if its power went."""
        self.send(replica, signal.SIGKILL)
        self.killed.append(time.monotonic())
        replica.process, replica.up = 0, False

    def send(self, replica: Replica, what: signal.Signals) -> None:
        """SIGSTOP freezes it, SIGCONT lets it go on."""
        if replica.process:
            with suppress(ProcessLookupError):
                os.kill(replica.process, what)

    async def stop(self, replica: Replica) -> None:
        """As whoever deploys stops it."""
        process, replica.process, replica.up = replica.process, 0, False
        os.kill(process, signal.SIGTERM)
        until = time.monotonic() + READY_SECONDS
        while _lives(process):
            assert time.monotonic() < until, "it does not end"
            await asyncio.sleep(0.02)

    def later(self, work: Coroutine[object, object, object]) -> None:
        """Done beside whatever happens next; what goes wrong in it ends the trial."""
        task = asyncio.create_task(work)
        self._later.add(task)

    def check(self) -> None:
        """Raises what went wrong with what was begun."""
        for one in [one for one in self._later if one.done()]:
            self._later.discard(one)
            one.result()

    async def settled(self) -> None:
        """What was begun is done."""
        while self._later:
            await self._later.pop()

    # --- the database ---

    def kill_database(self) -> None:
        """All its processes at once, as if its power went."""
        server = self.server.process
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        self.server.stop(signal.SIGKILL)
        for child in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        while any(map(_lives, map(int, children))):
            time.sleep(0.01)

    async def drained(self) -> float:
        """Waits until no reply waits to be sent; gives the seconds. Telegram takes 30 a second."""
        began = time.monotonic()
        while self.asked("SELECT 1 FROM quietline.outbox LIMIT 1"):
            assert time.monotonic() - began < DRAIN_SECONDS, "replies wait and are not sent"
            await asyncio.sleep(0.1)
        seconds = time.monotonic() - began
        await asyncio.sleep(1.0)  # the last ones arrive
        return seconds

    def service(self) -> Service:
        """All parts of one more replica in this process, not started; it reads what is kept."""
        return Service(self.reading(), demo=False)

    def reading(self) -> Settings:
        """The settings of one more replica, on the same database and keys."""
        parts = conninfo_to_dict(self.server.dsn())
        known = {
            "data": self.folder / "reading",
            "database": SecretStr(f"postgresql:///?{urlencode(parts)}"),
            "key_service": self.keys.setting,
            "countries": COUNTRIES,
        }
        (self.folder / "reading").mkdir(mode=0o700, exist_ok=True)
        return Settings.model_validate(known)

    def aside(self) -> Service:
        """The same program on a machine of its own, to which nothing happens."""
        known = {"data": self.folder / "aside", "key_ring": self.folder / "aside-keys"}
        known["data"].mkdir(mode=0o700)
        return Service(Settings.model_validate(known | {"countries": COUNTRIES}), demo=False)

    def asked(self, statement: str) -> list[tuple[object, ...]]:
        """What the database says."""
        with closing(psycopg.connect(self.server.dsn(), autocommit=True)) as line:
            return list(line.execute(statement).fetchall())


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def tell(figures: str) -> None:
    """Shown when the trial fails, or with `-s`."""
    sys.stdout.write(f"{figures}\n")
