"""Searching the directory from the desk, and a listing as words to send into a chat.

It decides nothing about listings. What is searched for stands in no address and in no log.
"""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from aiohttp import web

from bot.console.desk_refusals import answers
from bot.console.desk_room import room_of
from bot.console.frame import Route, Visit
from bot.console.listing_desk import now
from bot.handoff.model import Refused

Words = Annotated[str, msgspec.Meta(max_length=200)]
Code = Annotated[str, msgspec.Meta(max_length=64)]
MOST_BYTES: Final = 4096


class Search(msgspec.Struct):
    """What is looked for, for a chat in that language."""

    language: Code
    text: Words = ""
    need: Code = ""

    def __repr__(self) -> str:
        return "Search()"


class OneListing(msgspec.Struct):
    """One listing, for a chat in that language."""

    listing: Code
    language: Code


@answers
async def search(visit: Visit) -> web.StreamResponse:
    """At most twelve listings that survivors are served."""
    asked, room = visit.asked(Search), room_of(visit)
    found = await visit.run(
        room.listings.find,
        lambda query: visit.ledger.find(query, visit.actor),
        (asked.text.strip(), asked.need),
        (asked.language, visit.words.language),
        now(visit),
    )
    return web.json_response(body=msgspec.json.encode({"found": found}), status=HTTPStatus.OK)


@answers
async def listing(visit: Visit) -> web.StreamResponse:
    """The whole card as it would be sent, and the same in the operator's language."""
    asked, room = visit.asked(OneListing), room_of(visit)
    text, own = [
        await visit.run(room.listings.text, asked.listing, language, now(visit))
        for language in (asked.language, visit.words.language)
    ]
    if not text:
        raise Refused("gone")
    direction = room.listings.direction(asked.language)
    return web.json_response({"text": text, "own": own, "dir": direction})


ROUTES: Final = (
    Route(
        "POST", "/desk/search", "desk.work", search, "desk_search", most_bytes=MOST_BYTES, json=True
    ),
    Route(
        "POST",
        "/desk/listing",
        "desk.work",
        listing,
        "desk_listing",
        most_bytes=MOST_BYTES,
        json=True,
    ),
)
