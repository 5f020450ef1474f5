"""A PostgreSQL server for tests: a real one, started when a test first asks for it.

`server()` is the one that all tests of this process share; `QUIETLINE_TEST_DATABASE_URL` names
another instead. `Server` is one of a test's own, to be stopped, killed or starved. It runs as root
too (the server itself never does), listens on a socket alone, and ends with the tests.
"""

import atexit
import functools
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bot.cli.bench_server import programs
from bot.storage.database import Database, database_at

_NOBODY = 65534
_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "autovacuum": "off",
}
"""A test's server is thrown away: nothing of it must outlive a power cut."""
_RUN = """
import ctypes, os, sys
user, program, *rest = sys.argv[1:]
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(int(user)); os.setuid(int(user))
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 2)  # ends with whoever started it
os.chdir("/")
os.execv(program, [program, *rest])
"""
_counted = itertools.count()


class Server:
    """A server in a temporary folder. `with Server() as server: …`."""

    def __init__(self, **settings: str) -> None:
        """`settings`: of postgresql.conf, over ours."""
        self._settings = {**_QUICK, **settings}
        self._folder = Path(tempfile.mkdtemp(prefix="ql-pg-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            os.chown(self._folder, _NOBODY, _NOBODY)
        try:
            self._run(
                "initdb",
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "-N",
                "--locale=C.UTF-8",
                "-D",
                str(self._folder / "data"),
            )
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = [
            part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")
        ]
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [
                    *_launcher(),
                    str(programs() / "postgres"),
                    "-D",
                    str(self._folder / "data"),
                    "-k",
                    str(self._folder),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.dsn()).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops it: SIGINT ends what runs, SIGTERM waits for it, SIGQUIT is like a power cut."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    @property
    def process(self) -> int:
        """Its number; 0 when it does not run."""
        return self._process.pid if self._process is not None else 0

    def dsn(self, database: str = "postgres") -> str:
        """The address of a database on it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def close(self) -> None:
        """Stops it and takes its folder away."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [*_launcher(), str(programs() / program), *words], capture_output=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode())


@functools.cache
def server() -> str:
    """The address of the server that all tests share."""
    if given := os.environ.get("QUIETLINE_TEST_DATABASE_URL"):
        return given
    started = Server()
    atexit.register(started.close)
    started.start()
    return started.dsn()


def fresh(like: str = "") -> Iterator[str]:
    """The address of a database on it that is dropped afterwards: an empty one, or a copy of the
    one at the address `like`, to which nobody may be connected.
    """
    name = f"ql_{os.getpid()}_{next(_counted)}"
    model = conninfo_to_dict(like)["dbname"] if like else "template0"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
    try:
        yield _url(server(), name)
    finally:
        with psycopg.connect(server(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def schema_of_its_own() -> Iterator[Database]:
    """A schema that nobody used, in the database that tests share: quicker than a database."""
    name = f"ql_{os.getpid()}_{next(_counted)}"
    yield database_at(server(), name)
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


def _url(server: str, database: str) -> str:
    parts = {**conninfo_to_dict(server), "dbname": database}
    return f"postgresql:///?{urlencode(parts)}"


def _launcher() -> list[str]:
    return [sys.executable, "-I", "-c", _RUN, str(_NOBODY)]
