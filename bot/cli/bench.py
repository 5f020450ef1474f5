"""`quietline bench`: figures of this machine, now. Compare them with the floor and the peers in
one run.

`turns` drives the whole service in one process, as a channel would: eight turns each of many
people, each delivered once and with a reply in the outbox, on SQLite with full fsync. Two runs
are made: as fast as turns are taken, for the cost of a turn, and at a steady rate, for the time a
person waits.
"""

import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import report
from bot.app import Service
from bot.channels.contract import Address, Heard, Incoming, Opened, Pressed, Words
from bot.settings import Settings

STEADY = 2_000.0
"""Turns a second of the second run, unless another rate is asked for."""
REGIONS = ("UA-63", "UA-30", "UA-46", "UA-51", "UA-65", "UA-12", "UA-23", "UA-48", "UA-59")
NEEDS = ("medical", "psychosocial", "shelter")
TURNS: Sequence[Callable[[str, int], Heard]] = (
    lambda _mark, _person: Opened(),
    lambda mark, _person: Pressed("yes", mark),
    lambda mark, person: Pressed(NEEDS[person % len(NEEDS)], mark),
    lambda mark, _person: Pressed("=UA", mark),
    lambda mark, person: Pressed("=" + REGIONS[person % len(REGIONS)], mark),
    lambda _mark, _person: Pressed("!help_now", ""),
    lambda _mark, _person: Pressed("!back", ""),
    lambda _mark, _person: Words("stop"),
)
"""Hello, safe, a need, a country, a region (search), help (lines), back (search), leave."""


def run_bench_turns(
    users: int,
    concurrency: int,
    rate: float,
    *,
    as_json: bool,
    database: str = "sqlite",
    replicas: int = 1,
    sessions: Sequence[int] = (),
) -> int:
    """Measure whole turns and print the figures. `database`: sqlite, postgresql, or the address of
    an empty database on a server; then SQLite is measured beside it.
    """
    report.set_up()
    more: dict[str, float] = {}
    if database != "sqlite":
        from bot.cli.bench_replicas import measure

        more = measure(database, users, concurrency, replicas, sessions)
    steady = rate or STEADY
    with tempfile.TemporaryDirectory(prefix="quietline-bench-", dir=".") as folder:
        cost_folder, wait_folder = Path(folder) / "cost", Path(folder) / "wait"
        cost_folder.mkdir(mode=0o700)
        wait_folder.mkdir(mode=0o700)
        cost = asyncio.run(_measure(cost_folder, users, concurrency, None))
        wait = asyncio.run(_measure(wait_folder, users, concurrency, steady))
    us = cost["seconds"] / cost["turns"] * 1e6
    figures = {
        "us_per_turn": round(us, 1),
        "turns_per_s": round(1e6 / us),
        "p99_ms": round(wait["p99"] * 1e3, 2),
        "p99_at_turns_per_s": round(wait["turns"] / wait["seconds"]),
        "p99_ms_at_full_speed": round(cost["p99"] * 1e3, 2),
        "peak_rss_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "bytes_per_session": round(cost["bytes"]),
        "turns": round(cost["turns"]),
        **more,
    }
    _show(figures, as_json=as_json)
    return 0


def run_bench_directory(services: int, *, as_json: bool) -> int:
    """Measure searches and print the figures."""
    from referral_directory.bench import bench_directory

    _show(bench_directory(services), as_json=as_json)
    return 0


def _show(figures: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:>22}  {value}")


async def _measure(
    folder: Path, users: int, concurrency: int, rate: float | None
) -> dict[str, float]:
    service = Service(Settings(data=folder, key_ring=folder / "keys"), demo=True)
    await service.start()
    sizes: list[float] = []

    def before_the_last() -> None:
        stats = service.store.stats()
        sizes.append(stats.sealed_bytes / max(stats.sessions, 1))

    began = time.perf_counter()
    waits = await take_turns(service, users, concurrency, rate, before_the_last=before_the_last)
    seconds = time.perf_counter() - began
    await service.stop()
    waits.sort()
    return {
        "seconds": seconds,
        "turns": float(len(waits)),
        "p99": waits[int(len(waits) * 0.99)],
        "bytes": sizes[0],
    }


async def take_turns(
    service: Service,
    users: int,
    concurrency: int,
    rate: float | None = None,
    *,
    first: int = 700_000_000,
    before_the_last: Callable[[], None] = lambda: None,
) -> list[float]:
    """Eight turns of each of so many people, `concurrency` of them at once; for each turn, how long
    its person waited in seconds. `first`: the number of the first person.
    """
    marks = ["0"] * users
    waits: list[float] = []
    for turn, heard in enumerate(TURNS):
        if turn == len(TURNS) - 1:
            before_the_last()
        people = iter(range(users))
        start = time.perf_counter()

        async def work() -> None:
            for person in people:  # noqa: B023 - all workers of a round share its people
                if rate is not None:
                    due = start + person / rate  # noqa: B023 - the round's own start
                    await asyncio.sleep(max(0.0, due - time.perf_counter()))
                asked = time.perf_counter()
                answer = await service.writer.hand_in(
                    Incoming(
                        Address("telegram", "bench", b"%d" % (first + person)),
                        heard(marks[person], person),  # noqa: B023 - the round's own turn
                        once=f"{turn}.{person}",  # noqa: B023 - the round's own turn
                        push=True,
                    )
                )
                waits.append(time.perf_counter() - asked)
                if answer.outgoing is None or answer.box is None:
                    raise RuntimeError("a turn was not taken")
                marks[person] = answer.outgoing.mark
                service.turns.sent.append(answer.box)

        await asyncio.gather(*(work() for _ in range(concurrency)))
    return waits
