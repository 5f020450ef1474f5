"""What is published at this moment, kept up to date with the ledger.

It decides nothing: the ledger says what is served, and its signatures are looked at there. It is
asked before every answer, so that what was suspended is gone with the next one.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.ledger.model import Published, PublishedRow


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
    """Follows a ledger. Call it from any thread; it raises what the ledger raises."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        self._rows: Mapping[str, PublishedRow] = {}
        self._generation = 0

    def __call__(self) -> Publication:
        """What is published now."""
        with self._lock:
            generation, stopped = self._shelf.stopped(self._generation)
            if generation != self._generation:
                new = self._shelf.published(self._generation)
                if new.generation != self._generation:
                    named = {row.id: row for row in new.rows}
                    self._rows = {**self._rows, **named} if self._generation else named
                    self._generation = new.generation
            return Publication(self._generation, self._rows, frozenset(stopped))
