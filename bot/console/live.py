"""An open page learns that its session is over, so that nobody reads on at a desk that was left.

It decides nothing and says nothing of anybody: the line carries the one word `over`. Pages work
without it. A line is no sign of life; what somebody types is.
"""

import asyncio
import contextlib
from http import HTTPStatus
from typing import Final

from aiohttp import WSMsgType, web

from bot.console.frame import Route, Visit
from bot.console.reading import check_origin
from bot.console.streams import TooMany

MOST_BYTES: Final = 1024
MOST_MESSAGES: Final = 20
"""Nobody has anything to say here; who says more is cut off."""
HEARTBEAT_SECONDS: Final = 25
CLOSE_SECONDS: Final = 1.0
"""Whoever is cut off and says no goodbye, but goes on, is read no longer."""


async def live(visit: Visit) -> web.StreamResponse:
    """Stays open until the session is over or the page is left."""
    check_origin(visit.request, visit.desk.host.origin(visit.request))
    line = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, max_msg_size=MOST_BYTES, timeout=CLOSE_SECONDS
    )
    if not line.can_prepare(visit.request):
        # A page whose line broke asks whether the session still lives. It does, or this is not
        # reached.
        return web.Response(status=HTTPStatus.NO_CONTENT)
    try:
        async with visit.desk.streams.open(visit.secret) as over:
            await line.prepare(visit.request)
            listening = asyncio.create_task(_listen(line))
            waiting = asyncio.create_task(over.wait())
            try:
                await asyncio.wait({listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
                if over.is_set() and not line.closed:
                    with contextlib.suppress(ConnectionError):
                        await line.send_str("over")
            finally:
                listening.cancel()
                waiting.cancel()
                await line.close()
    except TooMany:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
    return line


async def here(_: Visit) -> web.StreamResponse:
    """Somebody types, so they are here."""
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def _listen(line: web.WebSocketResponse) -> None:
    for _ in range(MOST_MESSAGES):
        message = await line.receive()
        if message.type in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}:
            return


ROUTES = (
    Route("GET", "/live", "me", live, "live", quiet=True),
    Route("GET", "/here", "me", here, "here"),
)
