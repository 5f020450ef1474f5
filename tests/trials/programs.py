"""Starts the real program as a process of its own, and looks into what it left."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.app import Service
from bot.channels.contract import Address
from bot.dialogue.session import Session, unpack
from bot.persons import SESSION
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-P", "-m")
KILLS = int(os.environ.get("QUIETLINE_KILLS", "1"))
"""How often each trial kills. `QUIETLINE_KILLS=200` is the figure to reach before a release."""


def environment(root: Path = ROOT) -> dict[str, str]:
    """What the program is started with: nothing of ours from outside. Python may keep what it
    compiled, or every start would do that again.
    """
    left = ("QUIETLINE_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left)}
    return {**kept, "PYTHONPATH": str(root)}


@dataclass(slots=True)
class Program:
    """A running process, and the port of its page when it has one."""

    process: Process
    port: int = 0

    async def kill(self) -> None:
        """As if the power went."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """As a person stops it; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


async def start_page(data: Path, log: Path, *, root: Path = ROOT) -> Program:
    """`quietline demo` on that data, once its page is there. What it says on stderr goes to
    `log`.
    """
    command = (*PYTHON, "bot", "demo", "--port", "0", "--data", str(data))
    process = await _start(command, log, root)
    assert process.stdout
    async for line in process.stdout:
        if line.startswith(b"Open http://"):
            return Program(process, int(line.split(b"/")[2].rpartition(b":")[2]))
    raise AssertionError(f"it did not start, see {log}")


async def start_push(data: Path, ledger: Path, log: Path) -> Program:
    """The service with a channel that delivers again what was not acknowledged."""
    command = (*PYTHON, "tests.trials.push_program", str(data), str(ledger))
    process = await _start(command, log, ROOT)
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n", f"it did not start, see {log}"
    return Program(process)


async def _start(command: tuple[str, ...], log: Path, root: Path) -> Process:
    with log.open("ab") as said:
        return await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=said, cwd=root, env=environment(root)
        )


def make_service(data: Path, clock: Callable[[], float] = time.time) -> Service:
    """The same parts as the program builds on that data."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Service(Settings(data=data, key_ring=data / "keys"), demo=True, clock=clock)


def session_of(service: Service, address: Address) -> Session | None:
    """What is remembered of a person, read with the key and their secret."""
    vault = service.turns.vault
    for epoch in service.ring.live():
        alias = vault.alias(epoch, address.channel, address.bot, address.person)
        with service.store.group() as group:
            row = group.load([alias]).get(alias)
        if row is not None:
            place = (SESSION, alias, epoch, row.sequence)
            return unpack(vault.open(*place, address.secret, row.sealed))
    return None
