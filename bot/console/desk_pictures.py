"""The pictures that an open desk is shown: my shift, the queue, my chats, colleagues, notes.

It decides what stands in each: everyone sees their own chats and who waits, and a lead how everyone
is doing, with no word of any chat. They are made from memory, but for the notes.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from bot.console.desk_hub import Picture, Seat
from bot.console.desk_shown import Named, colleague, mine, overseen, queued
from bot.console.said import N_
from bot.handoff.board import handed_to, suits
from bot.handoff.model import Chat, Duty

if TYPE_CHECKING:
    from bot.console.desk_room import Room

MOST_ROWS: Final = 60
"""Chats of the queue that a page shows; how many wait is said besides."""

SURGE: Final[Mapping[str, str]] = {
    "many_waiting": N_("Many people are waiting"),
    "short_break": N_("A short break"),
    "back_later": N_("Back later"),
    "trouble": N_("Something does not work here"),
}
"""What people are told when a queue is switched, for staff; see `bot.handoff.surge`."""


def all_of(room: "Room", seat: Seat, named: Named) -> Sequence[Picture]:
    """All that somebody is to see now."""
    duty = room.office.shifts.of(seat.staff)
    stand = room.office.board.picture.version
    chats = room.office.board.of(seat.staff)
    found: list[Picture] = [
        {"what": "me", **me(room, seat.staff)},
        {
            "what": "chats",
            "stand": stand,
            "chats": [mine_of(room, chat, seat.staff, named) for chat in chats],
        },
        {"what": "offers", "chats": offers(room, duty, named)},
        {"what": "colleagues", "colleagues": colleagues(room, seat.staff)},
        {"what": "notes", "notes": notes(room, seat.staff)},
    ]
    if seat.wants_queue:
        found.append({"what": "queue", **queue(room, duty, named)})
    if seat.lead:
        found.append({"what": "lead", **lead(room, named)})
    return found


def me(room: "Room", staff: str) -> dict[str, Any]:
    """The shift of somebody, as they see it."""
    shifts = room.office.shifts
    duty = shifts.of(staff)
    if duty is None:
        return {"shift": None, "rest_asked": False}
    care, now = shifts.care_of(staff), room.clock()
    return {
        "shift": {
            "who": duty.who,
            "languages": duty.languages,
            "skills": duty.skills,
            "until": shifts.planned_end(staff),
            "keys": [key.hex() for key in duty.keys],
        },
        "open": duty.open,
        "heavy": duty.heavy,
        "most_open": duty.most_open,
        "most_heavy": duty.most_heavy,
        "paused": duty.paused,
        "pause_due": round(now + care.pause_due) if care.pause_due else 0,
        "enforced_until": round(now + care.rest_left) if care.rest_left else None,
        "rest_asked": staff in room.resting,
    }


def mine_of(room: "Room", chat: Chat, staff: str, named: Named) -> dict[str, Any]:
    """A chat as who has it sees it."""
    return mine(chat, named, staff, room.who, room.reads.get((staff, chat.id), 0))


def queue(room: "Room", duty: Duty | None, named: Named) -> dict[str, Any]:
    """Who waits: first those whom they may take, in their order, then others."""
    board, staff = room.office.board, duty.staff if duty is not None else ""
    first = room.once("first", lambda: board.queue(None, 2 * MOST_ROWS))
    theirs = _theirs(room, duty)[:MOST_ROWS] if duty is not None else []
    own = {chat.id for chat in theirs}
    others = [chat for chat in first if chat.id not in own]
    return {
        "waiting": len(board.picture.order),
        "longest": longest(room, named),
        "rows": [
            queued(chat, named)
            | {
                "mine": chat.id in own,
                "offered": bool(staff) and chat.offered == staff,
                "offered_until": chat.offered_until if chat.offered == staff else 0,
            }
            for chat in (*theirs, *others)[:MOST_ROWS]
        ],
    }


def _theirs(room: "Room", duty: Duty) -> list[Chat]:
    """As `Board.queue` has it; looked through once for all who speak the same."""
    board = room.office.board

    def fit() -> list[Chat]:
        return [chat for chat in board.queue() if not suits(duty, chat)]

    found = room.once(f"queue {sorted(duty.languages)} {sorted(duty.skills)}", fit)
    asked = room.once("asked", lambda: [chat for chat in board.queue() if chat.offered])
    to_them = [chat for chat in asked if chat.offered == duty.staff and chat in found]
    return [*to_them, *(chat for chat in found if chat not in to_them)] if to_them else found


def longest(room: "Room", named: Named) -> list[dict[str, Any]]:
    """By language, since when the one waits who waits longest; the longest first."""
    stands = room.once("longest", room.office.board.longest)
    found = sorted(stands.items(), key=lambda one: one[1].asked)
    return [
        {
            "language": language,
            "name": named.languages(language),
            "asked": one.asked,
            "waiting": one.waiting,
        }
        for language, one in found
    ]


def offers(room: "Room", duty: Duty | None, named: Named) -> list[dict[str, Any]]:
    """Chats that colleagues pass on to them."""
    if duty is None:
        return []
    return [
        queued(chat, named)
        | {
            "from": room.who(chat.owner),
            "warm": step.warm,
            "until": step.since + room.office.shifts.rules.offer_seconds,
        }
        for chat in room.once("transfers", lambda: _transfers(room))
        if (step := chat.transfer) is not None and handed_to(chat, duty)
    ]


def colleagues(room: "Room", staff: str) -> list[dict[str, Any]]:
    """Who else is on duty."""
    everyone = room.once("everyone", lambda: _everyone(room))
    return [one for one in everyone if one["staff"] != staff]


def _everyone(room: "Room") -> list[dict[str, Any]]:
    leads = room.leads()
    on_duty = room.office.shifts.on_duty()
    return [colleague(duty, lead=duty.staff in leads) for duty in on_duty]


def _transfers(room: "Room") -> list[Chat]:
    living = room.office.board.picture.chats.values()
    return [chat for chat in living if chat.transfer is not None]


def lead(room: "Room", named: Named) -> dict[str, Any]:
    """How everyone is doing: waits, loads, who needs a pause. No word of a chat."""
    board, shifts = room.office.board, room.office.shifts
    tired = {care.staff for care in shifts.care() if care.needs_pause}
    codes = [one.code for one in room.speech.languages]
    waits = {code: room.office.counts.waits(code) for code in codes}
    return {
        "waiting": len(board.picture.order),
        "longest": longest(room, named),
        "waits": [
            {"language": code, "name": named.languages(code), "p50": one.p50, "p90": one.p90}
            for code, one in waits.items()
            if one is not None
        ],
        "staff": [
            {
                **colleague(duty, lead=False),
                "open": duty.open,
                "heavy": duty.heavy,
                "connected": duty.connected,
                "needs_pause": duty.staff in tired,
            }
            for duty in shifts.on_duty()
        ],
        "chats": [
            overseen(chat, named, room.who) for chat in board.picture.chats.values() if chat.owner
        ],
        "surges": surges(room, named),
    }


def surges(room: "Room", named: Named) -> list[dict[str, Any]]:
    """Queues that the lead paused or leads elsewhere."""
    found = ((one.code, room.office.surge.of(one.code)) for one in room.speech.languages)
    return [
        {
            "queue": f"queue:{code}",
            "name": named.languages(code),
            "mode": one.mode,
            "message": named.words(SURGE[one.message]) if one.message in SURGE else "",
            "until": one.until,
        }
        for code, one in found
        if one is not None
    ]


def notes(room: "Room", staff: str) -> list[dict[str, Any]]:
    """What colleagues wrote to them and they have not read, sealed."""
    duty, found = room.office.shifts.of(staff), []
    for note in room.notes.get(staff, ()):
        about = room.office.board.get(note.chat) if note.chat else None
        keys = [key for key in (duty.keys if duty else ()) if key in note.wraps]
        key = next(reversed(keys), next(iter(note.wraps), b""))
        wrap = note.wraps.get(key, b"")
        found.append(
            {
                "note": note.id.hex(),
                "from": note.who,
                "kind": note.kind,
                "chat": note.chat.hex(),
                "chat_name": about.name if about else "",
                "at": note.at,
                "body": b64encode(note.body).decode(),
                "key": key.hex(),
                "suite": wrap[0] if wrap else 0,
                "wrap": b64encode(wrap).decode(),
            }
        )
    return found
