"""Acts on many listings at once: first said, then done.

The page between says which listings and what will become of them; exactly those ids are sent on,
so nothing that came meanwhile is touched. Each act is the ledger's own, with all it refuses.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, people, shared
from bot.console.listings import BULK, how_of, query_of
from bot.console.said import N_
from bot.ledger.model import LedgerError, ListQuery, Record, Row
from referral_directory.keeping import parts

MOST: Final = 2_000
"""Listings in one act; a whole region is less."""
MOST_LOOKED_AT: Final = 200
"""As above, where each of them must be read: to check them, to propose something."""
TITLES: Final = {
    "suspend": N_("Suspend many"),
    "check": N_("Checked by call: many"),
    "offer": N_("Propose to publish many"),
    "retire": N_("Propose to retire many"),
}
WILL: Final = {
    "suspend": N_(
        "Survivors no longer see these listings, at once. Each is shown again only when a second "
        "person agrees."
    ),
    "check": N_(
        "Every part of each of these listings is noted as right, today, by you. Do this only when "
        "you asked at each of them."
    ),
    "offer": N_(
        "For each of these listings that survivors do not see yet a draft is opened that says what "
        "it says now. A second person looks at each, once its contacts were called."
    ),
    "retire": N_(
        "For each of these listings a draft is opened that retires it. Survivors see it until a "
        "second person agrees."
    ),
}
DOES: Final = {
    "suspend": N_("Suspend them now"),
    "check": N_("They are right"),
    "offer": N_("Open these drafts"),
    "retire": N_("Open these drafts"),
}


async def plan(visit: Visit) -> web.StreamResponse:
    """Which listings an act is about, and what it will do."""
    act = visit.form.get("act")
    if act not in BULK or not visit.may(BULK[act][1]):  # type: ignore[arg-type]  # acts of that table
        return visit.see_other("/listings")
    asked = dict(parse_qsl(visit.form.get("query")[:2000]))
    most = MOST if act in ("suspend", "export") else MOST_LOOKED_AT
    rows, total = await visit.run(_rows, visit, asked, most)
    if not rows:
        said = visit.words(N_("Choose at least one listing."))
        return visit.see_other(f"/listings?{urlencode(asked)}", said)
    if act == "export":
        return visit.see_other(f"/exports?{urlencode([('id', row.id) for row in rows[:100]])}")
    return await show(visit, act, rows, total)


def _rows(visit: Visit, asked: dict[str, str], most: int) -> tuple[list[Row], int]:
    """The chosen rows of the list, or all that it shows, in its order; and how many there are."""
    find: Callable[..., Any] = visit.ledger.find
    chosen, whole = set(visit.form.all("id")), "whole" in visit.form
    rows: list[Row] = []
    number = 1 if whole else 0
    while True:
        wanted = {**asked, **({"page": str(number)} if whole else {})}
        query: ListQuery = query_of(wanted, visit, size=500 if whole else 50)
        page = find(query, visit.actor)
        rows += [row for row in page.rows if whole or row.id in chosen]
        if not whole or number >= page.pages or len(rows) >= most:
            return rows[:most], page.total if whole else len(rows)
        number += 1


async def show(visit: Visit, act: str, rows: Sequence[Row], total: int) -> web.Response:
    """The page between: which listings, and what will become of them."""
    marks = [row.id for row in rows]
    if act == "check":
        # What was looked at is what is checked: the revision goes with the id.
        read: Callable[..., Record] = visit.ledger.record
        records = [await visit.run(read, row.id, visit.actor) for row in rows]
        marks = [f"{one.row.id}@{one.revision}" for one in records]
    return visit.page(
        "listings_bulk.html",
        **shared(visit, known(visit), await people(visit)),
        act=act,
        rows=rows,
        total=total,
        marks=marks,
        title=visit.words(TITLES[act]),
        will=visit.words(WILL[act]),
        does=visit.words(DOES[act]),
        why=visit.form.get("why"),
    )


async def suspend(visit: Visit) -> web.StreamResponse:
    """All of them are suspended, or none."""
    chosen = visit.form.all("id")[:MOST]
    why = visit.form.get("why")[:500]
    count = await visit.run(visit.ledger.suspend, visit.actor, chosen, why=why)
    said = visit.words(N_("Suspended: %(count)s. Survivors no longer see them."), count=count)
    return visit.see_other("/listings?stage=suspended", said)


async def check(visit: Visit) -> web.StreamResponse:
    """Each that says what it said on the page before is noted as right."""
    done = left = 0
    for mark in visit.form.all("id")[:MOST_LOOKED_AT]:
        id_, _, revision = mark.partition("@")
        try:
            record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
            if str(record.revision) != revision or not record.revision:
                left += 1
                continue
            every = tuple(parts(record.content))
            await visit.run(visit.ledger.check, visit.actor, id_, every, how_of(visit), None)
        except LedgerError:
            left += 1
        else:
            done += 1
    return visit.see_other("/listings", _told(visit, done, left))


async def retire(visit: Visit) -> web.StreamResponse:
    """A draft for each that retires it; one with an open draft is left as it is."""
    return await _propose(visit, {"status": "closed"})


async def offer(visit: Visit) -> web.StreamResponse:
    """A draft for each that publishes it as it is; what is published already is left so."""
    return await _propose(visit, {})


async def _propose(visit: Visit, change: Mapping[str, str]) -> web.StreamResponse:
    done = left = 0
    why = visit.form.get("why")[:500]
    for id_ in visit.form.all("id")[:MOST_LOOKED_AT]:
        try:
            record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
            if record.draft is not None:
                left += 1
                continue
            content = {**record.content, **change}
            await visit.run(
                visit.ledger.propose,
                visit.actor,
                id_,
                content,
                base=record.revision,
                version=None,
                why=why,
            )
        except LedgerError:
            left += 1
        else:
            done += 1
    return visit.see_other("/drafts", _told(visit, done, left))


def _told(visit: Visit, done: int, left: int) -> str:
    said = visit.words(N_("Done: %(done)s."), done=done)
    if not left:
        return said
    more = N_("Left as they are, because they were changed or have an open draft: %(left)s.")
    return f"{said} {visit.words(more, left=left)}"


ROUTES: Final = (
    Route("POST", "/listings/bulk", "directory.view", plan, "bulk"),
    Route(
        "POST", "/listings/bulk/suspend", "directory.suspend", suspend, "bulk_suspend", step_up=True
    ),
    Route("POST", "/listings/bulk/check", "directory.check", check, "bulk_check"),
    Route("POST", "/listings/bulk/offer", "directory.edit", offer, "bulk_offer"),
    Route("POST", "/listings/bulk/retire", "directory.edit", retire, "bulk_retire"),
)
