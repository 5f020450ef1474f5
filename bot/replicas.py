"""The other processes of the same service: which of them does what one alone should do, and how
they hear of each other's work.

It decides nothing. Of several replicas on one PostgreSQL one leads: it looks at the clock of the
desk. And one carries: it sends what waits, asks Telegram, and deletes in chats what is due. That is
one of those who have a channel to carry for: a replica without Telegram's token leads perhaps, and
must not be waited for. All of them take turns and serve pages. On SQLite there is one process; it
leads and carries, and there is nobody to be told.
"""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot import report
from bot.storage.bell import LOST, Bell
from bot.storage.database import Database, database_at
from bot.storage.leader import Leader

DESK: Final = "desk"
"""Something changed on the board of chats."""
OUTBOX: Final = "outbox"
"""A reply waits to be sent."""
WRITES: Final = "writes"
"""An operator or a person is writing, in the chat of that id."""
CARRIES: Final = "service"
"""Under this name one replica carries."""
LEADS: Final = "desk"
"""Under this name one replica leads: while one does, the service runs."""
_TAG: Final = 8

Heard = Callable[[str, bytes], None]
"""Is given kind and id, in whatever thread it comes; returns at once, and does not raise."""


class Replicas:
    """What one process knows of the others: that they are there. Any thread may use it."""

    def __init__(self, where: Database | Path | str) -> None:
        """Begins to ask who leads, where there can be others."""
        database = database_at(where)
        self.alone = database.backend == "sqlite"
        """Whether there can be no other process."""
        self._tag = secrets.token_bytes(_TAG)
        self._database = database
        self._leader = None if self.alone else Leader(database, LEADS)
        self._carrier: Leader | None = None
        self._bell = None if self.alone else Bell(database, report.alarm)

    def leads(self) -> bool:
        """Whether this process does what one alone should do. Costs nothing. For a moment after a
        fault two may.
        """
        return self._leader is None or self._leader.mine()

    def stand(self) -> None:
        """From now on this process may be the one that carries: it has a channel."""
        if not self.alone and self._carrier is None:
            self._carrier = Leader(self._database, CARRIES)

    def carries(self) -> bool:
        """Whether this process carries replies out, and hears for all. As `leads`."""
        return self.alone or (self._carrier is not None and self._carrier.mine())

    def ring(self, kind: str, id_: bytes = b"") -> None:
        """Tell the others, after the commit. `id_`: at most 56 bytes, never a person's."""
        if self._bell is not None:
            self._bell.ring(kind, self._tag + id_)

    def listen(self, heard: Heard) -> Callable[[], None]:
        """From now on hear what others ring, and `LOST` when some of it did not come, until what
        this gives is called.
        """
        if self._bell is None:
            return _nobody

        def passed_on(kind: str, id_: bytes) -> None:
            if kind == LOST or not id_.startswith(self._tag):
                heard(kind, id_[_TAG:])

        return self._bell.listen(passed_on)

    def close(self) -> None:
        """Let another lead and carry at once."""
        for part in (self._carrier, self._leader, self._bell):
            if part is not None:
                part.close()

    def __repr__(self) -> str:
        return "Replicas()"


def _nobody() -> None:
    """There is nobody to stop listening to."""
