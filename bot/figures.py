"""What the program counts of itself while it runs: turns, groups, replies, alarms, sweeps.

It decides what is counted and how coarsely it is shown. It must not be given anything about a
person, and nothing it shows follows a single one: what people do is shown in tens, all of it taken
together at the moment when ten more turns were taken, and how many people there are only as the
lower end of a step.
"""

import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, ParamSpec, TypeVar

from bot import report

TENS: Final = 10
"""Turns after which what people do is shown anew: ten people, or one who pressed ten times."""
STEPS: Final = (0, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000)
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper ends of the steps in which the time of a group is counted."""
MOST_EVENTS: Final = 200
"""Names of alarms that are counted apart. There are fewer; a fault must not fill the memory."""
OTHER: Final = "other"

Outcome = Literal["handed_over", "failed"]
_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")
_P = ParamSpec("_P")


@dataclass(frozen=True, slots=True)
class Shown:
    """The counts as they may be read."""

    turns: int = 0
    groups: Mapping[str, int] = field(default_factory=dict)
    """`kept`, `failed` → how many."""
    seconds: tuple[int, ...] = (0,) * (len(SECONDS) + 1)
    """Groups that took at most as long as each of `SECONDS`, then longer ones; not summed up."""
    total_seconds: float = 0.0
    sends: Mapping[str, int] = field(default_factory=dict)


def step(people: int) -> int:
    """The lower end of the step that so many are in: whether there are two or nine, it is 0."""
    return STEPS[bisect_left(STEPS, people + 1) - 1]


class Figures:
    """The counts of one process. Any thread may call; each call takes a microsecond."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """`clock`: seconds since 1970."""
        self._clock = clock
        self._lock = threading.Lock()
        self._turns = 0
        self._groups: Counter[str] = Counter()
        self._seconds = [0] * (len(SECONDS) + 1)
        self._total = 0.0
        self._sends: Counter[str] = Counter()
        self._shown = Shown()
        self._alarms: Counter[str] = Counter()
        self._sweeps = 0
        self.swept_at = 0.0
        """When rows and keys were last swept, in seconds since 1970; 0: not yet."""
        self._failed_at = float("-inf")

    def listen(self) -> Callable[[], None]:
        """Count alarms from now on; call what is given back to end it."""
        return report.on_alarm(self.alarm)

    def timed(
        self, take: Callable[[Sequence[_Task]], _Answer]
    ) -> Callable[[Sequence[_Task]], _Answer]:
        """The same taking of groups, counted."""

        def counted(tasks: Sequence[_Task]) -> _Answer:
            began = time.perf_counter()
            try:
                answer = take(tasks)
            except BaseException:
                self._failed_at = time.monotonic()
                self.group(len(tasks), time.perf_counter() - began, failed=True)
                raise
            self.group(len(tasks), time.perf_counter() - began)
            return answer

        return counted

    def carried(self, deliver: Callable[_P, Awaitable[None]]) -> Callable[_P, Awaitable[None]]:
        """The same sending, counted."""

        async def counted(*args: _P.args, **kwargs: _P.kwargs) -> None:
            try:
                await deliver(*args, **kwargs)
            except Exception:
                self.sent("failed")
                raise
            self.sent("handed_over")

        return counted

    def group(self, turns: int, seconds: float, *, failed: bool = False) -> None:
        """A group of turns was taken, in so many seconds."""
        with self._lock:
            self._turns += turns
            self._groups["failed" if failed else "kept"] += 1
            self._seconds[bisect_left(SECONDS, seconds)] += 1
            self._total += seconds
            if self._turns - self._shown.turns >= TENS:
                self._shown = Shown(
                    self._turns // TENS * TENS,
                    dict(self._groups),
                    tuple(self._seconds),
                    round(self._total, 2),
                    dict(self._sends),
                )

    def sent(self, outcome: Outcome) -> None:
        """A reply was given to its channel, or could not be."""
        with self._lock:
            self._sends[outcome] += 1

    def alarm(self, event: str) -> None:
        """Something was said to be wrong."""
        with self._lock:
            known = event in self._alarms or len(self._alarms) < MOST_EVENTS
            self._alarms[event if known else OTHER] += 1

    def swept(self) -> None:
        """What was due is destroyed."""
        with self._lock:
            self._sweeps += 1
            self.swept_at = self._clock()

    def shown(self) -> Shown:
        """What people did, as of the last full ten of turns."""
        return self._shown

    def failing_for(self) -> float:
        """Seconds since a group last failed; infinite when none did."""
        return time.monotonic() - self._failed_at

    @property
    def alarms(self) -> Mapping[str, int]:
        """Name → how often, at once: alarms are about the program."""
        with self._lock:
            return dict(self._alarms)

    @property
    def sweeps(self) -> int:
        """How often it was swept."""
        return self._sweeps
