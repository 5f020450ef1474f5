"""Reports as they are read: what was told of each week that is over.

It decides nothing. The numbers were made inexact before they were kept; exact ones are nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from bot.reports import tables
from bot.reports.cells import Dimension
from bot.storage import Store


@dataclass(frozen=True, slots=True)
class Week:
    """What is told of one week."""

    monday: date
    cells: Mapping[Dimension, Mapping[str, int]]
    """Only what is told; a cell that is not here is smaller than `noise.SHOWN_FROM`, or empty."""


_decoder = msgspec.json.Decoder(dict[Dimension, dict[str, int]])


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a store."""

    store: Store

    def weeks(self) -> tuple[Week, ...]:
        """All of them, newest first. Raises `StoreError`."""
        with self.store.group(reads=True) as group:
            rows = group.ask(tables.REPORTS, ())
        return tuple(Week(_date(week), _decoder.decode(body)) for week, body in rows)


def _date(day: int) -> date:
    return datetime.fromtimestamp(0, UTC).date() + timedelta(days=day)
