"""That somebody is writing: a sign, in memory, between the two sides of a chat.

It decides nothing but that signs do not come in a storm. It keeps no words, and knows for a moment
which chat a sign was of: who listens now is told, and nobody else.
"""

import time
from collections.abc import Callable
from typing import Final, Literal

Side = Literal["person", "staff"]
Listener = Callable[[bytes, Side], None]
APART_SECONDS: Final = 2.0
"""Between two signs of one side. A page gives one in three seconds."""
MOST: Final = 4_096
"""Sides whose last sign is remembered."""


class Typed:
    """Passes the sign on. Any thread may tell; a listener must be quick and must not raise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds, from anywhere."""
        self._clock = clock
        self._listeners: list[Listener] = []
        self._last: dict[tuple[bytes, Side], float] = {}
        self.told: Listener = _unheard
        """Called with every sign that was taken here: for other processes."""

    def listen(self, listener: Listener) -> None:
        """From now on told of every sign: the chat's id, and who writes."""
        self._listeners.append(listener)

    def tell(self, chat: bytes, by: Side) -> None:
        """Somebody is writing in that chat. What comes too soon after the last is passed over."""
        now = self._clock()
        if 0 <= now - self._last.get((chat, by), -APART_SECONDS) < APART_SECONDS:
            return
        if len(self._last) >= MOST:
            self._last.clear()
        self._last[chat, by] = now
        self.hear(chat, by)
        self.told(chat, by)

    def hear(self, chat: bytes, by: Side) -> None:
        """A sign that another process took."""
        for listener in self._listeners:
            listener(chat, by)


def _unheard(_: bytes, __: Side) -> None:
    """Where there is no other process."""
