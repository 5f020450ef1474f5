"""What stays open while a page is: it ends within a second of the session that opened it.

It decides nothing about sessions. One task asks the staff book for its generation, four times a
second and only while something is open; each stream is told when its session is over.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from bot import report
from bot.staff import StaffBook, StoreError

LOOK_SECONDS: Final = 0.25
LONGEST_LOOK: Final = 5.0
"""Without news every session is looked at in this time: it may have been idle for too long."""
MOST_STREAMS: Final = 2000
MOST_OF_ONE: Final = 20
"""Windows of one browser."""


class TooMany(Exception):
    """No more streams can be opened now."""


class Streams:
    """The open streams of one console."""

    def __init__(self, book: StaffBook) -> None:
        self._book = book
        self._open: dict[asyncio.Event, bytes] = {}
        self._looking: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    @contextlib.asynccontextmanager
    async def open(self, secret: bytes) -> AsyncIterator[asyncio.Event]:
        """A stream of the session of that secret. The event is set when the session is over.

        Raises `TooMany`.
        """
        of_one = sum(1 for one in self._open.values() if one == secret)
        if len(self._open) >= MOST_STREAMS or of_one >= MOST_OF_ONE:
            raise TooMany
        over = asyncio.Event()
        self._open[over] = secret
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="streams")
        try:
            yield over
        finally:
            self._open.pop(over, None)

    async def close(self) -> None:
        """All of them end."""
        for over in self._open:
            over.set()
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking

    async def _look(self) -> None:
        seen, at = -1, 0.0
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._open:
                continue
            try:
                generation = await asyncio.to_thread(self._book.generation)
                if generation == seen and loop.time() - at < LONGEST_LOOK:
                    continue
                for over, secret in list(self._open.items()):
                    if not await asyncio.to_thread(self._book.sessions.lives, secret):
                        over.set()
                seen, at = generation, loop.time()
            except StoreError as error:
                # Nobody can say who may still look: so nobody may.
                report.alarm("console_streams_failed", error)
                for over in list(self._open):
                    over.set()
