"""Destroys what is due, at the start and then every ten minutes: keys first, then the rows that
nothing can open any more.

It decides the order and nothing else. What counts is the destroyed key: a row is only in the way.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from bot import report
from bot.figures import Figures
from bot.storage import Store, StoreError
from bot.upkeep import Upkeep
from bot.vault import Epoch, KeyRingError, Ring

SWEEP_SECONDS: Final = 600
"""Between two looks for what is to be destroyed or deleted."""

Sweep = Callable[[tuple[Epoch, ...]], int]
"""Given the live epochs, deletes what belongs to none of them; gives how many rows."""


class Sweeping:
    """What is due in one service."""

    def __init__(
        self, ring: Ring, store: Store, others: Iterable[Sweep], figures: Figures, upkeep: Upkeep
    ) -> None:
        """`others` sweep after the store; `figures` and `upkeep` remember that it was done."""
        self._ring, self._store, self._others = ring, store, tuple(others)
        self._figures, self._upkeep = figures, upkeep

    def sweep(self) -> None:
        """All that is due. Raises `KeyRingError` or `StoreError`."""
        destroyed = self._ring.destroy_expired()
        live = self._ring.live()
        swept = self._store.sweep(live) + sum(sweep(live) for sweep in self._others)
        if destroyed or swept:
            report.note("swept", count=swept)
        self._figures.swept()
        try:
            self._upkeep.done("swept", count=swept)
        except OSError as error:
            report.alarm("upkeep_not_noted", error)

    async def run(self) -> None:
        """For ever. Cancel it to stop."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await asyncio.to_thread(self.sweep)
            except (KeyRingError, StoreError) as error:
                report.alarm("sweep_failed", error)
