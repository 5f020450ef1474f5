"""The cable between one replica and the database: it can go dead, and it can be cut.

It decides nothing. Nothing is lost on it but what a real cable would lose.
"""

import asyncio
import contextlib
from typing import Self


class Relay:
    """Carries connections from a port of this machine to a socket. `async with Relay(path)`."""

    def __init__(self, path: str) -> None:
        """`path`: of the socket that it leads to."""
        self._path = path
        self._passing = asyncio.Event()
        self._passing.set()
        self._cut = False
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hold(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._passing.clear()

    def cut(self) -> None:
        """Every connection ends, and each new one ends at once."""
        self._cut = True
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        """What was held goes on, and new connections are carried."""
        self._cut = False
        self._passing.set()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._ends.add(writer)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await self._passing.wait()
            if self._cut or not self._passing.is_set():
                return
            with contextlib.suppress(OSError, asyncio.CancelledError):  # ended from outside
                further, onward = await asyncio.open_unix_connection(self._path)
                self._ends.add(onward)
                try:
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._carry(reader, onward))
                        both.create_task(self._carry(further, writer))
                finally:
                    self._ends.discard(onward)
                    onward.close()
        finally:
            self._ends.discard(writer)
            writer.close()

    async def _carry(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65_536):
                await self._passing.wait()
                to.write(data)
                await to.drain()
        await self._passing.wait()
        # Whoever hangs up ends it for both sides.
        to.close()
