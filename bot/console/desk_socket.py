"""The line of an open desk: pictures go out, and that somebody is writing comes in.

It decides who is cut off: another site, whoever says too much, whoever does not listen, and
everybody within a second of the end of their session. Nothing that is done at the desk comes over
the line: acts are forms of their own.
"""

import asyncio
import contextlib
import json
from collections import deque
from http import HTTPStatus
from typing import Final

from aiohttp import WSMsgType, web

from bot.console.desk_hub import Seat, frame
from bot.console.desk_room import Room, chat_id, room_of
from bot.console.frame import Route, Visit
from bot.console.live import CLOSE_SECONDS, HEARTBEAT_SECONDS
from bot.console.reading import check_origin
from bot.console.streams import TooMany
from bot.handoff.model import Refused

MOST_BYTES: Final = 1024
MOST_FRAMES: Final = 20
"""Of one page in `WITHIN_SECONDS`."""
WITHIN_SECONDS: Final = 10.0
SEND_SECONDS: Final = 15.0
"""Whoever takes nothing for so long is not there."""


async def live(visit: Visit) -> web.StreamResponse:
    """Open until the session is over or the page is left."""
    check_origin(visit.request, visit.desk.host.origin(visit.request))
    room = room_of(visit)
    line = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, max_msg_size=MOST_BYTES, timeout=CLOSE_SECONDS
    )
    if not line.can_prepare(visit.request):
        return web.Response(status=HTTPStatus.NO_CONTENT)
    seat = Seat(visit.staff.id, visit.words, visit.may("desk.lead"))
    try:
        async with (
            visit.desk.streams.open(visit.secret) as over,
            room.hub.sit(seat, room),
        ):
            await line.prepare(visit.request)
            await _until_over(room, seat, line, over)
    except (TooMany, OverflowError):
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
    return line


async def _until_over(
    room: Room, seat: Seat, line: web.WebSocketResponse, over: asyncio.Event
) -> None:
    tasks = [
        asyncio.create_task(_listen(room, seat, line)),
        asyncio.create_task(_send(room, seat, line)),
        asyncio.create_task(over.wait()),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if over.is_set() and not line.closed:
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(1):
                    await line.send_str(frame({"what": "over"}))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await line.close()


async def _send(room: Room, seat: Seat, line: web.WebSocketResponse) -> None:
    while not line.closed:
        await seat.ready.wait()
        for text in seat.take(room.clock()):
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await line.send_str(text)
            except (ConnectionError, TimeoutError):
                return


async def _listen(room: Room, seat: Seat, line: web.WebSocketResponse) -> None:
    loop = asyncio.get_running_loop()
    lately: deque[float] = deque(maxlen=MOST_FRAMES)
    while True:
        message = await line.receive()
        now = loop.time()
        flood = len(lately) == MOST_FRAMES and now - lately[0] < WITHIN_SECONDS
        if message.type is not WSMsgType.TEXT or flood:
            return
        lately.append(now)
        if not _heard(room, seat, str(message.data)):
            return


def _heard(room: Room, seat: Seat, text: str) -> bool:
    """Passes on that somebody is writing; whether the page said something that a page says."""
    try:
        said = json.loads(text)
        does, chat = said["do"], said["chat"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    if does != "typing":
        return False
    # A chat that is not theirs (any more) is passed over: the page may not have heard of it yet.
    with contextlib.suppress(Refused):
        room.typing(seat.staff, chat_id(chat))
    return True


ROUTES: Final = (Route("GET", "/desk/live", "desk.work", live, "desk_live", quiet=True),)
