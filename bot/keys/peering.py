"""Two services that keep each other: each asks the other every second how it stands.

It decides nothing of days: `Days.meet` does. What it fetches it fetches sealed.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from bot import report
from bot.keys import wire
from bot.keys.clock import since_boot
from bot.keys.days import Days, off
from bot.keys.line import Line
from bot.keys.wrapping import Asking, Unwrappable
from bot.vault.errors import KeyRingError

EVERY: Final = 0.5
PATIENCE: Final = 10.0
"""Seconds that one which was started anew with its keys waits for the word of the other: that may
have destroyed them meanwhile.
"""
_PUBLIC: Final = 32


class Peer:
    """The other service, as we see it."""

    def __init__(
        self,
        line: Line,
        days: Days,
        clock: Callable[[], float],
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        """It was not asked yet. `keep` is called when the days may have changed."""
        self._line, self._days, self._clock, self._keep = line, days, clock, keep
        self._begun = since_boot()
        self.state = "silent"
        """`together`, `silent`, `apart`, or `clock`: it is off by more than an hour."""

    async def run(self) -> None:
        """Asks for ever."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY)

    async def once(self) -> None:
        """Asks once, and fetches what we lack."""
        state = "silent"
        try:
            now = self._clock()
            hello = self._days.hello(now)
            other = await asyncio.to_thread(self._line.ask, "/hello", hello, wire.Hello)
            state = await self._met(other)
        except (KeyRingError, Unwrappable, ValueError):
            pass
        if state == "silent" and since_boot() - self._begun > PATIENCE:
            self._days.go_on()
        self._keep()
        if state != self.state and "together" in (state, self.state):
            (report.note if state == "together" else report.alarm)(f"key_service_peer_{state}")
        self.state = state

    def heard(self, other: wire.Hello) -> None:
        """It asked us: what it destroyed is destroyed here too, at once."""
        now = self._clock()
        if not off(other, now) and self._days.lineage in other.ended and self._days.lineage:
            self._days.destroy_all()
            self._keep()

    async def pass_on(self, order: wire.Order) -> bool:
        """Whether it destroyed all too."""
        try:
            await asyncio.to_thread(self._line.ask, "/destroy", order, wire.Destroyed)
        except KeyRingError:
            return False
        return True

    async def _met(self, other: wire.Hello) -> str:
        now = self._clock()
        if off(other, now):
            return "clock"
        epochs = self._days.meet(other, now)
        if epochs:
            asking = Asking()
            ask = wire.Ask(asking.public, have=epochs)
            answer = await asyncio.to_thread(self._line.ask, "/keys", ask, wire.Data)
            lineage = self._days.lineage
            if lineage == other.lineage and lineage not in self._days.ended:
                self._take(asking, epochs, answer.data or b"")
                # What we hold now is what it said that it holds: see `meet`.
                self._days.meet(other, now)
        return "apart" if self._days.apart else "together"

    def _take(self, asking: Asking, epochs: tuple[int, ...], data: bytes) -> None:
        slots = [self._days.arena.take() for _ in epochs]
        try:
            asking.open(data[:_PUBLIC], data[_PUBLIC:], slots)
            self._days.put(epochs, slots)
        finally:
            for slot in slots:
                self._days.arena.give_back(slot)

    def close(self) -> None:
        """Hangs up, when what was asked last is answered."""
        self._line.close()

    def __repr__(self) -> str:
        return f"Peer({self.state})"
