"""A shift: beginning with the key of this browser, breaks, and the end with no chat left behind.

It decides the order of the end: every chat has somebody else, or is back in line, before the shift
is over. Limits and pauses are decided by who keeps the shifts.
"""

from typing import Annotated, Any, Final

import msgspec
from aiohttp import web

from bot.console.desk_acts import Code, Id, route
from bot.console.desk_pictures import me
from bot.console.desk_refusals import answers
from bot.console.desk_room import Room, an_id, room_of
from bot.console.desk_shown import SKILLS
from bot.console.desk_words import KEY_BYTES
from bot.console.frame import Visit
from bot.handoff.model import NoSuchChat, Refused
from bot.sealing import Prekey

Half = Annotated[bytes, msgspec.Meta(max_length=128)]
MOST_BYTES: Final = 8192


class PrekeyOf(msgspec.Struct):
    """The public halves of the key of a shift, signed by a device."""

    x25519: Half
    p256: Half
    until: Annotated[int, msgspec.Meta(gt=0, lt=2**40)]
    identity: Id
    signature: Half


class Begin(msgspec.Struct):
    """How somebody will work."""

    who: Annotated[str, msgspec.Meta(max_length=80)]
    languages: Annotated[list[Code], msgspec.Meta(max_length=20)]
    prekey: PrekeyOf
    skills: Annotated[list[Code], msgspec.Meta(max_length=20)] = []
    hours: float = 8.0

    def __repr__(self) -> str:
        return "Begin()"


class Another(msgspec.Struct):
    """One more key, of another browser or of this one after it lost its own."""

    prekey: PrekeyOf


@answers
async def begin(visit: Visit) -> web.StreamResponse:
    """From now on they can be given chats."""
    room, asked = room_of(visit), visit.asked(Begin)
    known = {one["code"] for one in languages(room)}
    spoken = [code for code in asked.languages if code in known]
    skills = [code for code in asked.skills if code in SKILLS]

    def start() -> None:
        key = add_key(room, visit.staff.id, asked.prekey)
        room.office.shifts.begin_shift(
            visit.staff.id, asked.who, spoken, skills, [key], hours=asked.hours
        )

    await visit.run(start)
    room.rest(visit.staff.id, asked=False)
    return await _me(visit, room)


@answers
async def prekey(visit: Visit) -> web.StreamResponse:
    """What comes from now on can be read with this key too."""
    room, asked = room_of(visit), visit.asked(Another)

    def add() -> None:
        duty = room.office.shifts.of(visit.staff.id)
        if duty is None:
            raise Refused("no_shift")
        key = add_key(room, visit.staff.id, asked.prekey)
        room.office.shifts.set_keys(visit.staff.id, (*duty.keys, key))

    await visit.run(add)
    await visit.run(room.audit, visit.staff.id, "desk.keys.prekey", "", "")
    return await _me(visit, room)


@answers
async def end(visit: Visit) -> web.StreamResponse:
    """Their chats go on with others, then the shift is over."""
    room = room_of(visit)
    visit.asked(dict[str, Any])

    def stop() -> dict[str, Any]:
        staff = visit.staff.id
        room.office.shifts.care_of(staff)  # says no to who is not on shift, before anything moves
        left = room.office.desk.hand_over_all(staff)
        asked = room.office.shifts.end_shift(staff)
        # Somebody may have handed them a chat between the two.
        again = room.office.desk.hand_over_all(staff)
        return {
            "passed_on": left.passed_on + again.passed_on,
            "back_in_line": left.back_in_line + again.back_in_line,
            "debrief": asked.heavy > 0,
            "prompts": asked.prompts,
        }

    told = await visit.run(stop)
    room.rest(visit.staff.id, asked=False)
    return web.json_response(told)


@answers
async def pause(visit: Visit) -> web.StreamResponse:
    """A break."""
    room = room_of(visit)
    await visit.run(room.office.shifts.pause, visit.staff.id)
    room.rest(visit.staff.id, asked=False)
    return await _me(visit, room)


@answers
async def resume(visit: Visit) -> web.StreamResponse:
    """Back, unless a pause after a heavy chat lasts."""
    room = room_of(visit)
    await visit.run(room.office.shifts.resume, visit.staff.id)
    return await _me(visit, room)


def languages(room: Room) -> list[dict[str, str]]:
    """The languages that people write in."""
    return [
        {"code": one.code, "name": one.endonym, "dir": one.dir} for one in room.speech.languages
    ]


def add_key(room: Room, staff: str, given: PrekeyOf) -> bytes:
    """Keeps the key of a shift; its id. Raises `Refused`."""
    try:
        identity = an_id(given.identity, KEY_BYTES)
    except NoSuchChat:
        raise Refused("no_such_device") from None
    key = Prekey(given.x25519, given.p256, given.until, identity, given.signature)
    with room.office.store.group() as group:
        return room.office.keys.add_prekey(group, staff, key, room.clock())


async def _me(visit: Visit, room: Room) -> web.Response:
    room.hub.wake()
    return web.json_response({"me": await visit.run(me, room, visit.staff.id)})


ROUTES: Final = (
    route("/desk/shift/begin", "desk.work", begin, most_bytes=MOST_BYTES),
    route("/desk/shift/end", "desk.work", end),
    route("/desk/keys/prekey", "desk.work", prekey, most_bytes=MOST_BYTES),
    route("/desk/pause", "desk.work", pause),
    route("/desk/resume", "desk.work", resume),
)
