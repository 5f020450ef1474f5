"""How fast Telegram lets a bot write: 30 messages in any second, and about one a second in one chat
after a few at once. Off unless a test turns it on: most tests are in a hurry.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.refusals import too_many


@dataclass(slots=True)
class Pace:
    """Refuses with 429 what comes too fast. A refused message is not counted."""

    in_a_second: int = 30
    at_once: int = 5
    """Messages to one chat that may come together; after them one a second."""
    clock: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[str, float] = field(default_factory=dict)
    """Chat → when it would be free of what it got, at one a second."""

    def take(self, chat: str) -> None:
        """One message. Raises `Refused`."""
        now = self.clock()
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        if len(self._all) >= self.in_a_second:
            raise too_many(1)
        free = max(self._chats.get(chat, now), now) + 1
        if free - now > self.at_once:
            raise too_many(math.ceil(free - now - self.at_once))
        self._chats[chat] = free
        self._all.append(now)
