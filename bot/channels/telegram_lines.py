"""Who waits behind whom: one line per chat, a bounded number in each, and places for many chats.

A chat's messages are taken one after another, in the order in which they came; a flood in one chat
takes one place of many and a bounded number of waiting ones, and no more a minute than a person can
read; while all chats together flood, fewer. What was written while Telegram was away counts for the
time when it was written. What finds its line full is passed over, and the person is told once.
Words for help now and for leaving are passed over by nobody: they wait in a reserve, and where even
that is full, as many of them are already about to be heard. It must not know what a message says.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_WAITING: Final = 32
"""Messages of one chat that wait."""
RESERVE: Final = 8
"""Places behind those for urgent words alone."""
MOST_CHATS: Final = 256
"""Chats whose messages are worked on at the same time."""
BURST: Final = 40
"""Messages that a chat may send at any speed."""
MINUTE: Final = 20
"""Messages that it may send every minute after those."""
CROWDED_BURST: Final = 5
"""The same as `BURST` while all chats together send more than can be answered for long."""
LATE_SECONDS: Final = 60.0
"""What is older is no part of a crowd of now: it waited for us."""
ALL_SECONDS: Final = 1 / 100
ALL_BURST_SECONDS: Final = 10.0
"""Of so many seconds' worth all chats together may be ahead: a thousand messages."""
MOST_COUNTED: Final = 20_000
"""Chats whose messages are counted, in memory alone; the one that was quiet longest goes first."""


@dataclass(slots=True)
class _Line:
    waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)


@dataclass(slots=True)
class _Count:
    full_at: float
    """When the chat may send a whole burst again, in the clock's seconds."""
    last: float
    """When the newest of its messages was written."""
    told: bool = False
    """Whether the person was told that something was passed over, in this flood."""


class Lines:
    """The lines of all chats. Use from one event loop."""

    def __init__(self, *, burst: int = BURST, clock: Callable[[], float] | None = None) -> None:
        """`clock`: seconds, from anywhere; the loop's own when none is given."""
        self._clock = clock or asyncio.get_running_loop().time
        self._burst = burst
        self._lines: dict[int, _Line] = {}
        self._places = asyncio.Semaphore(MOST_CHATS)
        self._counts: OrderedDict[int, _Count] = OrderedDict()
        self._all_full_at = 0.0

    async def enter(self, chat: int, *, urgent: bool, ago: float = 0.0) -> bool:
        """Wait for one's turn; then `leave` must follow. False when it is too much: go away.

        `ago`: seconds since it was written.
        """
        if not self._counted(chat, ago) and not urgent:
            return False
        line = self._lines.get(chat)
        if line is None:
            self._lines[chat] = _Line()
        else:
            most = MOST_WAITING + (RESERVE if urgent else 0)
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
        count = self._counts.get(chat)
        if count is None or count.told:
            return False
        count.told = True
        return True

    def __len__(self) -> int:
        """Chats with something under way."""
        return len(self._lines)

    def _counted(self, chat: int, ago: float) -> bool:
        """Count a message; False when the chat has sent too many for now."""
        each = 60 / MINUTE
        crowded = self._are_crowded() and ago < LATE_SECONDS
        burst = min(self._burst, CROWDED_BURST) if crowded else self._burst
        count = self._counts.get(chat)
        # Nobody says when a button was pressed: what was written before one counts with it.
        now = max(self._clock() - ago, count.last if count else -math.inf)
        if count is None or count.full_at <= now:
            count = self._counts[chat] = _Count(now, now)
            if len(self._counts) > MOST_COUNTED:
                self._counts.popitem(last=False)
        self._counts.move_to_end(chat)
        count.last = now
        if count.full_at + each - now > each * burst:
            return False
        count.full_at += each
        return True

    def _are_crowded(self) -> bool:
        """Count a message of anybody; whether all together are far ahead."""
        now = self._clock()
        ahead = max(self._all_full_at - now, 0.0) + ALL_SECONDS
        self._all_full_at = now + min(ahead, 2 * ALL_BURST_SECONDS)
        return ahead > ALL_BURST_SECONDS

    def _call_next(self, chat: int) -> None:
        line = self._lines[chat]
        while line.waiting:
            turn = line.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._lines[chat]
