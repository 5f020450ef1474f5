"""A number in a database that somebody asks for many times a second, such as a generation.

It decides how that stays cheap, on a connection of its own. What the number means is another's.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol


class Watch(Protocol):
    """One number of a table. Any thread may ask; one at a time is answered."""

    def value(self) -> int:
        """The number now. Raises what the driver raises; the next one asks again."""
        ...

    def close(self) -> None:
        """Lets go of the connection. Asked again, there is another."""
        ...


class SqliteWatch:
    """Asks only when somebody wrote: microseconds when nobody did."""

    def __init__(self, path: Path, statement: str, check: Callable[[], object]) -> None:
        """`statement`: gives one row of one number. `check` raises when the file was replaced."""
        self._path, self._statement, self._check = path, statement, check
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._seen = (0, 0)

    def value(self) -> int:
        """See `Watch.value`."""
        with self._lock:
            if self._connection is None:
                self._check()
                self._connection = sqlite3.connect(
                    self._path, timeout=1, isolation_level=None, check_same_thread=False
                )
                self._seen = (-1, 0)
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen[0]:
                self._check()
                row = self._connection.execute(self._statement).fetchone()
                self._seen = (version, int(row[0]))
            return self._seen[1]

    def close(self) -> None:
        """See `Watch.close`."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
