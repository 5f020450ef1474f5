"""What comes over the line of an open desk, read as a page reads it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType

FRAME = 1024
HEARD: dict[int, list[bytes]] = {}
"""Every frame of every line, by the line, for those who search them."""


async def pictures(
    line: ClientWebSocketResponse, what: str, until: Callable[[Any], object] = bool
) -> Any:
    """The next picture of that kind that is as wanted."""
    async with asyncio.timeout(5):
        while True:
            message = await line.receive()
            assert message.type is WSMsgType.TEXT, (what, message)
            HEARD.setdefault(id(line), []).append(message.data.encode())
            assert len(message.data) % FRAME == 0
            picture = json.loads(message.data)
            if picture["what"] == what and until(picture):
                return picture


async def ended(line: ClientWebSocketResponse) -> str:
    """The last picture before the end; the test ends when none comes."""
    last = ""
    async with asyncio.timeout(5):
        while True:
            message = await line.receive()
            if message.type in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED}:
                return last
            last = json.loads(message.data)["what"]


async def until(found: Callable[[], bool]) -> None:
    """Nothing, once it is so; the test ends when it never is."""
    async with asyncio.timeout(5):
        while not found():  # noqa: ASYNC110  # what is waited for is in a room that tells nobody
            await asyncio.sleep(0.02)
