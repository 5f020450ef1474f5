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
    "INSERT INTO session (alias, epoch, sequence, sealed) SELECT uuid_send(gen_random_uuid()), 1,"
    " (random() * 1e12)::bigint, decode(repeat(md5(random()::text), %s), 'hex')"
    " FROM generate_series(1, %s)"
)


def measure(
    address: str, users: int, concurrency: int, replicas: int, stored: Sequence[int]
) -> dict[str, float]:
    """The figures. `address` of an empty database, or `postgresql` for a server of our own."""
    folder = Path.cwd()
    if address != "postgresql":
        return _figures(address, users, concurrency, replicas, stored)
    with tempfile.TemporaryDirectory(prefix="quietline-bench-", dir=folder) as name:
        place = Path(name).resolve()
        place.chmod(0o711)
        with a_server(place) as ours:
            return _figures(ours, users, concurrency, replicas, stored)


def _figures(
    address: str, users: int, concurrency: int, replicas: int, stored: Sequence[int]
) -> dict[str, float]:
    figures: dict[str, float] = {"cores": float(os.cpu_count() or 1)}
    figures["floor_us_per_row"] = round(_floor(address), 1)
    one = _run(address, users, concurrency, 1)
    figures["postgresql_us_per_turn"] = round(1e6 / one, 1)
    figures["postgresql_turns_per_s"] = round(one)
    if replicas > 1:
        several = _run(address, users, concurrency, replicas)
        figures[f"replicas_{replicas}_turns_per_s"] = round(several)
        figures[f"replicas_{replicas}_times_one"] = round(several / one, 2)
    for count in stored:
        _fill(address, count)
        figures[f"us_per_turn_at_{count}"] = round(1e6 / _run(address, users, concurrency, 1), 1)
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
    database = database_at(SecretStr(address), "quietline")
    Store.open(database).close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET search_path = quietline")
        ((there,),) = connection.execute("SELECT count(*) FROM session").fetchall()
        for start in range(there, count, 250_000):
            many = min(250_000, count - start)
            connection.execute(_FILL, (_SEALED // 16, many))
        connection.execute("VACUUM ANALYZE session")
        connection.execute("CHECKPOINT")


def _run(address: str, users: int, concurrency: int, replicas: int) -> float:
    """Turns a second of so many replicas together, each with people of its own."""
    spawn = get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="quietline-bench-keys-") as keys:
        lines: list[Connection] = []
        processes = []
        for number in range(replicas):
            mine, theirs = spawn.Pipe()
            given = (theirs, address, keys, users, concurrency, number)
            process = spawn.Process(target=replica, args=given)
            process.start()
            lines.append(mine)
            processes.append(process)
        for line in lines:
            line.recv()
        began = time.perf_counter()
        for line in lines:
            line.send("go")
        turns: int = sum(line.recv() for line in lines)
        spent = time.perf_counter() - began
        for process in processes:
            process.join()
    return turns / spent


def replica(line: Connection, address: str, keys: str, users: int, most: int, number: int) -> None:
    """The whole life of a process."""
    from bot import report

    report.set_up()
    line.send(asyncio.run(_serve(line, address, Path(keys), users, most, number)))


async def _serve(  # what a process is given
    line: Connection, address: str, keys: Path, users: int, most: int, number: int
) -> int:
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
    waits = await take_turns(service, users, most, first=first)
    await service.stop()
    return len(waits)
