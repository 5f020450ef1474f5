"""What is written at the desk, on its way between an operator's browser and the store.

It decides nothing and can read nothing: bodies, wraps and replies come and go sealed. Whoever asks
for a chat that is not theirs gets the answer of one that does not exist, before anything else about
it is looked at.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final

import msgspec
from aiohttp import web

from bot.console.desk_acts import Id, route
from bot.console.desk_refusals import DESK_SAID, answers
from bot.console.desk_room import an_id, chat_id, room_of
from bot.console.frame import Visit
from bot.console.refusals import refused_json
from bot.handoff.message_model import ForDesk, Written
from bot.handoff.model import Chat, NoSuchChat, Refused
from bot.handoff.moves import MOST_MISSED
from bot.handoff.returning import unread

KEY_BYTES: Final = 8
Number = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Body = Annotated[bytes, msgspec.Meta(max_length=8192)]
Wrap = Annotated[bytes, msgspec.Meta(max_length=512)]
Wraps = Annotated[dict[Id, Wrap], msgspec.Meta(max_length=500)]
MOST_BYTES: Final = 256 * 1024
"""Fifty messages, wrapped anew for everyone on duty."""
REPLY_BYTES: Final = 64 * 1024


class After(msgspec.Struct):
    """A chat, and what the page has of both sides."""

    chat: Id
    after: Number = 0
    after_own: Number = 0
    keys: Annotated[list[Id], msgspec.Meta(max_length=64)] = []
    """The keys that this browser holds: another browser of theirs holds others."""


class Looked(msgspec.Struct):
    """A chat, the last message that was looked at, and those before it that did not open."""

    chat: Id
    number: Number
    missed: Annotated[list[Number], msgspec.Meta(max_length=MOST_MISSED)] = []


class Copy(msgspec.Struct):
    """The same reply, sealed to those at the desk who have the chat."""

    body: Body
    wraps: Wraps


class Replied(msgspec.Struct):
    """A reply, sealed to the person and signed by a device."""

    chat: Id
    number: Number
    sealed: Body
    signature: Annotated[bytes, msgspec.Meta(max_length=256)]
    signer: Id
    public: Annotated[bytes, msgspec.Meta(max_length=128)]
    copy: Copy | None = None
    instead: Number = 0
    """The number of an unread reply that this one says again, for a person who came back."""

    def __repr__(self) -> str:
        return "Replied()"


class Rewrapped(msgspec.Struct):
    """The keys of one message, for colleagues."""

    number: Number
    wraps: Wraps


class Rewraps(msgspec.Struct):
    """The keys of messages of both sides, for colleagues."""

    chat: Id
    wraps: list[Rewrapped] = []
    own: list[Rewrapped] = []


@answers
async def messages(visit: Visit) -> web.StreamResponse:
    """What was written since, each with the wrap for who asks; nothing that opens it for others."""
    room, asked = room_of(visit), visit.asked(After)
    chat, keys = chat_id(asked.chat), {_key(key) for key in asked.keys}

    def found() -> tuple[tuple[ForDesk, ...], tuple[ForDesk, ...], int, tuple[int, ...]]:
        with room.office.store.group() as group:
            held, now = room.held(group, visit.staff.id, chat), room.clock()
            words = room.office.messages
            given = partial(words.for_operator, group, held, visit.staff.id, now=now, held=keys)
            theirs = given(after=asked.after)
            ours = given(after=asked.after_own, copies=True)
            return theirs, ours, held.number_in, unread(words, group, held)

    theirs, ours, last, again = await visit.run(found)
    return web.json_response(
        {
            "messages": [_for_page(one) | {"by": "person"} for one in theirs],
            "own": [_for_page(one) | {"by": "staff", "who": room.who(one.by)} for one in ours],
            "unread": again,
            "more": bool(theirs) and theirs[-1].number < last,
        }
    )


@answers
async def read(visit: Visit) -> web.StreamResponse:
    """They looked: the person may see that. What nobody looked at is sealed again for others."""
    room, asked = room_of(visit), visit.asked(Looked)
    await visit.run(room.read, visit.staff.id, chat_id(asked.chat), asked.number, asked.missed)
    return web.json_response({})


@answers
async def reply(visit: Visit) -> web.StreamResponse:
    """A reply is kept, once."""
    room, asked = room_of(visit), visit.asked(Replied)
    chat, signer = chat_id(asked.chat), _key(asked.signer)
    copy = (asked.copy.body, keyed(asked.copy.wraps)) if asked.copy else None
    written = Written(
        number=asked.number,
        sealed=asked.sealed,
        signature=asked.signature,
        signer=signer,
        public=asked.public,
        copy=copy,
        instead=asked.instead,
    )
    now: list[Chat] = []

    def keep() -> Chat:
        with room.office.store.group() as group:
            held = room.held(group, visit.staff.id, chat)
            now.append(held)
            return room.office.messages.reply(group, held, visit.staff.id, written, room.clock())

    try:
        kept = await visit.run(keep)
    except Refused as error:
        if error.code != "person_changed":
            raise
        person = {"suite": now[0].suite, "public": b64encode(now[0].public).decode()}
        said = DESK_SAID["person_changed"]
        return refused_json(visit.words, 409, "person_changed", said, person=person)
    await visit.run(room.office.desk.look)
    return web.json_response({"number": asked.number, "version": kept.version})


@answers
async def rewrap(visit: Visit) -> web.StreamResponse:
    """Keys of messages, for colleagues who may get the chat."""
    room, asked = room_of(visit), visit.asked(Rewraps)
    chat = chat_id(asked.chat)
    wraps = {one.number: keyed(one.wraps) for one in asked.wraps}
    own = {one.number: keyed(one.wraps) for one in asked.own}

    def keep() -> None:
        with room.office.store.group() as group:
            held, staff = room.held(group, visit.staff.id, chat), visit.staff.id
            on_duty = room.office.shifts.on_duty()
            to = room.office.keys.on_duty_receivers(group, on_duty, room.clock())
            for part, copies in ((wraps, False), (own, True)):
                room.office.messages.rewrap(group, held, staff, part, receivers=to, copies=copies)

    await visit.run(keep)
    return web.json_response({})


def _for_page(one: ForDesk) -> dict[str, Any]:
    wrap = one.wrap
    return {
        "number": one.number,
        "body": b64encode(one.body).decode(),
        "key": wrap.key.hex() if wrap else "",
        "suite": wrap.wrap[0] if wrap else 0,
        "wrap": b64encode(wrap.wrap).decode() if wrap else None,
    }


def _key(text: str) -> bytes:
    try:
        return an_id(text, KEY_BYTES)
    except NoSuchChat:
        raise Refused("key") from None


def keyed(wraps: Mapping[str, bytes]) -> dict[bytes, bytes]:
    """Wraps by the id of their key. Raises `Refused`."""
    return {_key(key): wrap for key, wrap in wraps.items()}


ROUTES: Final = (
    # What a page asks by itself when somebody writes or a colleague comes is no sign of life.
    replace(route("/desk/messages", "desk.work", messages), quiet=True),
    route("/desk/read", "desk.work", read),
    route("/desk/reply", "desk.work", reply, most_bytes=REPLY_BYTES),
    replace(route("/desk/rewrap", "desk.work", rewrap, most_bytes=MOST_BYTES), quiet=True),
)
