"""Whether two kinds of tries can be told apart by how long they take. It decides no limit."""

import math
import random
from collections.abc import Awaitable, Callable, Sequence
from statistics import fmean, variance
from time import perf_counter

LIMIT = 4.5
"""From here on two kinds can be told apart (TVLA)."""
KEPT = 0.9
"""The slowest tenth says more of the machine than of the program."""


def welch(one: Sequence[float], other: Sequence[float]) -> float:
    """Welch's t of two samples, each without its slowest tenth."""
    kept = [sorted(some)[: int(len(some) * KEPT)] for some in (one, other)]
    spread = sum(variance(some) / len(some) for some in kept)
    return (fmean(kept[0]) - fmean(kept[1])) / math.sqrt(spread or 1e-30)


async def compared(
    times: int, chance: random.Random, *tries: Callable[[], Awaitable[object]]
) -> float:
    """Holds two kinds of tries so many times each, in random order; gives Welch's t."""
    order = [number for number in range(2) for _ in range(times)]
    chance.shuffle(order)
    took: tuple[list[float], list[float]] = ([], [])
    for number in order:
        began = perf_counter()
        await tries[number]()
        took[number].append(perf_counter() - began)
    return welch(*took)
