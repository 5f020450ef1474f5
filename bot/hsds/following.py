"""What is published at this moment, kept up to date with the ledger.

It decides nothing: the ledger says what is served, and its signatures are looked at there. It is
asked before every answer, so that what was suspended is gone with the next one. Every ten minutes
all signatures are looked at once more, beside the answers, for rows that were changed by hand.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot import report
from bot.ledger.model import Published, PublishedRow

INSPECT_SECONDS: Final = 600.0


class Shelf(Protocol):
    """The part of the ledger that is read here."""

    def published(self, since: int = 0) -> Published:
        """What is served: all, or what changed since."""

    def stopped(self, since: int) -> tuple[int, tuple[str, ...]]:
        """The generation, and what is not to be served (any more)."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What is served at one moment."""

    generation: int
    """Another number means that the rows may be others."""
    rows: Mapping[str, PublishedRow]
    """By id; those whose content is None are gone, some of them to another id."""
    stopped: frozenset[str]
    """Ids that are not to be served, whatever the rows say."""


class Following:
    """Follows a ledger. Call it from any thread; it raises what the ledger raises.

    `demo`: what nobody ever checks is not overdue there. `clock`: seconds that never go back.
    """

    def __init__(
        self, shelf: Shelf, *, demo: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._shelf, self._demo, self._clock = shelf, demo, clock
        self._lock = threading.Lock()
        self._rows: Mapping[str, PublishedRow] = {}
        self._generation = 0
        self._by_hand: frozenset[str] = frozenset()
        self._inspected = clock()
        self._inspecting: threading.Thread | None = None

    def __call__(self) -> Publication:
        """What is published now."""
        with self._lock:
            generation, stopped = self._shelf.stopped(self._generation)
            if generation != self._generation:
                new = self._shelf.published(self._generation)
                if new.generation != self._generation:
                    self._take(new.rows, self._rows if self._generation else {})
                    self._generation = new.generation
            found = Publication(self._generation, self._rows, frozenset(stopped) | self._by_hand)
        if self._clock() - self._inspected >= INSPECT_SECONDS:
            self._inspected = self._clock()
            self._inspecting = threading.Thread(target=self.inspect, daemon=True)
            self._inspecting.start()
        return found

    def inspect(self) -> None:
        """Looks at every signature: what is not as it was signed is not given out any more."""
        try:
            whole = self._shelf.published(0)
        except Exception as error:  # noqa: BLE001  (the next answer meets it as well, and says so)
            report.alarm("hsds.unread", error)
            return
        served = {row.id for row in whole.rows if row.content is not None}
        with self._lock:
            if whole.generation != self._generation:
                return
            known = {name for name, row in self._rows.items() if row.content is not None}
            self._by_hand = frozenset(known - served) | frozenset(whole.alarms)
        if whole.alarms:
            report.alarm("hsds.changed_by_hand", count=len(whole.alarms))

    def _take(self, new: Iterable[PublishedRow], old: Mapping[str, PublishedRow]) -> None:
        rows = dict(old)
        for row in new:
            unchecked = self._demo and row.confirmed is None and row.due_on is not None
            rows[row.id] = replace(row, due_on=None) if unchecked else row
        self._rows = rows
