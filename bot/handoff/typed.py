"""That somebody is writing: a sign, in memory, between the two sides of a chat.

It decides nothing, keeps nothing and knows no words: who listens now is told, and nobody else.
"""

from collections.abc import Callable
from typing import Literal

Side = Literal["person", "staff"]
Listener = Callable[[bytes, Side], None]


class Typed:
    """Passes the sign on. Any thread may tell; a listener must be quick and must not raise."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """From now on told of every sign: the chat's id, and who writes."""
        self._listeners.append(listener)

    def tell(self, chat: bytes, by: Side) -> None:
        """Somebody is writing in that chat."""
        for listener in self._listeners:
            listener(chat, by)
