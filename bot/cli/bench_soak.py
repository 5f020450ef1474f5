"""`quietline bench soak`: the real service for a while at ten times what is expected, and what it
uses meanwhile.

Expected of a national line is one message a second, so the usual `--rate` is 10. It decides
what is started and looked at; `bench_soak_figures` decides what is a fault.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bot.cli.bench_soak_figures import Sample, judged, tell
from bot.cli.bench_soak_people import TOKEN, People, Places, Telegram
from bot.wiring import ROOT

SAMPLE_SECONDS: Final = 10.0
TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
TABLES_THERE: Final = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'quietline'::regnamespace"
    " AND relkind IN ('r', 'p') AND NOT relispartition"
)


@dataclass(frozen=True, slots=True)
class Site:
    """The processes that are measured, and where."""

    processes: tuple[int, ...]
    pages: tuple[str, ...]
    data: Path
    database: str
    """Address of a server; empty: a file in the data folder."""


def run_bench_soak(
    minutes: float, rate: float, database: str, replicas: int, *, as_json: bool
) -> int:
    """Measure, tell, and say by the exit code whether all was well."""
    if replicas > 1 and database == "sqlite":
        raise SystemExit("Several replicas need a server: --database postgresql")
    with tempfile.TemporaryDirectory(prefix="quietline-soak-", dir=Path.cwd()) as name:
        place = Path(name).resolve()
        place.chmod(0o711)
        figures = asyncio.run(_soak(place, minutes * 60, rate, database, replicas, as_json=as_json))
    if as_json:
        print(json.dumps(figures))
    else:
        for figure, value in figures.items():
            print(f"{figure}: {value}")
    return 1 if figures["missed"] else 0


async def _soak(
    place: Path, seconds: float, rate: float, database: str, replicas: int, *, as_json: bool
) -> dict[str, object]:
    telegram = Telegram()
    await telegram.start()
    with contextlib.ExitStack() as stack:
        site = await asyncio.to_thread(_start, stack, place, telegram.base, database, replicas)
        path, secret = _webhook()
        people = People(Places(site.pages, path, secret), telegram, rate)
        people.start()
        samples: list[Sample] = []
        waits: list[float] = []
        began = time.monotonic()
        try:
            while (passed := time.monotonic() - began) < seconds:
                await asyncio.sleep(min(SAMPLE_SECONDS, seconds / 16))
                people.check()
                new = people.seen.taken()
                if passed > seconds / 4:  # before it everything is warmed up
                    waits += new
                samples.append(await asyncio.to_thread(_look, site, time.monotonic() - began, new))
                if not as_json:
                    tell(samples)
        finally:
            await people.stop()
            await telegram.stop()
    return judged(samples, waits, people, rate)


def _look(site: Site, at: float, waits: list[float]) -> Sample:
    spread = sorted(waits) or [0.0]
    return Sample(
        at,
        tuple(_resident(process) for process in site.processes),
        tuple(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in site.processes),
        _rows(site),
        median(spread),
        spread[int(len(spread) * 0.99)],
    )


def _resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _rows(site: Site) -> dict[str, int]:
    """How many rows each table of conversations has."""
    if site.database:
        import psycopg

        with psycopg.connect(site.database, autocommit=True) as line:
            line.execute("SET search_path = quietline")
            names = [str(name) for (name,) in line.execute(TABLES_THERE).fetchall()]
            return {name: _one(line.execute(_COUNT[0] + name).fetchone()) for name in sorted(names)}
    file = f"file:{site.data / 'quietline.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(file, uri=True, timeout=10)) as copy:
        names = [str(name) for (name,) in copy.execute(TABLES)]
        return {name: _one(copy.execute(_COUNT[0] + name).fetchone()) for name in sorted(names)}


_COUNT: Final = ("SELECT count(*) FROM ",)


def _one(row: tuple[object, ...] | None) -> int:
    return int(str(row[0])) if row else 0


def _webhook() -> tuple[str, str]:
    """Path and secret that Telegram is told."""
    from bot.channels.telegram_request import Token
    from bot.channels.telegram_webhook import path_of, secret_of

    token = Token(TOKEN)
    return path_of(token), secret_of(token)


def _start(
    stack: contextlib.ExitStack, place: Path, telegram: str, database: str, replicas: int
) -> Site:
    address = ""
    if database == "postgresql":
        from bot.cli.bench_server import a_server

        address, _ = stack.enter_context(a_server(place))
    elif database != "sqlite":
        address = database
    known = {
        "KEY_RING": place / "keys",
        "SIGNING_KEYS": place / "signing",
        "DATABASE": address,
        "WEB_PORT": 0,
        "WEB_BEHIND_PROXY": "true",
        "STAFF_BIND": "off",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram,
    }
    started = [
        stack.enter_context(_replica(place, known | {"DATA": place / f"data-{number}"}))
        for number in range(replicas)
    ]
    processes, pages = zip(*started, strict=True)
    return Site(processes, pages, place / "data-0", address)


@contextlib.contextmanager
def _replica(place: Path, known: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """A process of `quietline serve`: its number, and its address without a slash at the end."""
    kept = {name: to for name, to in os.environ.items() if not name.startswith("QUIETLINE_")}
    settings = {f"QUIETLINE_{name}": str(value) for name, value in known.items()}
    log = place / f"log-{secrets.token_hex(4)}"
    with log.open("wb") as said:
        process = subprocess.Popen(
            (sys.executable, "-P", "-m", "bot", "serve"),
            cwd=ROOT,
            env={**kept, **settings, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
    try:
        for line in process.stdout or ():
            if line.startswith(b"Open http://"):
                yield process.pid, line.split()[1].decode().rstrip("/")
                return
        raise SystemExit(f"The service did not start: {log.read_text('utf-8')[-2000:]}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
