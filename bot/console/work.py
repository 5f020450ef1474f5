"""Whom to call this week, what to ask there, and one form to say what was right.

It decides which question a list answers and that nothing is ticked beforehand. What is due, and
what a check is worth, is the ledger's. Nothing here publishes or changes a listing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args
from urllib.parse import urlencode

from aiohttp import web

from bot.console.bulk import MOST_LOOKED_AT, show
from bot.console.frame import Route, Visit
from bot.console.listing_desk import Known, known, people, shared
from bot.console.listing_view import Line, lines, text_in
from bot.console.listings import how_of
from bot.console.said import N_
from bot.ledger.held import hidden_of
from bot.ledger.model import Record, Row
from bot.ledger.work import Ask, When, Work, WorkPage
from referral_directory.keeping.due import Class

WHENS: Final[Mapping[When, str]] = {
    "due": N_("Due until the end of the week"),
    "unchecked": N_("Never checked"),
    "hidden": N_("90 days overdue: hidden from survivors"),
    "stale": N_("30 days overdue: labelled"),
    "overdue": N_("Overdue"),
    "week": N_("Due in the next seven days"),
    "soon": N_("Due in the week after that"),
}
"""What can be asked for, in the order in which it hurts; the first is what opens."""
CLASSES: Final[Mapping[str, str]] = {
    "urgent": N_("hotlines, shelter, medical care"),
    "rest": N_("everything else"),
}
EVERY: Final[Mapping[Class, str]] = {
    "urgent": N_("hotline, shelter or medical care: every 30 days"),
    "state": N_("state body: every 180 days"),
    "other": N_("every 90 days"),
}
_ASKED: Final = ("when", "class", "area", "page")
_WHEN: Final[Mapping[str, When]] = {when: when for when in get_args(When)}


@dataclass(frozen=True, slots=True)
class Call:
    """A listing to call, and what to ask there."""

    work: Work
    name: str
    """Its own, in the language of the page: as whoever calls says it."""
    organization: str
    asks: tuple[tuple[Ask, Line], ...]


async def work(visit: Visit) -> web.StreamResponse:
    """The work list."""
    asked = {name: visit.query.get(name, "") for name in _ASKED}
    when = _WHEN.get(asked["when"], "due")
    number, wanted = asked["page"], asked["class"]
    page: WorkPage = await visit.run(
        visit.ledger.work,
        visit.actor,
        when=when,
        area=asked["area"],
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1,
        urgent=wanted == "urgent" if wanted in CLASSES else None,
    )
    await _note_looks(visit, page)
    found = known(visit)
    pairs = [(name, asked[name]) for name in _ASKED[:-1] if asked[name]]
    return visit.page(
        "work.html",
        **shared(visit, found, await people(visit)),
        page=page,
        calls=[_call(item, found) for item in page.items],
        asked=asked,
        when=when,
        whens=WHENS,
        figures=await visit.run(visit.ledger.work_counts, visit.actor),
        classes=CLASSES,
        every=EVERY,
        areas=found.names.places,
        query=urlencode(pairs),
        back=urlencode([*pairs, ("page", page.page)]),
    )


async def _note_looks(visit: Visit, page: WorkPage) -> None:
    """A look at what is not public stands in the history, on this page as on every other."""
    if not visit.actor.restricted:
        return
    for item in page.items:
        contacts, address = hidden_of(item.content)
        if contacts or address is not None or item.row.visibility != "public":
            await visit.run(visit.ledger.record, item.row.id, visit.actor)


def _call(item: Work, found: Known) -> Call:
    checks = [ask.last for ask in item.asks if ask.last is not None]
    said = {line.part: line for line in lines(item.content, checks, found.names)}
    names, over = (item.content.get(field, {}) for field in ("names", "organization"))
    language = found.names.language
    asks = tuple((ask, said[ask.part]) for ask in item.asks)
    return Call(item, text_in(names, language), text_in(over, language), asks)


async def check(visit: Visit) -> web.StreamResponse:
    """Somebody asked there: the ticked parts are right, as they stood on the page."""
    id_, words = visit.path["id"], visit.words
    back = f"/due?{visit.form.get('back')[:500]}"
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    if str(record.revision) != visit.form.get("revision"):
        said = N_("It was changed meanwhile: look again at what it says now.")
        return visit.see_other(back, words(said))
    found = known(visit)
    every = [line.part for line in lines(record.content, (), found.names)]
    ticked = set(visit.form.all("part"))
    parts = tuple(part for part in every if part in ticked)
    if not parts:
        said = N_("Nothing was noted: tick what you asked about and found right.")
        return visit.see_other(back, words(said))
    await visit.run(visit.ledger.check, visit.actor, id_, parts, how_of(visit), None)
    said = words.many(
        "%(name)s: %(count)s part is noted as right, today, by you.",
        "%(name)s: %(count)s parts are noted as right, today, by you.",
        len(parts),
        name=text_in(record.content.get("names", {}), found.names.language),
    )
    return visit.see_other(back, said)


async def many(visit: Visit) -> web.StreamResponse:
    """Which listings are to be noted as right at once; the next page says what will be done."""
    chosen = visit.form.all("id")[:MOST_LOOKED_AT]
    rows: Mapping[str, Row] = await visit.run(visit.ledger.rows, visit.actor, chosen)
    if not rows:
        back = f"/due?{visit.form.get('back')[:500]}"
        return visit.see_other(back, visit.words(N_("Choose at least one listing.")))
    return await show(visit, "check", tuple(rows.values()), len(rows))


ROUTES: Final = (
    Route("GET", "/due", "directory.check", work, "work"),
    Route("POST", "/due/many", "directory.check", many, "work_many"),
    Route("POST", "/due/{id}/check", "directory.check", check, "work_check"),
)
