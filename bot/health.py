"""Whether this process can take a turn now: the answer behind `/readyz`.

It decides when "ready" may be said: every part was looked at in the last second and is well. It
says nothing of what is wrong to whoever asks: that is in the log. A look never waits longer than
`MOST_SECONDS`, and many who ask at once cause one look.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

from bot import report

GOOD_FOR: Final = 1.0
"""Seconds for which a look is believed."""
MOST_SECONDS: Final = 3.0
"""A part that takes longer is not well."""
FAILING_SECONDS: Final = 10.0
"""How long a failed group makes a process unready: then others try it again."""

Look = Callable[[], object]
"""Raises, or gives `False`, when the part is not well. Runs in a thread."""


class Health:
    """The parts of one process. Use from one event loop."""

    def __init__(self, parts: Mapping[str, Look]) -> None:
        """`parts`: fixed names, each with its look."""
        self._parts = dict(parts)
        self._looked = float("-inf")
        self._known = False
        self._looking: asyncio.Task[None] | None = None
        self.up: dict[str, bool] = dict.fromkeys(self._parts, False)
        """How each part was at the last look."""

    async def ready(self) -> bool:
        """Whether all parts are well."""
        await self.look()
        return all(self.up.values())

    def forget(self) -> None:
        """Believe the last look no longer."""
        self._looked = float("-inf")

    async def look(self) -> None:
        """Look at all parts, unless that was done in the last second."""
        if time.monotonic() - self._looked < GOOD_FOR:
            return
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_at_all())
        done, _ = await asyncio.wait([self._looking], timeout=MOST_SECONDS)
        if not done:
            # The look goes on by itself; until it ends nothing else is begun.
            self.up = dict.fromkeys(self._parts, False)

    async def _look_at_all(self) -> None:
        found = {name: await asyncio.to_thread(_well, name, look) for name, look in self._items()}
        for name, well in found.items():
            if self._known and well != self.up[name]:
                (report.note if well else report.alarm)(f"{name}_{'back' if well else 'lost'}")
        self.up, self._looked, self._known = found, time.monotonic(), True

    def _items(self) -> tuple[tuple[str, Look], ...]:
        return tuple(self._parts.items())


def _well(name: str, look: Look) -> bool:
    try:
        return look() is not False
    except Exception as error:  # noqa: BLE001 - whatever it is, the part is not well
        report.note("not_well", part=name, error=type(error).__name__)
        return False
