"""Wakes whoever waits for something to change. It decides nothing: each looks for himself."""

import asyncio
from collections.abc import Callable

PATIENCE = 10.0
"""Seconds until a wait is given up: a test that hangs should say what it waited for."""


class Bell:
    """Rings for all that wait."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Something changed."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def heard(self) -> None:
        """Returns at the next ring."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)

    async def until(self, wanted: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Returns once it is so. Raises `AssertionError` that names it when it never is."""
        try:
            async with asyncio.timeout(seconds):
                while not wanted():
                    await self.heard()
        except TimeoutError:
            raise AssertionError(f"{what}: not within {seconds} s") from None
