"""How often slips are made, and words of slips tried that open nothing.

It decides the numbers; `bot.handoff.tries` counts wrong tries, by a keyed hash of a network.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from bot.handoff.tries import Tries

MOST_EACH: Final = 12
"""Wrong tries within an hour from one network. A hospital may be behind one."""
MOST_ALL: Final = 2_000
"""Wrong tries within an hour from everywhere: it takes hundreds of networks to reach it."""


def guesses(clock: Callable[[], float] = time.monotonic) -> Tries:
    """How often wrong words may be tried. `clock`: seconds that never go back."""
    return Tries(clock, most_each=MOST_EACH, most_all=MOST_ALL)


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
