"""How often words that open nothing may be tried.

It decides from how many wrong tries on nothing is looked at. It counts in memory, by a keyed hash
of a network, and keeps no network. A limit for all would be a switch for one: it is so high that it
takes hundreds of networks to reach it.
"""

import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

HOUR: Final = 3600.0
MOST_EACH: Final = 12
"""Wrong tries within an hour from one network. A hospital may be behind one."""
MOST_ALL: Final = 2_000
"""Wrong tries within an hour from everywhere; each replica counts for itself."""
MOST_PLACES: Final = 10_000


class Guesses:
    """Counts wrong tries. For several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds that never go back."""
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._each: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=MOST_ALL)
        self._lock = threading.Lock()

    def may(self, place: bytes) -> bool:
        """Whether words from there are looked at now. An empty place is nobody's in particular."""
        since = self._clock() - HOUR
        with self._lock:
            if len(self._all) == MOST_ALL and self._all[0] > since:
                return False
            mine = self._each.get(self._name(place), ()) if place else ()
            return sum(when > since for when in mine) < MOST_EACH

    def lose(self, place: bytes) -> None:
        """One more wrong try from there."""
        now = self._clock()
        with self._lock:
            self._all.append(now)
            if not place:
                return
            name = self._name(place)
            self._each.setdefault(name, deque(maxlen=MOST_EACH)).append(now)
            self._each.move_to_end(name)
            if len(self._each) > MOST_PLACES:
                self._each.popitem(last=False)

    def _name(self, place: bytes) -> bytes:
        return hmac.digest(self._key, place, "sha256")[:16]

    def __repr__(self) -> str:
        return "Guesses()"


class Pace:
    """How many slips are made in a while: each costs the one writer of turns some milliseconds."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        burst: int = 20,
        per_second: float = 2.0,
    ) -> None:
        """`clock`: seconds that never go back."""
        self._clock, self._burst, self._per_second = clock, burst, per_second
        self._full_at = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more may be made now; when it may, it counts."""
        now, each = self._clock(), 1 / self._per_second
        with self._lock:
            full_at = max(self._full_at, now) + each
            if full_at - now > each * self._burst + 1e-9:
                return False
            self._full_at = full_at
            return True
