"""What an operator does with a chat: take it, give it back, pass it on, set it aside, end it; and
how a lead comes into one.

It decides nothing: the desk says who may do what to which chat. Every act is told to the audit,
which never hears of which chat; what a lead does in chats of others is told by the desk, with the
reason.
"""

from collections.abc import Callable
from typing import Annotated, Final

import msgspec
from aiohttp import web

from bot.console.desk_refusals import answers
from bot.console.desk_room import Room, chat_id, room_of
from bot.console.desk_shown import NEEDS, OUTCOMES, REASONS, REFERRALS
from bot.console.frame import Handler, Route, Visit
from bot.handoff.model import Chat, Refused
from bot.staff import Act

Id = Annotated[str, msgspec.Meta(max_length=64)]
Code = Annotated[str, msgspec.Meta(max_length=40)]
MOST_BYTES: Final = 2048


class OfChat(msgspec.Struct):
    """A chat and nothing else."""

    chat: Id


class Claim(msgspec.Struct):
    """A chat; empty: the first in line for who asks."""

    chat: Id = ""


class Passed(msgspec.Struct):
    """A chat on its way to a colleague or a queue."""

    chat: Id
    to: Code
    warm: bool


class WrapUp(msgspec.Struct):
    """The end of a chat. Codes alone, each of which may be skipped."""

    chat: Id
    need: Code = ""
    outcome: Code = ""
    referral: Code = ""


class Reasoned(msgspec.Struct):
    """A chat, and why a lead comes into it."""

    chat: Id
    reason: Code = ""


@answers
async def claim(visit: Visit) -> web.StreamResponse:
    """A chat of the queue is theirs, or somebody was quicker."""
    room, asked = room_of(visit), visit.asked(Claim)
    if asked.chat:
        taken = await visit.run(room.office.desk.claim, visit.staff.id, chat_id(asked.chat))
    else:
        taken = await visit.run(room.next_for, visit.staff.id)
    return await _taken(visit, room, "claim", taken)


@answers
async def accept(visit: Visit) -> web.StreamResponse:
    """A chat that a colleague passes on is theirs."""
    room, wanted = room_of(visit), chat_id(visit.asked(OfChat).chat)
    taken = await visit.run(room.office.desk.accept_transfer, visit.staff.id, wanted)
    return await _taken(visit, room, "transfer-accept", taken)


@answers
async def transfer(visit: Visit) -> web.StreamResponse:
    """The person is asked whether a colleague may go on."""
    room, asked = room_of(visit), visit.asked(Passed)
    chat = chat_id(asked.chat)
    await visit.run(room.office.desk.transfer, visit.staff.id, chat, asked.to, warm=asked.warm)
    return await _done(visit, room, "transfer", asked.to)


@answers
async def close(visit: Visit) -> web.StreamResponse:
    """The talk is over; the bot goes on with the person."""
    room, asked = room_of(visit), visit.asked(WrapUp)
    codes = (
        ("need", asked.need, NEEDS),
        ("outcome", asked.outcome, OUTCOMES),
        ("referral", asked.referral, REFERRALS),
    )
    counted = [(kind, code) for kind, code, known in codes if code in known]
    chat = chat_id(asked.chat)
    await visit.run(room.office.desk.close, visit.staff.id, chat)
    await visit.run(room.count, counted)
    return await _done(visit, room, "close")


@answers
async def join(visit: Visit) -> web.StreamResponse:
    """A lead is in the chat too, and the person is told."""
    room, asked = room_of(visit), visit.asked(Reasoned)
    chat, why = chat_id(asked.chat), _reason(asked)
    taken = await visit.run(room.office.desk.join, visit.staff.id, chat, why)
    return await _taken(visit, room, "", taken)


@answers
async def take_over(visit: Visit) -> web.StreamResponse:
    """A lead has the chat instead, and the person is told."""
    room, asked = room_of(visit), visit.asked(Reasoned)
    chat, why = chat_id(asked.chat), _reason(asked)
    taken = await visit.run(room.office.desk.take_over, visit.staff.id, chat, why)
    return await _taken(visit, room, "", taken)


def simple(name: str, of: Callable[[Room], Callable[[str, bytes], object]]) -> Route:
    """The route of an act that needs a chat and nothing else."""

    @answers
    async def act(visit: Visit) -> web.StreamResponse:
        room, chat = room_of(visit), chat_id(visit.asked(OfChat).chat)
        await visit.run(of(room), visit.staff.id, chat)
        return await _done(visit, room, name)

    return route(f"/desk/{name.replace('-', '/')}", "desk.work", act)


def route(path: str, act: Act, handler: Handler, *, most_bytes: int = MOST_BYTES) -> Route:
    """A question of the page's script."""
    name = path.strip("/").replace("/", ".")
    return Route("POST", path, act, handler, name, most_bytes=most_bytes, json=True)


def _reason(asked: Reasoned) -> str:
    if asked.reason not in REASONS:
        raise Refused("reason")
    return asked.reason


async def _taken(visit: Visit, room: Room, act: str, taken: Chat) -> web.Response:
    await _done(visit, room, act)
    return web.json_response({"chat": room.shown(taken, visit.staff.id, visit.words)})


async def _done(visit: Visit, room: Room, act: str, about: str = "") -> web.Response:
    """What was done is written down; without a name the desk itself wrote it, before it was."""
    if act:
        await visit.run(room.audit, visit.staff.id, f"desk.{act}", about, "")
    room.hub.wake()
    return web.json_response({})


ROUTES: Final = (
    route("/desk/claim", "desk.work", claim),
    simple("release", lambda room: room.office.desk.release),
    simple("heavy", lambda room: room.office.desk.mark_heavy),
    simple("park", lambda room: room.office.desk.park),
    simple("unpark", lambda room: room.office.desk.unpark),
    simple("leave", lambda room: room.office.desk.leave_warm),
    route("/desk/transfer", "desk.work", transfer),
    route("/desk/transfer/accept", "desk.work", accept),
    simple("transfer-refuse", lambda room: room.office.desk.refuse_transfer),
    route("/desk/close", "desk.work", close),
    route("/desk/join", "desk.lead", join),
    route("/desk/take-over", "desk.lead", take_over),
)
