"""The figures of one process in the words of Prometheus, on a socket that only monitoring reaches.

It decides the names, which stand in `NAMES`, and their labels, whose values are fixed words of the
program. No label and no value may follow a person: see `bot.figures` for how people are counted.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from bot.figures import SECONDS, Figures, step

NAMES: Final[Mapping[str, str]] = {
    "quietline_up": "Whether a part (database, keys, writer) is well: 1 or 0.",
    "quietline_turns": "Turns taken, in tens.",
    "quietline_groups": "Groups of turns kept or failed, as of the last full ten of turns.",
    "quietline_group_seconds": "Seconds that a group took, as of the last full ten of turns.",
    "quietline_waiting": "Turns that wait for the writer: the lower end of the step.",
    "quietline_outbox_waiting": "Replies that wait to be sent: the lower end of the step.",
    "quietline_sends": "Replies handed over to a channel, or failed, as of the last full ten.",
    "quietline_alarms": "Alarms by the name that the log gives them.",
    "quietline_sweeps": "How often what was due was destroyed.",
    "quietline_swept_timestamp_seconds": "When that was last done.",
    "quietline_listings": "Listings that are served.",
    "quietline_desk_waiting": "Chats that wait for a human: the lower end of the step.",
    "quietline_desk_open": "Chats that a human has: the lower end of the step.",
    "quietline_desk_on_duty": "Whether anybody is on duty: 1 or 0.",
    "quietline_build": "The version of the program.",
    "process_virtual_memory_bytes": "Virtual memory of the process.",
    "process_resident_memory_bytes": "Resident memory of the process.",
    "process_start_time_seconds": "When the process began.",
    "process_cpu_seconds": "Processor time of the process.",
    "process_open_fds": "Open files of the process.",
    "process_max_fds": "Files that the process may open.",
}
"""Every name that is ever given, and what it says. A counter's sample has `_total` behind it."""
TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Now:
    """What is asked at the moment of reading. Counts of people are rounded here, not before."""

    up: Mapping[str, bool]
    waiting: int = 0
    outbox: int = 0
    listings: int = 0
    desk_waiting: int = 0
    desk_open: int = 0
    on_duty: int = 0


class Metrics:
    """What can be read of one process."""

    def __init__(self, figures: Figures, now: Callable[[], Now], version: str) -> None:
        """`now` is called in a thread, each time somebody reads; it must not raise."""
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Collected(figures, now, version))
        ProcessCollector(registry=self._registry)

    def written(self) -> bytes:
        """All figures, as text."""
        return generate_latest(self._registry)


class _Collected(Collector):
    def __init__(self, figures: Figures, now: Callable[[], Now], version: str) -> None:
        self._figures, self._now, self._version = figures, now, version

    def collect(self) -> Iterable[Metric]:
        yield from self._counted()
        now = self._now()
        yield _gauge("quietline_up", "part", now.up)
        yield _one("quietline_waiting", step(now.waiting))
        yield _one("quietline_outbox_waiting", step(now.outbox))
        yield _one("quietline_listings", now.listings)
        yield _one("quietline_desk_waiting", step(now.desk_waiting))
        yield _one("quietline_desk_open", step(now.desk_open))
        yield _one("quietline_desk_on_duty", int(now.on_duty > 0))
        yield _gauge("quietline_build", "version", {self._version: True})

    def _counted(self) -> Iterator[Metric]:
        figures, shown = self._figures, self._figures.shown()
        turns = CounterMetricFamily("quietline_turns", NAMES["quietline_turns"])
        turns.add_metric([], shown.turns)
        yield turns
        yield _counter("quietline_groups", "outcome", {"kept": 0, "failed": 0, **shown.groups})
        yield _counter("quietline_sends", "outcome", {"handed_over": 0, "failed": 0, **shown.sends})
        yield _counter("quietline_alarms", "event", figures.alarms)
        ends = [*(str(end) for end in SECONDS), "+Inf"]
        yield HistogramMetricFamily(
            "quietline_group_seconds",
            NAMES["quietline_group_seconds"],
            buckets=list(zip(ends, accumulate(shown.seconds), strict=True)),
            sum_value=shown.total_seconds,
        )
        sweeps = CounterMetricFamily("quietline_sweeps", NAMES["quietline_sweeps"])
        sweeps.add_metric([], figures.sweeps)
        yield sweeps
        yield _one("quietline_swept_timestamp_seconds", figures.swept_at)


def _one(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, NAMES[name], value=value)


def _gauge(name: str, label: str, values: Mapping[str, bool]) -> Metric:
    family = GaugeMetricFamily(name, NAMES[name], labels=[label])
    for said, value in sorted(values.items()):
        family.add_metric([said], float(value))
    return family


def _counter(name: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, NAMES[name], labels=[label])
    for said, value in sorted(values.items()):
        family.add_metric([said], value)
    return family


def make_socket(path: Path) -> None:
    """Room for a socket there: what a stopped process left is removed. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_socket():
        path.unlink()


async def listen_on(runner: web.AppRunner, path: Path) -> None:
    """Listen on a socket that its owner alone may use. Raises `OSError`."""
    make_socket(path)
    before = os.umask(0o177)
    try:
        await web.UnixSite(runner, path).start()
    finally:
        os.umask(before)
