"""Drafts: what waits for a second look, what one changes, and the look itself.

It shows what the ledger will ask before it asks. Who may publish what is decided there: the version
and digest that were on the page go with every approval.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.console.clashes import Both
from bot.console.frame import Route, Visit
from bot.console.listing_desk import No, country_of, known, no, people, shared, today
from bot.console.listing_view import lines, text_in
from bot.console.listings import how_of
from bot.console.said import N_
from bot.ledger.model import (
    Check,
    Draft,
    LedgerError,
    NoSuchRecord,
    Record,
    Refused,
    Revision,
    Stale,
)
from referral_directory.keeping import Change, changes, critical, doubts, hashes, review_days

_GROUPS: Final = {
    "mine": N_("Wait for your second look"),
    "own": N_("Yours, wait for somebody else"),
    "other": N_("Open"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the list."""

    draft: Draft
    name: str


async def drafts(visit: Visit) -> web.StreamResponse:
    """All open drafts: those that this person can look at first."""
    every: tuple[Draft, ...] = await visit.run(visit.ledger.drafts, visit.actor)
    found = known(visit)
    groups: dict[str, list[Waiting]] = {title: [] for title in _GROUPS}
    for draft in every:
        own = visit.staff.id in draft.authors
        group = "own" if own else "mine" if visit.may("directory.approve") else "other"
        name = text_in(draft.content.get("names", {}), found.names.language)
        groups[group].append(Waiting(draft, name))
    return visit.page(
        "drafts.html",
        **shared(visit, found, await people(visit)),
        rows=every,
        groups=[(title, groups[group]) for group, title in _GROUPS.items() if groups[group]],
    )


async def draft(visit: Visit) -> web.StreamResponse:
    """One draft: what changes, what is doubtful, what must be checked, what can be done."""
    return await _show(visit)


async def _show(
    visit: Visit, refused: No | None = None, conflicts: tuple[Both, ...] = ()
) -> web.StreamResponse:
    record: Record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    if record.draft is None:
        where = f"/listings/{record.row.id}"
        said = refused.said if refused else visit.words(N_("There is no open draft any more."))
        return visit.see_other(where, said)
    one = record.draft
    found = known(visit)
    differs: tuple[Change, ...] = await visit.run(
        visit.ledger.changes_of, record.row.id, visit.actor
    )
    unseen = record.row.stage == "draft"
    if unseen or (one.lifts and not differs):
        # Nobody looked at it yet, or all of it is shown again: then all of it is to be looked at.
        differs = changes(None, one.content)
    second: tuple[str, ...] = await visit.run(visit.ledger.second_look, record.row.id, visit.actor)
    doubtful = doubts(one.content, country_of(one.content), today(visit))
    on_page = [doubt for doubt in doubtful if _beside(doubt.field, differs)]
    needed = critical(one.content)
    wanted = lines(one.content, await _checks(visit, record), found.names)
    own = visit.staff.id in one.authors
    behind = one.base != record.revision
    can = not behind and (
        (visit.may("directory.approve") and not own)
        or (own and not second and visit.may("directory.edit"))
    )
    return visit.page(
        "draft.html",
        status=HTTPStatus(refused.status) if refused else HTTPStatus.OK,
        **shared(visit, found, await people(visit)),
        record=record,
        draft=one,
        unseen=unseen,
        name=text_in(one.content.get("names", {}), found.names.language),
        changes=differs,
        second=second,
        doubts=doubtful,
        loose_doubts=[doubt for doubt in doubtful if doubt not in on_page],
        lines=[line for line in wanted if line.part in needed],
        behind=behind,
        own=own,
        can_publish=can,
        cannot_why=visit.words(_cannot(visit, own=own, behind=behind)),
        refused=refused,
        conflicts=conflicts,
    )


async def _checks(visit: Visit, record: Record) -> tuple[Check, ...]:
    """What of the draft somebody checked as it is written there, and what counts of it now.

    What is too old, or from before a suspension, is to be asked again.
    """
    if record.draft is None:
        return ()
    acts: Sequence[Revision] = await visit.run(visit.ledger.history, record.row.id, visit.actor)
    says = hashes(record.draft.content)
    first = today(visit) - timedelta(days=review_days(record.draft.content))
    stopped = max((act.sequence for act in acts if act.act == "suspend"), default=0)
    after = stopped if record.suspended_why is not None else 0
    return tuple(
        Check(part, act.by, act.told["how"], act.on)
        for act in acts
        if act.act == "check" and act.sequence > after and act.on >= first
        for part, hash_ in act.told["parts"].items()
        if says.get(part) == hash_
    )


def _cannot(visit: Visit, *, own: bool, behind: bool) -> str:
    if behind:
        return N_("Put both together first; then it can be approved.")
    if own:
        return N_("You had a hand in it: a second person has to look. They find it under Drafts.")
    if not visit.may("directory.approve"):
        return N_("Your roles let you look at it. Somebody who approves finds it under Drafts.")
    return ""


def _beside(field: str, differs: tuple[Change, ...]) -> bool:
    return any(field == one.field or field.startswith(f"{one.field}.") for one in differs)


async def publish(visit: Visit) -> web.StreamResponse:
    """The second look: what was on the page is published, and nothing else."""
    id_, version = visit.path["id"], visit.form.number("version") or 0
    digest, why = visit.form.get("digest"), visit.form.get("why")[:500]
    if not await _may_publish(visit):
        return await _show(visit)
    try:
        await visit.run(visit.ledger.publish, visit.actor, id_, version, digest, why)
    except NoSuchRecord:
        raise
    except LedgerError as error:
        return await _show(visit, no(visit, error))
    return visit.see_other(f"/listings/{id_}", visit.words(N_("Published.")))


async def _may_publish(visit: Visit) -> bool:
    """Approvers may try any; an author who still edits only what is their own."""
    if visit.may("directory.approve") or not visit.may("directory.edit"):
        return visit.may("directory.approve")
    record: Record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    return record.draft is not None and visit.staff.id in record.draft.authors


async def discard(visit: Visit) -> web.StreamResponse:
    """The draft is dropped; its words stay in the history."""
    id_, version = visit.path["id"], visit.form.number("version") or 0
    try:
        await visit.run(visit.ledger.discard, visit.actor, id_, version)
    except (Refused, Stale) as error:
        return await _show(visit, no(visit, error))
    return visit.see_other("/drafts", visit.words(N_("The draft is discarded.")))


async def rebase(visit: Visit) -> web.StreamResponse:
    """The draft is set onto what stands now."""
    id_, version = visit.path["id"], visit.form.number("version") or 0
    try:
        made: Draft = await visit.run(visit.ledger.rebase, visit.actor, id_, version)
    except (Refused, Stale) as error:
        return await _show(visit, no(visit, error))
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    return await _show(visit, None, tuple(_both(record, made)))


def _both(record: Record, made: Draft) -> Iterator[Both]:
    """The fields that both sides changed, with both values."""
    stands = {change.field: change for change in changes(record.content, made.content)}
    for name in made.conflicts:
        if change := stands.get(name):
            yield Both(name, None, change.new, change.old)


async def check(visit: Visit) -> web.StreamResponse:
    """Somebody asked there just now: what the draft says is right."""
    id_, version = visit.path["id"], visit.form.number("version") or 0
    record: Record = await visit.run(visit.ledger.record, id_, visit.actor)
    one = record.draft
    if one is None or one.version != version:
        return await _show(visit)
    checked = {check.part for check in await _checks(visit, record)}
    open_ = [part for part in critical(one.content) if part not in checked]
    chosen = visit.form.all("part") if visit.form.get("which") == "chosen" else open_
    parts = tuple(part for part in open_ if part in set(chosen))
    if not parts:
        return visit.see_other(f"/drafts/{id_}", visit.words(N_("Choose at least one part.")))
    try:
        await visit.run(visit.ledger.check, visit.actor, id_, parts, how_of(visit), version)
    except (Refused, Stale) as error:
        return await _show(visit, no(visit, error))
    return visit.see_other(f"/drafts/{id_}", visit.words(N_("The check is noted.")))


ROUTES: Final = (
    Route("GET", "/drafts", "directory.view", drafts, "drafts"),
    Route("GET", "/drafts/{id}", "directory.view", draft, "draft"),
    # An author may publish alone what needs no second person; the ledger decides which that is.
    Route("POST", "/drafts/{id}/publish", "directory.view", publish, "draft_publish", step_up=True),
    Route("POST", "/drafts/{id}/discard", "directory.edit", discard, "draft_discard"),
    Route("POST", "/drafts/{id}/rebase", "directory.edit", rebase, "draft_rebase"),
    Route("POST", "/drafts/{id}/check", "directory.check", check, "draft_check"),
)
