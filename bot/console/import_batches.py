"""A file that was taken: what it proposes, the second look at all of it, and the way back.

It decides nothing: the ledger publishes draft by draft what a second person may, and says why the
rest stays; an undo takes nothing from anybody who changed something since.
"""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, people, shared
from bot.console.listing_view import text_in
from bot.console.said import N_
from bot.ledger.batches import Batch, Imports
from bot.ledger.committing import Outcome
from bot.ledger.model import Draft
from referral_directory.keeping import Change

PREFIX: Final = "import:"
"""What stands before the id of an import where a draft says its source."""
ON_A_PAGE: Final = 50
SAID: Final = 12
"""So many records that were left are named, with the reason."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A record of an import: its draft, if that is as it came, and what it changes."""

    id: str
    name: str = field(repr=False)
    draft: Draft | None
    changes: tuple[Change, ...] = field(repr=False)


async def batch(visit: Visit) -> web.StreamResponse:
    """One import, record by record."""
    name = visit.path["id"]
    if name.startswith(PREFIX):
        return visit.see_other(f"/imports/{name.removeprefix(PREFIX)}")
    room = Imports(visit.ledger.books)
    one: Batch = await visit.run(room.batch, visit.actor, name)
    drafts: tuple[Draft, ...] = await visit.run(visit.ledger.drafts, visit.actor)
    mine = {draft.record: draft for draft in drafts if draft.source == f"{PREFIX}{name}"}
    # What waits comes first: that is what somebody comes here for.
    records = sorted(one.records, key=lambda record: (record not in mine, record))
    pages = max(1, -(-len(records) // ON_A_PAGE))
    number = visit.query.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    page = min(max(page, 1), pages)
    found = known(visit)
    rows = []
    for record in records[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]:
        draft = mine.get(record)
        differs: tuple[Change, ...] = ()
        if draft is not None:
            differs = await visit.run(visit.ledger.changes_of, record, visit.actor)
        said = text_in(draft.content.get("names", {}), found.names.language) if draft else ""
        rows.append(Proposed(record, said or record, draft, differs))
    own = any(visit.staff.id in draft.authors for draft in mine.values())
    return visit.page(
        "imports_batch.html",
        **shared(visit, found, await people(visit)),
        batch=one,
        rows=rows,
        total=len(records),
        page=page,
        pages=pages,
        own=own,
        can_publish=visit.may("directory.approve") and not own and one.waiting > 0,
        can_undo=visit.may("directory.import") and one.state == "committed",
    )


async def publish(visit: Visit) -> web.StreamResponse:
    """A second person approves whatever of it may go out."""
    room = Imports(visit.ledger.books)
    name, why = visit.path["id"], visit.form.get("why")[:500]
    outcome: Outcome = await visit.run(room.publish, visit.actor, name, why)
    _say(visit, outcome, N_("Published: %(done)s. Left as drafts: %(left)s."))
    return visit.see_other(f"/imports/{name}")


async def undo(visit: Visit) -> web.StreamResponse:
    """The import is taken back, as far as nobody changed anything since."""
    room = Imports(visit.ledger.books)
    name, why = visit.path["id"], visit.form.get("why")[:500]
    outcome: Outcome = await visit.run(room.undo, visit.actor, name, why)
    _say(visit, outcome, N_("As before, or proposed so: %(done)s. Left as they are: %(left)s."))
    return visit.see_other(f"/imports/{name}")


def _say(visit: Visit, outcome: Outcome, said: str) -> None:
    visit.say(visit.words(said, done=len(outcome.done), left=len(outcome.left)))
    for record, why in list(outcome.left.items())[:SAID]:
        visit.say(f"{record}: {visit.words(why)}")


ROUTES: Final = (
    # Also for who only approves: they come here from a draft.
    Route("GET", "/imports/{id}", "directory.view", batch, "import"),
    Route(
        "POST",
        "/imports/{id}/publish",
        "directory.approve",
        publish,
        "import_publish",
        step_up=True,
    ),
    Route("POST", "/imports/{id}/undo", "directory.import", undo, "import_undo"),
)
