"""How often a wrong answer may be given for one name before it is answered more slowly.

It decides by the name that was typed, known or not, so that it tells nothing about who has an
account. It counts in memory only: a stranger who guesses writes nothing to the disk. It must not
stop anyone who brings a passkey or a recovery code, nor a browser in which they signed in before.
"""

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

FREE: Final = 10
"""Wrong answers within an hour that cost nothing."""
HOUR: Final = 3600.0
BETWEEN: Final = 60.0
"""Seconds between two answers that are looked at, once there were more wrong ones."""
MOST_NAMES: Final = 10_000


class Patience:
    """Counts wrong answers for each name. For use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds that never go back."""
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._wrong: OrderedDict[bytes, list[float]] = OrderedDict()
        self._told = -BETWEEN
        self._lock = threading.Lock()

    def has(self, name: str) -> bool:
        """Whether an answer for that name is looked at now."""
        now = self._clock()
        with self._lock:
            wrong = [when for when in self._wrong.get(self._place(name), []) if now - when < HOUR]
        return len(wrong) < FREE or now - wrong[-1] >= BETWEEN

    def lose(self, name: str) -> bool:
        """One more wrong answer. Whether somebody should be told: a name has no free ones left, and
        nobody was told within a minute.
        """
        now, place = self._clock(), self._place(name)
        with self._lock:
            wrong = [when for when in self._wrong.get(place, []) if now - when < HOUR]
            self._wrong[place] = [*wrong[-FREE:], now]
            self._wrong.move_to_end(place)
            if len(self._wrong) > MOST_NAMES:
                self._wrong.popitem(last=False)
            if len(wrong) + 1 < FREE or now - self._told < BETWEEN:
                return False
            self._told = now
            return True

    def find_again(self, name: str) -> None:
        """They signed in: what was wrong before is forgotten."""
        with self._lock:
            self._wrong.pop(self._place(name), None)

    def _place(self, name: str) -> bytes:
        return hmac.digest(self._key, name.encode("utf-8", "replace"), "sha256")[:16]
