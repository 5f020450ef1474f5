"""The clock that days are counted by: the machine's, unless it jumps.

It decides that a jump of more than an hour is not believed: time goes on as it went before, until a
person says that the clock is right now. It counts no days.
"""

import time
from collections.abc import Callable
from typing import Final

MOST_STEP: Final = 3_600
"""Seconds that a clock may be corrected by, at once, without a person."""


def since_boot() -> float:
    """Seconds that passed, also while the machine slept; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SteadyClock:
    """Seconds since 1970 as the machine says, but never further off than it may have gone."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = since_boot
    ) -> None:
        """Believes what `wall` says now."""
        self._wall, self._steady = wall, steady
        self._at, self._from = wall(), steady()

    def __call__(self) -> float:
        """Seconds since 1970 that count."""
        passed = self._at + self._steady() - self._from
        said = self._wall()
        if abs(said - passed) > MOST_STEP:
            return passed
        self._at, self._from = said, self._steady()
        return said

    @property
    def known(self) -> tuple[float, float]:
        """A moment that counted, and the seconds since the machine's start that belong to it."""
        return self._at, self._from

    def resume(self, at: float, since: float) -> None:
        """Goes on from what was `known` before, in the same run of the machine: a jump of the clock
        while this program did not run is one too.
        """
        self._at, self._from = at, since

    @property
    def step(self) -> int:
        """Seconds that the machine's clock jumped by and that are not believed; 0: all is well."""
        passed = self._at + self._steady() - self._from
        off = self._wall() - passed
        return round(off) if abs(off) > MOST_STEP else 0

    def believe(self) -> None:
        """A person looked: the machine's clock is right now."""
        self._at, self._from = self._wall(), self._steady()
