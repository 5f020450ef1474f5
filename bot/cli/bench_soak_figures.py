"""What a soak saw, and whether all stayed as it was.

It decides what is a fault: memory that grows by 5 % or more, open files that grow, an answer in a
hundred that takes a second or longer, a message without an answer, a table that grows without
people. It must not look at a process itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Protocol

from bot.cli.bench_soak_people import MOST_SAID, Seen

MOST_DRIFT: Final = 0.05
"""Of the memory: the last quarter's median against the second quarter's."""
MOST_P99: Final = 1.0
SPARE_FILES: Final = 8
"""Connections that are open or not, as it happens."""
SPARE_ROWS: Final = 64
"""Rows that are there or not, as it happens: what is just on its way."""
SHOWN: Final = ("session", "footprint", "seen", "outbox")
"""Tables that change with every message."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look."""

    at: float
    """Seconds since the first."""
    memory: tuple[int, ...]
    """Bytes of each replica that lie in memory."""
    files: tuple[int, ...]
    """Open files of each replica."""
    rows: Mapping[str, int]
    p50: float
    p99: float


class Crowd(Protocol):
    """Those who wrote."""

    seen: Seen

    @property
    def at_once(self) -> int:
        """How many are there at any time."""


def judged(
    samples: Sequence[Sample], waits: Sequence[float], people: Crowd, rate: float
) -> dict[str, object]:
    """The figures; `missed` names what was a fault. `waits`: seconds, of all but the first quarter.

    At least eight samples are needed.
    """
    quarter = len(samples) // 4
    before, after = samples[quarter : 2 * quarter], samples[-quarter:]
    grown = [
        median(one.memory[number] for one in after) / median(one.memory[number] for one in before)
        for number in range(len(samples[0].memory))
    ]
    files = [
        median(one.files[number] for one in after) - median(one.files[number] for one in before)
        for number in range(len(samples[0].files))
    ]
    seen, last, spread = people.seen, samples[-1].rows, sorted(waits) or [0.0]
    # A person has a session and what is known of their messages; of those who left, the marks of
    # what they had sent stay for as long as it could be brought again.
    known = {
        "session": people.at_once + SPARE_ROWS,
        "footprint": people.at_once + SPARE_ROWS,
        "outbox": SPARE_ROWS,
        "seen": seen.left * (MOST_SAID + 1) + SPARE_ROWS,
    }
    unbound = [
        table
        for table, count in last.items()
        if count > known.get(table, before[0].rows.get(table, 0) + SPARE_ROWS)
    ]
    p99 = spread[int(len(spread) * 0.99)]
    missed = [
        *(["memory"] if max(grown) - 1 >= MOST_DRIFT else []),
        *(["open files"] if max(files) > SPARE_FILES else []),
        *(["p99"] if p99 >= MOST_P99 else []),
        *(["answers"] if seen.lost else []),
        *(f"table {table}" for table in unbound),
    ]
    return {
        "expected_per_s": 1.0,
        "rate_per_s": rate,
        "minutes": round(samples[-1].at / 60, 1),
        "messages": seen.messages,
        "people": seen.came,
        "without_answer": seen.lost,
        "p50_ms": round(median(spread) * 1000, 1),
        "p99_ms": round(p99 * 1000, 1),
        "memory_mb": [round(one / 2**20, 1) for one in samples[-1].memory],
        "memory_drift_percent": [round((one - 1) * 100, 2) for one in grown],
        "open_files": list(samples[-1].files),
        "open_files_grown": files,
        "rows": {table: count for table, count in last.items() if count},
        "missed": missed,
    }


def tell(samples: Sequence[Sample]) -> None:
    """A line for the newest, and before the first what the columns are."""
    one = samples[-1]
    if len(samples) == 1:
        tables = "  ".join(SHOWN)
        print(f"{'s':>6}  {'MB':>15}  {'files':>9}  {'p50 ms':>7}  {'p99 ms':>7}  rows: {tables}")
    memory = " ".join(f"{each / 2**20:.1f}" for each in one.memory)
    files = " ".join(map(str, one.files))
    rows = "  ".join(str(one.rows.get(table, 0)).rjust(len(table)) for table in SHOWN)
    print(
        f"{one.at:6.0f}  {memory:>15}  {files:>9}  {one.p50 * 1000:7.1f}  {one.p99 * 1000:7.1f}"
        f"        {rows}",
        flush=True,
    )
