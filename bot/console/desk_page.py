"""The page of the desk, and what it needs to begin: texts, codes, limits, the keys to compare.

It decides nothing. The page is empty until its script has opened the line; what it shows of people
comes over that line alone, and leaves the screen when the session is over.
"""

from typing import Any, Final

from aiohttp import web

from bot.console.desk_canned import offered
from bot.console.desk_keys import mine, organisation
from bot.console.desk_pictures import SURGE
from bot.console.desk_room import Room, room_of
from bot.console.desk_shift import languages
from bot.console.desk_shown import NEEDS, OUTCOMES, REASONS, REFERRALS, SKILLS, choices
from bot.console.frame import Route, Visit
from bot.handoff.moves import QUEUE
from bot.sealing import MOST_BYTES
from bot.staff.sessions import IDLE_SECONDS


async def desk(visit: Visit) -> web.StreamResponse:
    """The page."""
    room = room_of(visit)
    return visit.page(
        "desk.html", begin=await visit.run(begun, room, visit), lead=visit.may("desk.lead")
    )


async def begin(visit: Visit) -> web.StreamResponse:
    """What it needs, once more: after it was unlocked, in another language."""
    room = room_of(visit)
    return web.json_response(await visit.run(begun, room, visit))


def begun(room: Room, visit: Visit) -> dict[str, Any]:
    """All that does not change while a page is open."""
    words, rules, named = visit.words, room.office.shifts.rules, room.named(visit.words)
    return {
        "me": {
            "staff": visit.staff.id,
            "name": visit.staff.name,
            "lead": visit.may("desk.lead"),
            "language": words.language,
        },
        "languages": languages(room),
        "skills": choices(SKILLS, words),
        "needs": [{"code": code, "name": name} for code, name in named.needs.items()],
        "canned": offered(words.language),
        "wrap_up": {
            "needs": choices(NEEDS, words),
            "outcomes": choices(OUTCOMES, words),
            "referrals": choices(REFERRALS, words),
        },
        "reasons": choices(REASONS, words),
        "queues": [
            {"code": f"{QUEUE}{one['code']}", "name": one["name"]} for one in languages(room)
        ],
        "surge_messages": choices(SURGE, words),
        "rules": {
            "lock_seconds": IDLE_SECONDS,
            "message_bytes": MOST_BYTES,
            "drop_seconds": rules.drop_seconds,
            "parked_seconds": rules.parked_seconds,
            "offer_seconds": rules.offer_seconds,
        },
        "devices": [{"id": one.identity.id.hex(), "until": one.until} for one in mine(room, visit)],
        **organisation(room),
    }


ROUTES: Final = (
    Route("GET", "/desk", "desk.work", desk, "desk"),
    Route("GET", "/desk/begin", "desk.work", begin, "desk_begin", quiet=True),
)
