"""`quietline bench turns --database postgresql`: replicas in processes of their own, on one server.

It decides what is compared: the floor (what the driver and the disk need for groups of rows without
any turn), one replica, several at once, and one with ever more sessions stored. Several replicas
and the server share the cores of this machine; the figures say how many there are.
"""

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import psycopg
from pydantic import SecretStr

from bot.cli.bench_server import a_server
from bot.settings import Settings
from bot.storage import Store
from bot.storage.arrays import columns, teach
from bot.storage.database import database_at

GROUP: Final = 64
_SEALED: Final = 604
_FILL: Final = (
    "INSERT INTO session (alias, epoch, sequence, sealed) SELECT uuid_send(gen_random_uuid()), %s,"
    " (random() * 1e12)::bigint, decode(repeat(md5(random()::text), %s), 'hex')"
    " FROM generate_series(1, %s)"
)


@dataclass(frozen=True, slots=True)
class Run:
    """What replicas did together."""

    turns: int
    seconds: float
    own: float
    """Seconds of a processor that the replicas used."""
    database: float
    """The same of the server; 0 when it is not ours to ask."""

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured on which server."""

    address: str
    process: int
    """The server's, 0 when it is not ours."""
    users: int
    concurrency: int


def measure(
    address: str, users: int, concurrency: int, replicas: int, stored: Sequence[int]
) -> dict[str, float]:
    """The figures. `address` of an empty database, or `postgresql` for a server of our own."""
    if address != "postgresql":
        return _figures(Bench(address, 0, users, concurrency), replicas, stored)
    with tempfile.TemporaryDirectory(prefix="quietline-bench-", dir=Path.cwd()) as name:
        place = Path(name).resolve()
        place.chmod(0o711)
        with a_server(place) as (ours, process):
            return _figures(Bench(ours, process, users, concurrency), replicas, stored)


def _figures(bench: Bench, replicas: int, stored: Sequence[int]) -> dict[str, float]:
    figures: dict[str, float] = {"cores": float(os.cpu_count() or 1)}
    figures["floor_us_per_row"] = round(_floor(bench.address), 1)
    one = _run(bench, 1)
    figures["postgresql_us_per_turn"] = round(1e6 / one.rate, 1)
    figures["postgresql_turns_per_s"] = round(one.rate)
    figures["replica_cpu_us_per_turn"] = round(one.own / one.turns * 1e6, 1)
    figures["database_cpu_us_per_turn"] = round(one.database / one.turns * 1e6, 1)
    if replicas > 1:
        several = _run(bench, replicas)
        figures[f"replicas_{replicas}_turns_per_s"] = round(several.rate)
        figures[f"replicas_{replicas}_times_one"] = round(several.rate / one.rate, 2)
        used = (several.own + several.database) / several.seconds
        figures[f"replicas_{replicas}_cores_used"] = round(used, 2)
    for count in stored:
        _fill(bench.address, count)
        # The best of three: what else the machine does is no cost of what is stored.
        run = max((_run(bench, 1) for _ in range(3)), key=lambda one: one.rate)
        figures[f"us_per_turn_at_{count}"] = round(1e6 / run.rate, 1)
        figures[f"database_cpu_us_at_{count}"] = round(run.database / run.turns * 1e6, 1)
    return figures


def _floor(address: str, groups: int = 200) -> float:
    """Microseconds a row, where a group is one INSERT of as many rows as turns, and one commit."""
    with psycopg.connect(address) as connection:
        teach(connection)
        connection.execute("CREATE TABLE floor (id bigint PRIMARY KEY, sealed bytea)")
        connection.commit()
        add = "INSERT INTO floor SELECT * FROM unnest(%s, %s)"
        began = 0.0
        for group in range(-20, groups):
            if group == 0:
                began = time.perf_counter()
            rows = [
                ((group + 20) * GROUP + row, secrets.token_bytes(_SEALED)) for row in range(GROUP)
            ]
            connection.execute(add, columns(rows, "nb"), prepare=True)
            connection.commit()
        spent = time.perf_counter() - began
        connection.execute("DROP TABLE floor")
    return spent / groups / GROUP * 1e6


def _fill(address: str, count: int) -> None:
    """As many sessions of nobody as that, in all."""
    today = int(time.time() // 86_400)  # of a day whose key lives: others are swept
    database = database_at(SecretStr(address), "quietline")
    Store.open(database).close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET search_path = quietline")
        ((there,),) = connection.execute("SELECT count(*) FROM session").fetchall()
        for start in range(there, count, 250_000):
            many = min(250_000, count - start)
            connection.execute(_FILL, (today, _SEALED // 16, many))
        connection.execute("VACUUM ANALYZE session")
        connection.execute("CHECKPOINT")


def _used(process: int) -> float:
    """Seconds of a processor that a server and all that it started used until now."""
    if not process:
        return 0.0
    # Of those that ended, the server's own count holds what they used.
    started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    spent = sum(_ticks(process)) + sum(sum(_ticks(int(child))[:2]) for child in started)
    return spent / os.sysconf("SC_CLK_TCK")


def _ticks(process: int) -> tuple[int, ...]:
    """Its own in and out of the kernel, and the same of its ended children."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return (0, 0, 0, 0)
    return tuple(int(part) for part in stat.rpartition(")")[2].split()[11:15])


def _run(bench: Bench, replicas: int) -> Run:
    """So many replicas together, each with people of its own."""
    spawn = get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="quietline-bench-keys-") as keys:
        lines: list[Connection] = []
        processes = []
        for number in range(replicas):
            mine, theirs = spawn.Pipe()
            given = (theirs, bench.address, keys, bench.users, bench.concurrency, number)
            process = spawn.Process(target=replica, args=given)
            process.start()
            lines.append(mine)
            processes.append(process)
        for line in lines:
            line.recv()
        before, began = _used(bench.process), time.perf_counter()
        for line in lines:
            line.send("go")
        told = [line.recv() for line in lines]
        spent, used = time.perf_counter() - began, _used(bench.process) - before
        for process in processes:
            process.join()
    return Run(sum(turns for turns, _ in told), spent, sum(own for _, own in told), used)


def replica(line: Connection, address: str, keys: str, users: int, most: int, number: int) -> None:
    """The whole life of a process."""
    from bot import report

    report.set_up()
    asyncio.run(_serve(line, address, Path(keys), users, most, number))


async def _serve(  # what a process is given
    line: Connection, address: str, keys: Path, users: int, most: int, number: int
) -> None:
    from bot.app import Service
    from bot.cli.bench import take_turns

    own = keys / f"replica-{number}"
    own.mkdir(mode=0o700)
    settings: Any = {"data": own, "key_ring": keys / "keys", "database": SecretStr(address)}
    service = Service(Settings(**settings), demo=True)
    await service.start()
    warm, first = 64, 700_000_000 + 1_000_000 * number
    await take_turns(service, warm, most, first=first + 900_000)
    line.send("ready")
    await asyncio.to_thread(line.recv)
    began = time.process_time()
    waits = await take_turns(service, users, most, first=first)
    line.send((len(waits), time.process_time() - began))
    await service.stop()
