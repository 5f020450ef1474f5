"""Pages for what may stand in the directory twice: pairs with reasons, merging, "not the same".

It decides nothing about who is the same: a person does, and what they merged is a draft that a
second person looks at. Looking for pairs among many takes seconds, so what was found is kept until
the ledger changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Final, Literal

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, no, people, shared
from bot.console.reading import Form
from bot.console.said import N_
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import (
    Actor,
    Content,
    Invalid,
    LedgerError,
    Record,
    Refused,
    Stale,
)
from referral_directory.insight.duplicates import Base, Pair, pairs
from referral_directory.keeping import Change, changes

Pick = Literal["keep", "gone"]
ON_A_PAGE: Final = 25
WHY_LENGTH: Final = 500
LONG: Final = 0.5
"""Seconds: a look that took longer is not done again at each change of the ledger."""
REST: Final = 30
"""It then holds for so many times the seconds it took."""
REASONS: Final[Mapping[str, str]] = {
    "same_name": N_("the same name"),
    "like_name": N_("nearly the same name"),
    "same_phone": N_("the same telephone number"),
    "switchboard": N_("a number that several listings share"),
    "short_number": N_("the same short number"),
    "same_email": N_("the same e-mail address"),
    "same_page": N_("the same web page"),
    "same_domain": N_("the same web site"),
    "same_address": N_("the same address"),
    "same_organization": N_("the same organisation"),
    "other_needs": N_("but they help with different things"),
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found at one state of one ledger, whatever anybody said of it."""

    ledger: Ledger
    generation: int
    took: float
    """Seconds that the look took."""
    at: float
    """When it was (seconds of the monotonic clock)."""
    pairs: tuple[Pair, ...]
    contents: Mapping[str, Content]

    def holds(self, ledger: Ledger) -> bool:
        """Whether it need not be done again: nothing changed, or it is long and was just done."""
        if self.ledger is not ledger:
            return False
        recent = self.took > LONG and monotonic() - self.at < REST * self.took
        return recent or self.generation == ledger.generation()


_LAST: Final[list[_Looked]] = []


def _look(ledger: Ledger) -> tuple[tuple[Pair, ...], Mapping[str, Content]]:
    """The pairs that nobody dismissed, and the contents of all that are in a pair."""
    if not _LAST or not _LAST[0].holds(ledger):
        generation, began = ledger.generation(), monotonic()
        standing: Mapping[str, tuple[int, Content]] = ledger.plan_base()
        running = {
            name: one for name, (_, one) in standing.items() if one.get("status") != "closed"
        }
        found = pairs(Base.of(running))
        kept = {name: running[name] for pair in found for name in (pair.a, pair.b)}
        now = monotonic()
        _LAST[:] = [_Looked(ledger, generation, now - began, now, found, kept)]
    dismissed = ledger.dismissed()
    return (
        tuple(one for one in _LAST[0].pairs if frozenset((one.a, one.b)) not in dismissed),
        _LAST[0].contents,
    )


def _sees(actor: Actor, contents: Iterable[Content], codes: Known) -> bool:
    """Whether all of these are there for a person: else the pair is not there either."""
    return all(
        (actor.restricted or content.get("visibility", "public") == "public")
        and (not actor.areas or not codes.around(content["area"]).isdisjoint(actor.areas))
        for content in contents
    )


async def duplicates(visit: Visit) -> web.StreamResponse:
    """The pairs, the likeliest first."""
    found, contents = await visit.run(_look, visit.ledger)
    codes = Known.of(visit.office.parts["directory"])
    actor = visit.actor
    mine = [pair for pair in found if _sees(actor, (contents[pair.a], contents[pair.b]), codes)]
    pages = max(1, -(-len(mine) // ON_A_PAGE))
    page = min(max(_number(visit.query.get("page", "")), 1), pages)
    return visit.page(
        "duplicates.html",
        pairs=mine[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        contents=contents,
        page=page,
        pages=pages,
        total=len(mine),
        reasons=REASONS,
        dismissals=await visit.run(visit.ledger.dismissals, actor),
        **shared(visit, known(visit), await people(visit)),
    )


async def compare(visit: Visit) -> web.StreamResponse:
    """Two listings side by side. The first is the one that would stay."""
    return await _compared(visit, visit.path["keep"], visit.path["gone"])


async def _compared(
    visit: Visit, keep: str, gone: str, refused: LedgerError | None = None, fault: str = ""
) -> web.StreamResponse:
    one: Record = await visit.run(visit.ledger.record, keep, visit.actor)
    other: Record = await visit.run(visit.ledger.record, gone, visit.actor)
    if one.row.id == other.row.id:
        return visit.see_other("/duplicates")
    alike, _ = await visit.run(_look, visit.ledger)
    pair = next((p for p in alike if {p.a, p.b} == {one.row.id, other.row.id}), None)
    said = no(visit, refused) if refused else None
    status = said.status if said else HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    found = changes(one.content, other.content)
    return visit.page(
        "duplicates_compare.html",
        status=status,
        one=one,
        other=other,
        changes=found,
        picked={change.field: _pick(visit.form, change) for change in found},
        pair=pair,
        reasons=REASONS,
        refused=said,
        fault=fault,
        why=visit.form.get("why"),
        **shared(visit, known(visit), {}),
    )


def _pick(form: Form, change: Change) -> Pick:
    """What was picked of a field; before, that nothing that only one of them says is lost."""
    said = form.get(f"pick:{change.field}") or ("gone" if change.kind == "added" else "keep")
    return "gone" if said == "gone" else "keep"


async def merge(visit: Visit) -> web.StreamResponse:
    """Propose that two listings become one; a second person decides."""
    keep, gone = visit.form.get("keep"), visit.form.get("gone")
    picks: dict[str, Pick] = {
        name.removeprefix("pick:"): "gone"
        for name in visit.form
        if name.startswith("pick:") and visit.form.get(name) == "gone"
    }
    why = visit.form.get("why")[:WHY_LENGTH]
    try:
        draft = await visit.run(visit.ledger.merge, visit.actor, keep, gone, picks, why)
    except (Refused, Stale, Invalid) as error:
        return await _compared(visit, keep, gone, refused=error)
    return visit.see_other(
        f"/drafts/{draft.record}",
        visit.words(N_("Both are put together in a draft. A second person decides about it.")),
    )


async def dismiss(visit: Visit) -> web.StreamResponse:
    """Remember that two listings are not the same."""
    keep, gone = visit.form.get("keep"), visit.form.get("gone")
    why = visit.form.get("why")[:WHY_LENGTH]
    if not why:
        return await _compared(visit, keep, gone, fault=visit.words(N_("Say how you know.")))
    await visit.run(visit.ledger.dismiss_pair, visit.actor, keep, gone, why)
    return visit.see_other(
        "/duplicates",
        visit.words(N_("Noted: not the same. They come back when a name or a contact changes.")),
    )


async def again(visit: Visit) -> web.StreamResponse:
    """Take back that two listings are not the same."""
    one, other = visit.form.get("one"), visit.form.get("other")
    await visit.run(visit.ledger.ask_again, visit.actor, one, other)
    return visit.see_other("/duplicates", visit.words(N_("They are asked about again.")))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


ROUTES = (
    Route("GET", "/duplicates", "directory.merge", duplicates, "duplicates"),
    Route("GET", "/duplicates/{keep}/{gone}", "directory.merge", compare, "duplicates_compare"),
    Route("POST", "/duplicates/merge", "directory.merge", merge, "duplicates_merge"),
    Route("POST", "/duplicates/again", "directory.merge", again, "duplicates_again"),
    Route("POST", "/duplicates/dismiss", "directory.merge", dismiss, "duplicates_dismiss"),
)
