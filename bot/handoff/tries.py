"""How often somebody may try words that open nothing.

It decides from how many wrong tries on nothing is looked at. It counts in memory, by a keyed hash
of who tries, and keeps neither them nor what was typed. A limit for everybody together would be a
switch that one visitor could use against all: it is meant to be so high that it never is one.
"""

import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

HOUR: Final = 3600.0
MOST_PLACES: Final = 10_000
"""Who tried: the one whose last wrong try is the longest ago is forgotten first."""


class Tries:
    """Counts wrong tries within an hour. For several threads; each process counts for itself."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, most_each: int, most_all: int
    ) -> None:
        """`clock`: seconds that never go back. `most_each`: of one place; `most_all`: of all."""
        self._clock, self._most_each, self._most_all = clock, most_each, most_all
        self._key = secrets.token_bytes(32)
        self._each: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=most_all)
        self._lock = threading.Lock()

    def may(self, place: bytes) -> bool:
        """Whether words from there are looked at now. An empty place is nobody's in particular."""
        since = self._clock() - HOUR
        with self._lock:
            if len(self._all) == self._most_all and self._all[0] > since:
                return False
            mine = self._each.get(self._name(place), ()) if place else ()
            return sum(when > since for when in mine) < self._most_each

    def lose(self, place: bytes) -> None:
        """One more wrong try from there."""
        now = self._clock()
        with self._lock:
            self._all.append(now)
            if not place:
                return
            name = self._name(place)
            self._each.setdefault(name, deque(maxlen=self._most_each)).append(now)
            self._each.move_to_end(name)
            if len(self._each) > MOST_PLACES:
                self._each.popitem(last=False)

    def _name(self, place: bytes) -> bytes:
        return hmac.digest(self._key, place, "sha256")[:16]

    def __repr__(self) -> str:
        return "Tries()"
