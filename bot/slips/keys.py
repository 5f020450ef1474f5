"""The keys of slips: one a week, in the signing folder or its service, destroyed when the last slip
of its week is void.

They decide which weeks count now. Keys of people live for 72 hours, and a way to a service may take
two weeks; so these are others, and nothing of a person is under them. The week is that of the ring:
a machine whose clock is wrong makes and destroys none out of time.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.vault import Epoch, Signing

WEEKS: Final = 3
"""A slip is good in the week in which it was made and in the two after it: 14 to 21 days."""
SPARED: Final = 1
"""Weeks for which a key outlives its slips, so that a clock that is a day ahead destroys none."""
SIZE: Final = 32
WEEK: Final = 7
_FIRST: Final = "slip-first"
"""The mark of the oldest week whose key may still be there."""
_MOST_WEEKS: Final = 520
"""Keys that are looked for when the service was off for years."""


def monday(day: int) -> int:
    """The Monday of a day's week; both in days since 1970, which began on a Thursday."""
    return day - (day + 3) % WEEK


@dataclass(frozen=True, slots=True)
class SlipKeys:
    """The keys of the weeks that count. Nothing is held in memory, so that what was destroyed is
    gone at once. Every method raises `KeyRingError` when keys cannot be reached. Any thread.
    """

    signing: Signing
    today: Callable[[], Epoch]

    def make(self) -> tuple[int, bytes]:
        """The Monday of this week, and its key, which is made when there is none."""
        week = monday(self.today())
        key = self.of(week)
        if key is None:
            with self.signing.alone("slip"):
                key = self.of(week)
                if key is None:
                    key = secrets.token_bytes(SIZE)
                    self.signing.keep(_name(week), key)
                    if self.signing.mark(_FIRST) < 0:
                        self.signing.raise_mark(_FIRST, week)
        return week, key

    def live(self) -> tuple[tuple[int, bytes], ...]:
        """The Mondays whose slips are good now, the newest first, and their keys."""
        last = monday(self.today())
        weeks = (last - WEEK * back for back in range(WEEKS))
        found = ((week, self.of(week)) for week in weeks)
        return tuple((week, key) for week, key in found if key is not None)

    def of(self, week: int) -> bytes | None:
        """The key of that week, when it is there."""
        return self.signing.kept(_name(week))

    def destroy_due(self) -> int:
        """Destroys the keys whose slips are all void; gives how many weeks are done with."""
        return _destroy(self.signing, monday(self.today()) - WEEK * (WEEKS - 1 + SPARED))


def destroy_all(signing: Signing, today: int) -> int:
    """Destroys every key of slips: no slip in anybody's hand opens anything any more. Gives how
    many weeks are done with.
    """
    return _destroy(signing, monday(today) + WEEK)


def _destroy(signing: Signing, before: int) -> int:
    """Every key of a week before that Monday."""
    with signing.alone("slip"):
        first = signing.mark(_FIRST)
        if first < 0 or first >= before:
            return 0
        weeks = range(max(first, before - WEEK * _MOST_WEEKS), before, WEEK)
        for week in weeks:
            signing.drop(_name(week))
        signing.raise_mark(_FIRST, before)
    return len(weeks)


def _name(week: int) -> str:
    return f"slip-{week}"
