"""Carries what people say of listings, and what nobody found, to those who keep the directory.

A turn hands a word over and goes on at once; a thread of its own writes it down. It decides
nothing, knows nothing of who spoke, and drops what comes in a flood: a report is a hint, and an
answer to a person never waits for it.
"""

import threading
from collections.abc import Callable
from queue import Full, Queue
from typing import Any, Protocol

from bot import report
from bot.ledger.model import LedgerError
from bot.storage import StoreError

MOST_WAITING = 256
"""Words that wait to be written down; more are dropped."""
Said = Callable[[], object]


class Ledger(Protocol):
    """What is asked of the ledger."""

    def report(self, record: str, problem: Any, told: Any, contact: str = "") -> object:
        """Open a task, or count one that is open."""
        ...

    def count_unmet(self, need: str, area: str, language: str) -> None:
        """Count a search that found nothing."""
        ...


class Told:
    """The thread and what waits for it. Words may be handed over from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: Queue[Said | None] = Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="told", daemon=True)

    def start(self) -> None:
        """Begin to write down."""
        self._thread.start()

    def stop(self) -> None:
        """Write down what waits, and end."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def noted(self, listing: str, problem: str) -> None:
        """Somebody said of a listing that nobody answered, that it is wrong, or was unsafe."""
        self._hand_over(lambda: self._ledger.report(listing, problem, "survivor"))

    def unmet(self, need: str, area: str, language: str) -> None:
        """Somebody looked for this, and there was nothing."""
        self._hand_over(lambda: self._ledger.count_unmet(need, area, language))

    def _hand_over(self, said: Said) -> None:
        try:
            self._waiting.put_nowait(said)
        except Full:
            report.note("said_of_listings_dropped")

    def _run(self) -> None:
        while (said := self._waiting.get()) is not None:
            try:
                said()
            except (LedgerError, StoreError) as error:
                # A listing that is gone meanwhile, or a file that is locked: nobody waits for it.
                report.note("said_of_listing_not_kept", error=type(error).__name__)
