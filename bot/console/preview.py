"""What the survivor sees of a listing, in every language and channel, by the parts that serve it.

It shows what stands or what the draft would be, and changes neither. No link in it is ever opened
by us.
"""

from collections.abc import Iterator
from typing import Final

from aiohttp import web

from bot.channels.telegram_text import Message
from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, now, people, shared
from bot.console.listing_words import withheld_words
from bot.console.listings import confirmed
from bot.console.said import N_
from bot.console.shown import Shown
from bot.ledger.model import Record

CHANNELS: Final = {"web": N_("web page"), "telegram": "Telegram", "terminal": N_("plain text")}
ALL: Final = "all"


async def preview(visit: Visit) -> web.StreamResponse:
    """The cards, short and whole, of one version in the languages that were asked for."""
    record: Record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    found = known(visit)
    of = "draft" if visit.query.get("of") == "draft" and record.draft else "stands"
    reads = visit.query.get("reads", found.names.language)
    channel = visit.query.get("channel", "web")
    reads = reads if reads in found.tongues or reads == ALL else found.names.language
    content = record.draft.content if record.draft and of == "draft" else record.content
    stands = of == "stands"
    known_by, due_on = (confirmed(record), record.row.due_on) if stands else (None, None)
    made = found.shower.listing(record.row.id, content, known_by, due_on)
    languages = tuple(found.tongues) if reads == ALL else (reads,)
    shown: tuple[Shown, ...] = ()
    if not isinstance(made, str):
        shown = tuple(found.shower.show(made, code, now(visit)) for code in languages)
    area = next(iter(content.get("area", ())), "")
    return visit.page(
        "preview.html",
        **shared(visit, found, await people(visit)),
        record=record,
        of=of,
        reads=reads,
        channel=channel if channel in CHANNELS else "web",
        channels=CHANNELS,
        shown=shown,
        why=withheld_words(made, visit.words) if isinstance(made, str) else "",
        pieces=pieces,
        leaflet=f"/offline/leaflet?area={area}&lang={languages[0]}&size=A6" if shown else "",
    )


def pieces(message: Message) -> Iterator[tuple[bool, str]]:
    """A message of Telegram cut where its bold begins and ends; places count UTF-16 units."""
    units = message.text.encode("utf-16-le")
    at = 0
    for bold in message.bold:
        end = bold.offset + bold.length
        yield False, units[at * 2 : bold.offset * 2].decode("utf-16-le")
        yield True, units[bold.offset * 2 : end * 2].decode("utf-16-le")
        at = end
    yield False, units[at * 2 :].decode("utf-16-le")


ROUTES: Final = (Route("GET", "/listings/{id}/preview", "directory.view", preview, "preview"),)
