"""Who waits behind whom: one line per chat, a bounded number in each, and places for many chats.

A chat's messages are taken one after another, in the order in which they came; a flood in one chat
takes one place of many and a bounded number of waiting ones. What finds its line full is passed
over, and the person is told once. Words for help now and for leaving are passed over by nobody:
they wait in a reserve, and where even that is full, as many of them are already about to be heard.
It must not know what a message says.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final

MOST_WAITING: Final = 32
"""Messages of one chat that wait."""
RESERVE: Final = 8
"""Places behind those for urgent words alone."""
MOST_CHATS: Final = 256
"""Chats whose messages are worked on at the same time."""


@dataclass(slots=True)
class _Line:
    waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)
    told: bool = False
    """Whether the person was told of what was passed over, since the line was last empty."""


class Lines:
    """The lines of all chats. Use from one event loop."""

    def __init__(self, *, most_waiting: int = MOST_WAITING, most_chats: int = MOST_CHATS) -> None:
        self._most_waiting = most_waiting
        self._lines: dict[int, _Line] = {}
        self._places = asyncio.Semaphore(most_chats)

    async def enter(self, chat: int, *, urgent: bool) -> bool:
        """Wait for one's turn; then `leave` must follow. False when the line is full: go away."""
        line = self._lines.get(chat)
        if line is None:
            self._lines[chat] = _Line()
        else:
            most = self._most_waiting + (RESERVE if urgent else 0)
            if len(line.waiting) >= most:
                return False
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            line.waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._call_next(chat)
                raise
        try:
            await self._places.acquire()
        except asyncio.CancelledError:
            self._call_next(chat)
            raise
        return True

    def leave(self, chat: int) -> None:
        """Give way to the next."""
        self._places.release()
        self._call_next(chat)

    def tell(self, chat: int) -> bool:
        """Whether to tell the person now that something was passed over: once in a flood."""
        line = self._lines.get(chat)
        if line is None or line.told:
            return False
        line.told = True
        return True

    def __len__(self) -> int:
        """Chats with something under way."""
        return len(self._lines)

    def _call_next(self, chat: int) -> None:
        line = self._lines[chat]
        while line.waiting:
            turn = line.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._lines[chat]
