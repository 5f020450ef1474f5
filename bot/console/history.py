"""The history of a listing: every act, what it changed, the way back; and the purge of what leaked.

It decides nothing about acts. A purge takes two people: what the first asked for is remembered
here, in memory and for an hour, until the second does it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import No, known, no, people, shared
from bot.console.listing_words import value_words
from bot.console.said import N_
from bot.ledger.model import Content, LedgerError, NoSuchRecord, Record, Revision
from referral_directory.keeping import Change, changes

ACTS: Final[Mapping[str, str]] = {
    "draft": N_("proposed a change"),
    "discard": N_("discarded the draft"),
    "publish": N_("published"),
    "seed": N_("came with a country pack"),
    "import": N_("came with an import"),
    "undo": N_("an import was taken back"),
    "check": N_("checked"),
    "suspend": N_("suspended"),
    "report": N_("a report came"),
    "task": N_("a report was answered"),
    "redirect": N_("became one with another listing"),
    "purge": N_("something was taken out for good"),
    "look": N_("looked at what is not public"),
    "text": N_("a translation was written"),
    "review": N_("a translation was reviewed"),
}
"""Acts of the ledger, in words. One that is not here is shown by its own name."""
ASKED_FOR: Final = 3600
"""Seconds in which a second person can do what the first asked for."""
MOST_ASKED: Final = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, with what it changed."""

    revision: Revision
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A purge that one person asked for."""

    mark: str
    by: str
    fields: tuple[str, ...]
    why: str = field(repr=False)
    at: float = 0.0


_ASKED: Final[dict[tuple[int, str], Asked]] = {}
"""By office and record. After a restart it is asked for again: nothing was done."""


async def history(visit: Visit) -> web.StreamResponse:
    """Every act, the newest first."""
    record: Record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    acts: Sequence[Revision] = await visit.run(visit.ledger.history, visit.path["id"], visit.actor)
    return visit.page(
        "history.html",
        **shared(visit, known(visit), await people(visit)),
        record=record,
        entries=_entries(acts),
        act_words=ACTS,
    )


def _entries(acts: Sequence[Revision]) -> list[Entry]:
    """The newest first; each that made a content with the difference to what stood before it."""
    found = []
    before: Content | None = None
    for one in sorted(acts, key=lambda act: act.sequence):
        differs: tuple[Change, ...] = ()
        if one.content is not None:
            differs = changes(before, one.content)
            before = one.content if one.number else before
        found.append(Entry(one, differs))
    return found[::-1]


async def revert(visit: Visit) -> web.StreamResponse:
    """A draft with what an earlier revision said."""
    id_, number = visit.path["id"], visit.form.number("number") or 0
    why = visit.words(N_("Back to revision %(number)s."), number=number)
    await visit.run(visit.ledger.revert, visit.actor, id_, number, why)
    return visit.see_other(f"/drafts/{id_}", visit.words(N_("The draft says what it said then.")))


async def purge(visit: Visit) -> web.StreamResponse:
    """What can be taken out for good, or what somebody asked to."""
    return await _show(visit)


async def _show(visit: Visit, refused: No | None = None) -> web.StreamResponse:
    id_ = visit.path["id"]
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    acts: Sequence[Revision] = await visit.run(visit.ledger.history, id_, visit.actor)
    contents = [one.content for one in acts if one.content is not None]
    contents += [record.content, *([record.draft.content] if record.draft else [])]
    fields: dict[str, list[str]] = {}
    for content in contents:
        for change in changes(None, content):
            said = value_words(change.new, visit.words)
            if said not in fields.setdefault(change.field, []):
                fields[change.field].append(said)
    return visit.page(
        "history_purge.html",
        status=refused.status if refused else 200,
        **shared(visit, known(visit), await people(visit)),
        record=record,
        fields=fields,
        chosen=frozenset(visit.form.all("field")),
        why=visit.form.get("why"),
        asked=_asked(visit),
        refused=refused,
    )


def _asked(visit: Visit) -> Asked | None:
    """What somebody asked for and nobody did yet, as long as that counts."""
    place = (id(visit.desk), visit.path["id"])
    asked = _ASKED.get(place)
    if asked is not None and visit.office.clock() - asked.at > ASKED_FOR:
        del _ASKED[place]
        return None
    return asked


async def do_purge(visit: Visit) -> web.StreamResponse:
    """The first person asks, the second does it. Both have just shown who they are."""
    id_, step = visit.path["id"], visit.form.get("step")
    place = (id(visit.desk), id_)
    await visit.run(visit.ledger.record, id_, visit.actor)
    asked = _asked(visit)
    if step == "drop":
        _ASKED.pop(place, None)
        return visit.see_other(f"/listings/{id_}/history")
    if step == "do" and asked is not None and asked.mark == visit.form.get("mark"):
        if asked.by == visit.staff.id:
            said = visit.words(N_("One person alone may not do this"))
            return await _show(
                visit, No(409, said, visit.words(N_("A second person has to agree.")))
            )
        try:
            await visit.run(visit.ledger.purge, visit.actor, asked.by, id_, asked.fields, asked.why)
        except NoSuchRecord:
            raise
        except LedgerError as error:
            return await _show(visit, no(visit, error))
        _ASKED.pop(place, None)
        return visit.see_other(f"/listings/{id_}/history", visit.words(N_("It is taken out.")))
    fields, why = visit.form.all("field"), visit.form.get("why")[:500]
    if step == "ask" and fields and why and asked is None:
        if len(_ASKED) >= MOST_ASKED:
            _ASKED.pop(next(iter(_ASKED)))
        mark = secrets.token_hex(8)
        _ASKED[place] = Asked(mark, visit.staff.id, tuple(fields), why, visit.office.clock())
    return visit.see_other(f"/listings/{id_}/purge")


ROUTES: Final = (
    Route("GET", "/listings/{id}/history", "directory.view", history, "history"),
    Route("POST", "/listings/{id}/revert", "directory.edit", revert, "revert"),
    Route("GET", "/listings/{id}/purge", "directory.purge", purge, "purge"),
    Route("POST", "/listings/{id}/purge", "directory.purge", do_purge, "purge_do", step_up=True),
)
