"""Carries what people say of listings, and what nobody found, to those who keep the directory.

A turn hands a word over and goes on at once; a thread of its own writes it down. It decides
nothing, knows nothing of who spoke, and drops what comes in a flood: a report is a hint, and an
answer to a person never waits for it.
"""

import threading
from collections.abc import Callable
from queue import Empty, Full, Queue
from typing import Any, Protocol

from bot import report
from bot.ledger.model import LedgerError
from bot.storage import StoreError

FLUSH_SECONDS = 3_600.0
MOST_WAITING = 256
"""Words that wait to be written down; more are dropped."""
Said = Callable[[], object]


class Ledger(Protocol):
    """What is asked of the ledger."""

    def report(self, record: str, problem: Any, told: Any, contact: str = "") -> Any:
        """Open a task, or count one that is open. `alarm`: it was unsafe and is still served."""
        ...

    def count_unmet(self, need: str, area: str, language: str) -> None:
        """Count a search that found nothing, in memory."""
        ...

    def flush_unmet(self) -> object:
        """Write the counts down."""
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
        self._hand_over(lambda: self._report(listing, problem, "survivor"))

    def by_service(self, listing: str, problem: str) -> None:
        """A service said so of itself, on the slip of somebody who came."""
        self._hand_over(lambda: self._report(listing, problem, "service"))

    def unmet(self, need: str, area: str, language: str) -> None:
        """Somebody looked for this, and there was nothing."""
        self._hand_over(lambda: self._ledger.count_unmet(need, area, language))

    def _hand_over(self, said: Said) -> None:
        try:
            self._waiting.put_nowait(said)
        except Full:
            report.note("said_of_listings_dropped")

    def _report(self, listing: str, problem: str, told: str) -> None:
        if self._ledger.report(listing, problem, told).alarm:
            report.alarm("listing_said_to_be_unsafe_is_still_served")

    def _run(self) -> None:
        while True:
            try:
                said = self._waiting.get(timeout=FLUSH_SECONDS)
            except Empty:
                said = self._ledger.flush_unmet
            self._write(said or self._ledger.flush_unmet)
            if said is None:
                return

    def _write(self, said: Said) -> None:
        try:
            said()
        except (LedgerError, StoreError) as error:
            # A listing that is gone meanwhile, or a file that is locked: nobody waits for it.
            report.note("said_of_listing_not_kept", error=type(error).__name__)
