"""The bell: tells every process that something was kept, so that nobody need wait for a look.

It decides only who hears. What is rung is a kind and an id, never a word; a ring may be lost or
come twice, and the truth is always the database: who hears one looks there, and looks from time to
time anyway. It must not keep a caller waiting, nor take part in a transaction of anybody: a NOTIFY
within a group would make all groups commit one after the other.
"""

import contextlib
import secrets
import select
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from bot.storage.database import Database, database_at

LOST: Final = "lost"
"""Rung with an empty id: some rings may not have come. Whoever hears it looks at everything."""
AGAIN_SECONDS: Final = 0.5
"""Between two tries to reach the server."""
_LINE_SECONDS: Final = 30.0
"""For how long the line is listened to at a time."""
_MOST_WAITING: Final = 4_096
"""Rings that wait to be sent. Beyond it, one that says that some were lost stands for all."""
_MOST_BYTES: Final = 64

Heard = Callable[[str, bytes], None]
"""Is given kind and id, in whatever thread it comes; returns at once, and does not raise."""
Alarm = Callable[[str, BaseException], None]


def _unsaid(_event: str, _error: BaseException) -> None:
    """For those who look at the log of nothing."""


class Bell:
    """A bell for all processes of one database. Any thread may use it.

    Those of this process hear a ring before `ring` returns; on SQLite there are no others.
    """

    def __init__(self, where: Database | Path | str, alarm: Alarm = _unsaid) -> None:
        """On PostgreSQL it begins to connect, and does not mind when nobody answers yet. `alarm`
        is told once when the line breaks.
        """
        self._database, self._alarm = database_at(where), alarm
        self._heard: tuple[Heard, ...] = ()
        self._hears = False
        """Whether a line is there on which the server is heard."""
        self._mine = secrets.token_hex(8)
        self._waiting: dict[tuple[str, bytes], None] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._end, self._ends = socket.socketpair()
        """Written to when it is time to end, so that nobody waits for a line that is silent."""
        self._threads: tuple[threading.Thread, ...] = ()
        if self._database.backend == "postgresql":
            works = (self._listen, self._ring)
            self._threads = tuple(
                threading.Thread(target=self._keep_on, args=(work,), name="bell", daemon=True)
                for work in works
            )
            for thread in self._threads:
                thread.start()

    def listen(self, heard: Heard) -> Callable[[], None]:
        """From now on it hears every ring, until what this gives is called. Those of others: from
        the moment when it is told that something may be lost, at once or when the line is there.
        """
        with self._lock:
            self._heard = (*self._heard, heard)
            hears = self._hears
        if hears:
            heard(LOST, b"")

        def stop() -> None:
            with self._lock:
                self._heard = tuple(one for one in self._heard if one is not heard)

        return stop

    def ring(self, kind: str, id_: bytes = b"") -> None:
        """Tell everybody. Never raises for a server that is down, and never waits for one.

        Call it after the commit. Raises `ValueError` for a kind that is no plain word or an id of
        more than 64 bytes.
        """
        if not (kind.isascii() and kind.isidentifier()) or len(id_) > _MOST_BYTES:
            raise ValueError("a kind is a plain word, and an id has at most 64 bytes")
        if self._threads:
            with self._lock:
                self._waiting[kind, id_] = None
                if len(self._waiting) > _MOST_WAITING:
                    self._waiting = {(LOST, b""): None}
            self._wake.set()
        self._tell(kind, id_)

    def close(self) -> None:
        """Let go of the server. What was rung just now may not be sent."""
        self._ended.set()
        self._wake.set()
        self._ends.close()
        for thread in self._threads:
            thread.join()
        self._end.close()

    def _tell(self, kind: str, id_: bytes) -> None:
        for heard in self._heard:
            heard(kind, id_)

    def _keep_on(self, work: Callable[[Any, str], None]) -> None:
        well = True
        while not self._ended.is_set():
            try:
                with contextlib.closing(self._database.engine().raw_connection()) as connection:
                    line: Any = connection.driver_connection
                    line.autocommit = True
                    # Named by the schema: two services of one server do not hear each other.
                    named = line.execute("SELECT 'bell_' || md5(current_schema())").fetchone()
                    well = True
                    work(line, str(named[0]))
            except self._database.failures as error:
                if work == self._listen:
                    self._hears = False
                if well:
                    self._alarm("bell_line_broken", error)
                well = False
                self._ended.wait(AGAIN_SECONDS)

    def _listen(self, line: Any, channel: str) -> None:
        line.execute(f'LISTEN "{channel}"')
        # Whatever was rung before this is not heard.
        with self._lock:
            self._hears, all_of_them = True, self._heard
        for heard in all_of_them:
            heard(LOST, b"")
        while not self._ended.is_set():
            # What came with an answer to something else is there already, without a sign.
            for notice in line.notifies(timeout=0):
                self._hear(notice.payload)
            select.select([line, self._end], [], [], _LINE_SECONDS)

    def _hear(self, payload: str) -> None:
        whose, _, rest = payload.partition(".")
        kind, _, id_ = rest.partition(".")
        if whose == self._mine:
            return
        with contextlib.suppress(ValueError):
            self._tell(kind, bytes.fromhex(id_))

    def _ring(self, line: Any, channel: str) -> None:
        # Nothing is lost with a ring that the server forgets: it need not wait for the disk.
        line.execute("SET synchronous_commit = off")
        while not self._ended.is_set():
            self._wake.wait()
            self._wake.clear()
            with self._lock:
                rung, self._waiting = self._waiting, {}
            try:
                self._send(line, channel, rung)
            except BaseException:
                with self._lock:
                    self._waiting = {(LOST, b""): None}
                self._wake.set()
                raise

    def _send(self, line: Any, channel: str, rung: Iterable[tuple[str, bytes]]) -> None:
        words = [f"{self._mine}.{kind}.{id_.hex()}" for kind, id_ in rung]
        if words:
            line.execute(
                "SELECT pg_notify(%s, one) FROM unnest(%s::text[]) AS one", (channel, words)
            )

    def __repr__(self) -> str:
        return "Bell()"
