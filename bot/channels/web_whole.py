"""What is done to its end although nobody waits for it any more.

It decides nothing and knows no person: it only holds what is still running.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web

_Done = TypeVar("_Done")


class Whole:
    """The turns of an application that are still running."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def of(self, turn: Coroutine[Any, Any, _Done]) -> _Done:
        """A turn that goes on to its end although the browser closes the connection."""
        task = asyncio.ensure_future(turn)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(_look_at)
        return await asyncio.shield(task)

    async def finish(self, app: web.Application) -> None:
        """Waits for the turns that outlived their browser."""
        del app
        await asyncio.gather(*self._running, return_exceptions=True)


def _look_at(task: asyncio.Task[Any]) -> None:
    """Takes the exception of a turn that nobody waits for, which asyncio would else log in full."""
    if not task.cancelled():
        task.exception()
