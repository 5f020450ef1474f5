"""Searches that found nothing, counted by week, need, area and language, and by nothing else.

It decides that no single search is ever written down: counts wait in memory until five are
together, and are lost when the program ends before. Only codes that the directory knows are
counted; whatever else comes is counted as not said.
"""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, and_, insert, select, update

from bot.ledger import more_tables
from bot.ledger.known import Known
from bot.ledger.transaction import Transaction

TOGETHER: Final = 5
"""So many searches are written down together, and fewer are never shown."""
EVERY: Final = 3600.0
"""Seconds between two times that counts are written down: nobody reads from the file when the fifth
search was.
"""
_MOST: Final = 10_000
"""Different counts in memory: no flood of made-up searches fills it."""
_U: Final = more_tables.unmet.c
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}\Z")

Cell = tuple[str, str, str, str]
"""Week, need, area, language."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """How often a search found nothing: `count` is at least five, and rounded down to fives."""

    week: str
    """ISO: `2026-W48`."""
    need: str
    area: str
    language: str
    count: int


class Counting:
    """Counts that wait in memory. Any thread may count."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._lock = threading.Lock()
        self._waiting: Counter[Cell] = Counter()
        self._written = 0.0

    def count(self, need: str, area: str, language: str, today: date) -> None:
        """Counts one search that found nothing. Writes nothing."""
        year, week, _ = today.isocalendar()
        cell = (
            f"{year}-W{week:02}",
            need if need in self._known.needs else "",
            area if area in self._known.areas else "",
            language if _LANGUAGE.match(language) else "",
        )
        with self._lock:
            if cell in self._waiting or len(self._waiting) < _MOST:
                self._waiting[cell] += 1

    def is_time(self, now: float) -> bool:
        """Whether an hour went by since it last said so. `now`: seconds since 1970."""
        with self._lock:
            if 0 <= now - self._written < EVERY:
                return False
            self._written = now
            return True

    def ripe(self) -> Mapping[Cell, int]:
        """What may be written: whole fives, taken out of memory."""
        with self._lock:
            found = {
                cell: count - count % TOGETHER
                for cell, count in self._waiting.items()
                if count >= TOGETHER
            }
            self._waiting.subtract(found)
            self._waiting += Counter()
            return found

    def put_back(self, cells: Mapping[Cell, int]) -> None:
        """Keeps what could not be written."""
        with self._lock:
            self._waiting.update(cells)

    def __repr__(self) -> str:
        return "Counting()"


def flush(tx: Transaction, cells: Mapping[Cell, int]) -> None:
    """Adds counts to those that are written down."""
    for (week, need, area, language), count in cells.items():
        here = and_(_U.week == week, _U.need == need, _U.area == area, _U.language == language)
        if not tx.run(update(more_tables.unmet).where(here).values(count=_U.count + count)):
            row = {"week": week, "need": need, "area": area, "language": language}
            tx.run(insert(more_tables.unmet).values(**row, count=count))


def unmet(connection: Connection, k: int = TOGETHER) -> tuple[Unmet, ...]:
    """What was looked for in vain, the newest week first, most often first. `k`: at least five."""
    statement = (
        select(_U.week, _U.need, _U.area, _U.language, _U.count)
        .where(_U.count >= max(k, TOGETHER))
        .order_by(_U.week.desc(), _U.count.desc(), _U.need, _U.area, _U.language)
    )
    return tuple(Unmet(*row) for row in connection.execute(statement))
