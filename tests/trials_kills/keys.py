"""The two key services of an installation, each a process of its own."""

import asyncio
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from bot.keys.line import Line
from bot.keys.wire import Code, Status
from bot.vault import KeyRingError
from tests.trials.programs import PYTHON, ROOT, environment

READY_SECONDS = 60.0


class Keys:
    """Two that keep each other, by their number: 0 and 1."""

    def __init__(self, folder: Path, log: Path) -> None:
        """`folder`: holds the signing keys, and will hold the sockets."""
        self._folder, self._log = folder, log
        self._processes: list[Process | None] = [None, None]
        self.sockets = [folder / name / "keys.sock" for name in ("keys-a", "keys-b")]

    @property
    def setting(self) -> str:
        """The setting."""
        return ",".join(f"unix:{socket}" for socket in self.sockets)

    async def start(self, number: int, *more: str) -> None:
        """One of the two, which asks the other for keys. `more`: like `--alone`."""
        mine, other = self.sockets[number], self.sockets[1 - number]
        signing = str(self._folder / "signing")
        with self._log.open("ab") as said:
            process = await asyncio.create_subprocess_exec(
                *(*PYTHON, "bot", "keys", "serve", "--socket", str(mine)),
                *("--peer", f"unix:{other}", "--signing", signing, *more),
                cwd=ROOT,
                env=environment(),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=said,
            )
        assert process.stdout
        assert await process.stdout.readline(), "a key service did not start"
        self._processes[number] = process

    async def kill(self, number: int) -> None:
        """As if its power went."""
        process, self._processes[number] = self._processes[number], None
        assert process
        await kill(process)

    async def end(self) -> None:
        """Both end."""
        for process in self._processes:
            if process is not None:
                await kill(process)

    def freeze(self, number: int) -> None:
        """One of the two does nothing any more, and nobody is told."""
        self._send(number, signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        """It goes on, if it was frozen."""
        self._send(number, signal.SIGCONT)

    def _send(self, number: int, what: signal.Signals) -> None:
        process = self._processes[number]
        if process is not None:
            process.send_signal(what)

    async def together(self) -> None:
        """Waits until both hold the same keys again."""
        lines = [Line(f"unix:{socket}") for socket in self.sockets]
        until = time.monotonic() + READY_SECONDS
        try:
            while time.monotonic() < until:
                with suppress(KeyRingError):
                    said = [
                        await asyncio.to_thread(line.ask, "/status", Code(""), Status)
                        for line in lines
                    ]
                    if {one.peer for one in said} == {"together"}:
                        return
                await asyncio.sleep(0.1)
        finally:
            for line in lines:
                line.close()
        raise AssertionError("the key services do not find each other")


async def kill(process: Process) -> None:
    """As if its power went; gone on return."""
    with suppress(ProcessLookupError):
        process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
