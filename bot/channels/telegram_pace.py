"""When the next call may leave: Telegram's limits kept before it has to name them, and kept longer
when it does.

    30 messages a second in all; one a second in one chat, after a few at once

It decides only about time. A 429 in one chat holds back that chat; in two chats, with nothing sent
in between, all of them: then it is not the chat that was too much. Chats are known here for as
long as their last call is young.
"""

import asyncio
from collections.abc import Callable
from typing import Final

ALL_SECONDS: Final = 1 / 28
"""A little more than Telegram asks for: what leaves evenly does not always arrive so."""
CHAT_SECONDS: Final = 1.0
CHAT_BURST: Final = 3
"""Messages of one answer that may leave at once."""
MANY: Final = 4_096
"""Chats that are remembered before those that are long over are let go."""


class Pace:
    """The times of the next calls. Use from one event loop."""

    def __init__(
        self,
        all_seconds: float = ALL_SECONDS,
        chat_seconds: float = CHAT_SECONDS,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Seconds between calls in all, and between messages in one chat. `clock`: seconds, from
        anywhere; the loop's own when none is given.
        """
        self._all_seconds, self._chat_seconds = all_seconds, chat_seconds
        self._clock = clock or asyncio.get_running_loop().time
        self._all = 0.0
        self._chats: dict[int, float] = {}
        self._held: dict[tuple[int, bool], float] = {}
        """Chat, and whether for messages → until when Telegram asked us to wait. Deleting does not
        wait for what was said too fast.
        """
        self._all_held = 0.0
        self._struck: set[int] = set()
        """Chats that were refused since the last call that was not."""

    def wait(self, chat: int, *, message: bool) -> float:
        """Seconds until this call may leave; 0 takes its place, so it must leave now."""
        left = self.left(chat, message=message)
        if left:
            return left
        now = self._clock()
        self._held.pop((chat, message), None)
        self._all = max(self._all, now) + self._all_seconds
        if message:
            self._chats[chat] = max(self._chats.get(chat, 0.0), now) + self._chat_seconds
        if len(self._chats) > MANY:
            self._chats = {one: until for one, until in self._chats.items() if until > now}
        return 0.0

    def left(self, chat: int, *, message: bool) -> float:
        """Seconds until this call may leave; takes no place."""
        now = self._clock()
        held = max(
            self._held.get((chat, message), 0.0), self._all_held, self._all - self._all_seconds
        )
        if message:
            held = max(held, self._chats.get(chat, 0.0) - self._chat_seconds * (CHAT_BURST - 1))
        return max(held - now, 0.0)

    def refused(self, chat: int, retry_after: float, *, message: bool) -> None:
        """Telegram asked to wait so many seconds."""
        until = self._clock() + retry_after
        self._held[chat, message] = max(until, self._held.get((chat, message), 0.0))
        self._struck.add(chat)
        if len(self._struck) > 1:
            self._all_held = max(until, self._all_held)

    def went_well(self) -> None:
        """A call was taken."""
        self._struck.clear()
