"""Reports as they are read: what was told of each week that is over.

It decides nothing. The numbers were made inexact before they were kept; exact ones are nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from bot import report
from bot.reports import tables
from bot.reports.cells import Dimension
from bot.reports.vouching import Vouch
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
    """The reports of a store; those that `vouch` does not know are left out."""

    store: Store
    vouch: Vouch

    def weeks(self) -> tuple[Week, ...]:
        """All of them, newest first. Raises `StoreError` or `KeyRingError`."""
        with self.store.group(reads=True) as group:
            rows = group.ask(tables.REPORTS, ())
        told = [(week, self.vouch.opened(week, str(lies))) for week, lies in rows]
        if lost := sum(body is None for _, body in told):
            report.alarm("weeks_changed_by_hand", count=lost)
        return tuple(Week(_date(week), _decoder.decode(body)) for week, body in told if body)


def _date(day: int) -> date:
    return datetime.fromtimestamp(0, UTC).date() + timedelta(days=day)
