"""Keeps what is served as the ledger says: what was stopped is hidden at once, what was published
is patched in, and what is long overdue goes with the day.

    a look, before every group of turns and every 0.2 s
      stopped since the last one?  →  hidden at once, by whoever looks
      changed since?               →  patched in, by a thread of its own

It decides when to look and in which order things are put together; what may be served is decided
by the ledger and by `referral_directory`. When the ledger cannot be read, what was served stays,
and an alarm is given once. There is no other place where a listing is remembered: whoever shows
one asks for `live`, and what was made of another `live` no longer counts.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final, Protocol

from bot import report
from bot.ledger.model import LedgerError, Published, PublishedRow
from bot.storage import StoreError
from referral_directory import Directory, Live, Served

LOOK_SECONDS: Final = 0.2
INSPECT_SECONDS: Final = 600.0
"""Between two looks at every signature: for rows that were changed by hand while this runs."""
MOST_LATE: Final = 1_000
"""Listings beside the rest after which all is built anew, in a thread of its own."""
DAY: Final = 86_400


class Shelf(Protocol):
    """What is asked of the ledger. Each raises `StoreError` or `LedgerError`."""

    def generation(self) -> int:
        """Another number means that something may be new. Microseconds."""
        ...

    def stopped(self, since: int) -> tuple[int, tuple[str, ...]]:
        """The generation, and ids that are not to be served any more."""
        ...

    def published(self, since: int = 0) -> Published:
        """What is served, after a look at the signatures: all, or what changed since."""
        ...


class Serving:
    """What is served, kept true. `live` may be read from any thread, at any time."""

    def __init__(
        self,
        shelf: Shelf | None,
        directory: Directory,
        clock: Callable[[], float] = time.time,
        *,
        demo: bool = False,
    ) -> None:
        """`clock`: seconds since 1970. Without a shelf a demonstration serves what the packs say,
        and everybody else nothing. Raises `StoreError` or `LedgerError`.
        """
        self._shelf, self._directory = shelf, directory
        self._clock, self._demo = clock, demo
        self._changing = threading.Lock()
        self._stop = threading.Event()
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._run, name="serving", daemon=True)
        self._day = int(clock()) // DAY
        self._seen = self._done = 0
        """The generation that was looked at, and the one that is served whole."""
        self._known_by_hand: frozenset[str] = frozenset()
        self._failing = ""
        self._anew: tuple[Live, int] | None = None
        self._building: threading.Thread | None = None
        if shelf is None:
            self.live = directory.serving(None if demo else {})
        else:
            told = shelf.published()
            self.live = self._whole(told)
            self._seen = self._done = told.generation

    @property
    def by_hand(self) -> frozenset[str]:
        """Listings that were changed in the database by hand: they are not served."""
        return self._known_by_hand

    def start(self) -> None:
        """Begin to look by itself."""
        if self._shelf is not None:
            self._thread.start()

    def stop(self) -> None:
        """End, and wait for the thread."""
        self._stop.set()
        self._news.set()
        for thread in (self._thread, self._building):
            if thread is not None and thread.is_alive():
                thread.join()

    def look(self) -> None:
        """See whether something was stopped, and stop it. Cheap when nothing happened; never
        raises.
        """
        # Where the ledger fails, turns do not wait for it: the thread tries it again.
        if self._failing:
            return
        try:
            self._look()
        except (StoreError, LedgerError) as error:
            self._cannot(error)

    def catch_up(self) -> None:
        """Put in all that was published until now. Never raises."""
        try:
            self._look()
            if self._shelf is not None and self._behind:
                self._patch(self._shelf)
        except (StoreError, LedgerError) as error:
            self._cannot(error)
            return
        if self._failing:
            self._failing = ""
            report.note("directory_readable_again")
        if self.live.late > MOST_LATE and self._building is None:
            self._building = threading.Thread(target=self._build_anew, name="index", daemon=True)
            self._building.start()

    def inspect(self) -> None:
        """Look at every signature, and take out what was changed by hand. Never raises."""
        if self._shelf is None:
            return
        try:
            told = self._shelf.published()
        except (StoreError, LedgerError) as error:
            self._cannot(error)
            return
        self._by_hand(told)
        if told.alarms:
            with self._changing:
                self.live = self.live.without(told.alarms)

    def _look(self) -> None:
        day = int(self._clock()) // DAY
        if day != self._day:
            with self._changing:
                self._day = day
                self.live = self.live.on(self._today)
        if self._shelf is not None and self._shelf.generation() != self._seen:
            with self._changing:
                self._seen, ids = self._shelf.stopped(self._done)
                self.live = self.live.without(ids)
            self._news.set()

    @property
    def _behind(self) -> bool:
        return self._seen != self._done or self._anew is not None

    @property
    def _today(self) -> date:
        return datetime.fromtimestamp(self._day * DAY, UTC).date()

    def _whole(self, told: Published) -> Live:
        self._by_hand(told)
        every = (one for row in told.rows if (one := self._served(row)) is not None)
        live = self._directory.live(every)
        moved = {row.id: row.redirect_to for row in told.rows if row.redirect_to is not None}
        if live.unread:
            report.alarm("listings_unreadable", count=len(live.unread))
        return (live.with_changes((), (), moved) if moved else live).on(self._today)

    def _served(self, row: PublishedRow) -> Served | None:
        if row.content is None:
            return None
        # In a demonstration nobody ever checks: nothing there can be overdue.
        due_on = None if self._demo and row.confirmed is None else row.due_on
        return Served(row.id, row.content, row.country, row.confirmed, due_on)

    def _patch(self, shelf: Shelf) -> None:
        anew, self._anew = self._anew, None
        live, since = anew or (self.live, self._done)
        told = shelf.published(since)
        self._by_hand(told)
        served = [one for row in told.rows if (one := self._served(row)) is not None]
        gone = [row.id for row in told.rows if row.content is None]
        moved = {row.id: row.redirect_to for row in told.rows if row.redirect_to is not None}
        changed = live.with_changes(gone, served, moved) if told.rows else live
        if len(changed.unread) > len(live.unread):
            report.alarm("listings_unreadable", count=len(changed.unread))
        with self._changing:
            # What was stopped while this was put together was put out of the other one only.
            self._seen, ids = shelf.stopped(told.generation)
            self.live = changed.on(self._today).without((*ids, *told.alarms))
            self._done = told.generation

    def _build_anew(self) -> None:
        """All in order again, beside the turns; what changes meanwhile is patched in afterwards."""
        with self._changing:
            live, since = self.live, self._done
        try:
            anew = live.compacted(_breathe)
            _press(anew, self._stop)
            self._anew = (anew, since)
            self._news.set()
        except Exception as error:  # noqa: BLE001 - it is tried again with the next change
            report.alarm("index_not_built", error)
        finally:
            self._building = None

    def _by_hand(self, told: Published) -> None:
        mended = frozenset(row.id for row in told.rows if row.content is not None)
        found = frozenset(told.alarms) - self._known_by_hand
        self._known_by_hand = (self._known_by_hand - mended) | found
        if found:
            report.alarm("listing_changed_by_hand", count=len(found))

    def _cannot(self, error: Exception) -> None:
        """Once for each kind of trouble: this is tried five times a second."""
        if self._failing != type(error).__name__:
            self._failing = type(error).__name__
            report.alarm("directory_not_readable", error)

    def _run(self) -> None:
        _press(self.live, self._stop)
        inspected = time.monotonic()
        while not self._stop.is_set():
            self._news.wait(LOOK_SECONDS)
            self._news.clear()
            try:
                self.catch_up()
                if time.monotonic() - inspected > INSPECT_SECONDS:
                    self.inspect()
                    inspected = time.monotonic()
            except Exception as error:  # noqa: BLE001 - the thread outlives any fault
                report.alarm("directory_not_kept_true", error)
                self._stop.wait(LOOK_SECONDS)


def _breathe() -> None:
    """Let others have the processor for a moment."""
    time.sleep(0)


def _press(live: Live, stop: threading.Event) -> None:
    with contextlib.suppress(StopIteration):
        for _ in live.press():
            if stop.is_set():
                return
            time.sleep(0.001)
