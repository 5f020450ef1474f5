"""How quickly one browser may ask by script: as a desk does with three chats, and not as a flood.

It decides nothing else. It keeps a keyed hash of the session and a number, in memory.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

AT_ONCE: Final = 400
"""Questions without a pause: a page that opens asks for each chat, and wraps for a colleague."""
A_SECOND: Final = 20.0
MOST: Final = 4_000
"""Browsers that are remembered."""


class Pace:
    """A bucket for each browser. For one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds that never go back."""
        self._clock, self._key = clock, secrets.token_bytes(16)
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def may(self, secret: bytes) -> bool:
        """Takes one; whether there was one."""
        place = hashlib.blake2b(secret, key=self._key, digest_size=12).digest()
        now = self._clock()
        left, at = self._buckets.pop(place, (float(AT_ONCE), now))
        left = min(float(AT_ONCE), left + (now - at) * A_SECOND)
        may = left >= 1.0
        self._buckets[place] = (left - may, now)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return may
