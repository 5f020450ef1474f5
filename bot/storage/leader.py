"""Which of several processes does what only one should do: send what waits, look at the clock.

It decides who leads, by a lock that the server gives to one connection and takes back when that
connection ends, however it ends. It must not be the only safeguard: for a moment after a fault two
may believe that they lead, so whatever a leader does must be right when two do it.
"""

import contextlib
import threading
import time
from pathlib import Path
from typing import Any, Final

from bot.storage.database import Database, database_at

BEAT_SECONDS: Final = 1.0
"""How often the one who leads looks whether it still does, and the others whether they may."""
_SURE_BEATS: Final = 3
"""Without a sign for so many beats it leads no more, whatever the network says."""
_SILENT_BEATS: Final = 5
"""After so many the server takes the lock back from a line that says nothing: whoever is cut off
or stands still would keep it for hours, and nobody would lead.
"""
_TRY: Final = (
    "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '/leader/' || %s, 0))"
)


class Leader:
    """One of the processes of a database leads under each name. On SQLite there is only one."""

    def __init__(self, where: Database | Path | str, name: str, beat: float = BEAT_SECONDS) -> None:
        """Begins to ask for it at once, in a thread of its own. `beat` is in seconds."""
        self._database, self._name, self._beat = database_at(where), name, beat
        self._sure_until = 0.0
        self._ended = threading.Event()
        self._changed = threading.Event()
        self._thread: threading.Thread | None = None
        if self._database.backend == "postgresql":
            self._thread = threading.Thread(target=self._run, name="leader", daemon=True)
            self._thread.start()

    def mine(self) -> bool:
        """Whether this process leads now. Costs nothing: ask it before each thing you do."""
        return self._thread is None or time.monotonic() < self._sure_until

    def wait(self, seconds: float) -> bool:
        """Wait for so long at most until this process leads; gives whether it does."""
        if not self.mine():
            self._changed.wait(seconds)
        return self.mine()

    def close(self) -> None:
        """Lead no more, so that another can at once."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._sure_until = 0.0

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with contextlib.closing(self._database.engine().raw_connection()) as connection:
                    self._lead(connection.driver_connection)
            except self._database.failures:
                pass  # the server is away: whoever asks is told that nobody leads here
            finally:
                self._sure_until = 0.0
                self._changed.clear()
            self._ended.wait(self._beat)

    def _lead(self, line: Any) -> None:
        line.autocommit = True
        silent = max(1.0, _SILENT_BEATS * self._beat)
        line.execute(f"SET idle_session_timeout = {round(silent * 1000)}")
        leads = False
        while not self._ended.is_set():
            asked = time.monotonic()
            found = line.execute("SELECT true" if leads else _TRY, None if leads else (self._name,))
            leads = bool(found.fetchone()[0])
            if leads:
                self._sure_until = asked + _SURE_BEATS * self._beat
                self._changed.set()
            self._ended.wait(self._beat)

    def __repr__(self) -> str:
        return f"Leader({self._name})"
