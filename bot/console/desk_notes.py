"""Notes between colleagues, and the call for help to a lead: sealed by the writer's page, gone when
they were read.

It decides that a note about a chat comes from who has it, and that a call for help reaches every
lead on duty. It can read none of them.
"""

from typing import Any, Final

import msgspec
from aiohttp import web

from bot.console.desk_acts import Code, Id, route
from bot.console.desk_refusals import answers
from bot.console.desk_room import Room, an_id, chat_id, room_of
from bot.console.desk_words import REPLY_BYTES, Body, Wraps, keyed
from bot.console.frame import Visit
from bot.handoff.model import Duty, Refused
from bot.handoff.notes import Sent

NOTE_BYTES: Final = 16


class Note(msgspec.Struct):
    """A note to a colleague, about a chat or about none."""

    to: Code
    body: Body
    wraps: Wraps
    chat: Id = ""

    def __repr__(self) -> str:
        return "Note()"


class Help(msgspec.Struct):
    """A call for a lead. Without words it is a sign and nothing else."""

    chat: Id = ""
    body: Body = b""
    wraps: Wraps = {}

    def __repr__(self) -> str:
        return "Help()"


class Read(msgspec.Struct):
    """A note that was read."""

    note: Id


@answers
async def note(visit: Visit) -> web.StreamResponse:
    """It waits for that colleague."""
    room, asked = room_of(visit), visit.asked(Note)
    to = await visit.run(room.office.shifts.of, asked.to)
    if to is None or to.staff == visit.staff.id:
        raise Refused("no_such_colleague")
    sent = await visit.run(_sent, room, visit.staff.id, asked, "note")
    (found,) = await visit.run(_send, room, sent, [to])
    return await _done(visit, room, "note", to.staff, {"note": found.hex()})


@answers
async def call(visit: Visit) -> web.StreamResponse:
    """Every lead on duty is told."""
    room, asked = room_of(visit), visit.asked(Help)
    leads = await visit.run(_leads, room, visit.staff.id)
    if not leads:
        raise Refused("no_lead")
    sent = await visit.run(_sent, room, visit.staff.id, asked, "help")
    await visit.run(_call_each, room, sent, leads)
    return await _done(visit, room, "help", "", {})


@answers
async def read(visit: Visit) -> web.StreamResponse:
    """It is gone."""
    room, asked = room_of(visit), visit.asked(Read)
    found = an_id(asked.note, NOTE_BYTES)

    def drop() -> None:
        with room.office.store.group() as group:
            room.office.notes.read(group, visit.staff.id, found)

    await visit.run(drop)
    return await _done(visit, room, "", "", {})


def _leads(room: Room, staff: str) -> list[Duty]:
    leads = room.leads()
    return [one for one in room.office.shifts.on_duty() if one.staff in leads - {staff}]


def _sent(room: Room, staff: str, asked: Note | Help, kind: Any) -> Sent:
    chat = chat_id(asked.chat) if asked.chat else b""
    if chat:
        with room.office.store.group() as group:
            room.held(group, staff, chat)
    return Sent(kind, staff, room.who(staff), chat, asked.body, keyed(asked.wraps))


def _call_each(room: Room, sent: Sent, leads: list[Duty]) -> None:
    """A lead who left many others unread keeps this one from nobody else."""
    full: Refused | None = None
    reached = 0
    for lead in leads:
        try:
            reached += len(_send(room, sent, [lead]))
        except Refused as refused:
            full = refused
    if full is not None and not reached:
        raise full


def _send(room: Room, sent: Sent, to: list[Duty]) -> list[bytes]:
    with room.office.store.group() as group:
        now, keys = room.clock(), room.office.keys
        return [
            room.office.notes.send(
                group, sent, one.staff, keys.on_duty_receivers(group, [one], now), now
            )
            for one in to
        ]


async def _done(
    visit: Visit, room: Room, act: str, about: str, told: dict[str, str]
) -> web.Response:
    if act:
        await visit.run(room.audit, visit.staff.id, f"desk.{act}", about, "")
    room.forget_notes()
    return web.json_response(told)


ROUTES: Final = (
    route("/desk/note", "desk.work", note, most_bytes=REPLY_BYTES),
    route("/desk/help", "desk.work", call, most_bytes=REPLY_BYTES),
    route("/desk/note/read", "desk.work", read),
)
