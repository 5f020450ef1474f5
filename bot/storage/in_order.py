"""A lock that is had in the order in which it was asked for.

Python's own is had by whoever is quickest, and in a surge that is always the thread that just let
go of it: turns would be taken, and replies and the desk would wait for as long as people come. It
decides nothing else.
"""

import threading
from collections import deque
from types import TracebackType


class InOrder:
    """`with lock: …`. A thread that has it and asks again waits for ever, as with Python's own."""

    __slots__ = ("_guard", "_held", "_waiting")

    def __init__(self) -> None:
        """Nobody has it."""
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()
        """One lock for each who waits, opened by whoever goes."""

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()
        except BaseException:  # someone pressed Ctrl-C: it is not to be handed to who is gone
            self._gone(mine)
            raise

    def _gone(self, mine: threading.Lock) -> None:
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return
        self.__exit__(None, None, None)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()  # handed over: nobody comes in between
            else:
                self._held = False

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return len(self._waiting)
