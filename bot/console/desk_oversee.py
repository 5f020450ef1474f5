"""What a lead does without being in a chat: asks somebody to pause, switches a queue.

It decides nothing. Joining a chat and taking one over stand with the other acts of chats.
"""

from typing import Annotated, Final

import msgspec
from aiohttp import web

from bot.console.desk_acts import Code, route
from bot.console.desk_refusals import answers
from bot.console.desk_room import room_of
from bot.console.frame import Visit
from bot.handoff.model import Refused
from bot.handoff.moves import QUEUE
from bot.handoff.surge import HOURS

MINUTES: Final = 60


class Rest(msgspec.Struct):
    """Somebody on duty."""

    staff: Code


class Switched(msgspec.Struct):
    """A queue, and what is to happen with who comes to it."""

    queue: Code
    mode: Code
    message: Code = ""
    minutes: Annotated[int, msgspec.Meta(ge=1, le=MINUTES * HOURS[-1])] = MINUTES


@answers
async def rest(visit: Visit) -> web.StreamResponse:
    """They see that somebody thinks of their pause. Nothing is forced."""
    room, asked = room_of(visit), visit.asked(Rest)
    if await visit.run(room.office.shifts.of, asked.staff) is None:
        raise Refused("no_such_colleague")
    await visit.run(room.audit, visit.staff.id, "desk.rest", asked.staff, "")
    room.rest(asked.staff, asked=True)
    return web.json_response({})


@answers
async def surge(visit: Visit) -> web.StreamResponse:
    """The queue of a language is paused, led elsewhere, or open again."""
    room, asked = room_of(visit), visit.asked(Switched)
    language = asked.queue.removeprefix(QUEUE)
    if language not in {one.code for one in room.speech.languages}:
        raise Refused("not_possible")
    mode = "open" if asked.mode == "off" else asked.mode
    hours = next(one for one in HOURS if one * MINUTES >= asked.minutes)

    def switch() -> None:
        version, _ = room.office.surge.switch(language)
        room.office.surge.turn(visit.staff.id, language, version, mode, asked.message, hours)

    await visit.run(switch)
    room.hub.wake()
    return web.json_response({})


ROUTES: Final = (
    route("/desk/rest", "desk.lead", rest),
    route("/desk/surge", "desk.lead", surge),
)
