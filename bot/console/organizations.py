"""Organisations: how many listings each has, those that asked not to be listed, and stopping all.

It decides nothing about a listing: marks and suspensions are the ledger's. Setting a mark takes
away, so one person may; taking it back lists nothing again, and only who approves may do it.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import known, no, people, shared
from bot.console.said import N_
from bot.ledger.model import LedgerError, ListQuery, Page, Refused
from bot.ledger.organizations import Organization, OrgPage, key

LONGEST: Final = 200
MOST_SHOWN: Final = 100
NO_REASON: Final = N_("Write why: whoever looks at this in a year has only these words.")


async def organizations(visit: Visit) -> web.StreamResponse:
    """All of them, or those in whose name something stands."""
    text, number = visit.query.get("text", "").strip()[:LONGEST], visit.query.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    page: OrgPage = await visit.run(visit.ledger.organizations, visit.actor, text, wanted)
    return visit.page(
        "organizations.html",
        **shared(visit, known(visit), await people(visit)),
        page=page,
        text=text,
        query=urlencode({"text": text}) if text else "",
        quoted=_quoted,
    )


async def organization(visit: Visit) -> web.StreamResponse:
    """One of them, and what can be done with all of its listings."""
    return await _show(visit, visit.query.get("name", ""))


async def _show(
    visit: Visit, name: str, faults: Mapping[str, str] | None = None, refused: str = ""
) -> web.StreamResponse:
    name = name.strip()[:LONGEST]
    if not key(name):
        return visit.see_other("/organizations", visit.words(N_("Write the name of one.")))
    one = await visit.run(_found, visit, name)
    query = ListQuery(organization=one.name, size=MOST_SHOWN)
    listed: Page = await visit.run(visit.ledger.find, query, visit.actor)
    return visit.page(
        "organization.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults or refused else HTTPStatus.OK,
        **shared(visit, known(visit), await people(visit)),
        one=one,
        listed=listed,
        quoted=_quoted,
        faults=faults or {},
        refused=refused,
    )


def _found(visit: Visit, name: str) -> Organization:
    """The organisation of that name; one that has no listing and no mark is a name alone."""
    wanted, number = key(name), 1
    while True:
        page = visit.ledger.organizations(visit.actor, name, number)
        for one in page.rows:
            if key(one.name) == wanted:
                return one
        if number >= page.pages:
            return Organization(name, 0, 0, 0)
        number += 1


async def suspend(visit: Visit) -> web.StreamResponse:
    """Every listing of it is suspended, at once."""
    name, why = visit.form.get("name"), visit.form.get("why").strip()[:500]
    if not why:
        return await _show(visit, name, {"suspend": visit.words(NO_REASON)})
    if not key(name):
        return await _show(visit, name)
    count = await visit.run(visit.ledger.suspend, visit.actor, organization=name, why=why)
    said = visit.words(N_("Suspended: %(count)s. Survivors no longer see them."), count=count)
    return visit.see_other(_path(name), said)


async def mark(visit: Visit) -> web.StreamResponse:
    """It asked not to be listed: its listings stop at once, and nobody adds it again."""
    name, why = visit.form.get("name").strip(), visit.form.get("why").strip()[:500]
    if not why:
        return await _show(visit, name, {"mark": visit.words(NO_REASON)})
    try:
        count = await visit.run(
            visit.ledger.mark_organization, visit.actor, name[:LONGEST], do_not_list=True, why=why
        )
    except Refused as error:
        return await _refuse(visit, name, error)
    said = N_("It is not listed any more, and nobody can add it. Suspended now: %(count)s.")
    return visit.see_other(_path(name), visit.words(said, count=count))


async def unmark(visit: Visit) -> web.StreamResponse:
    """It may be listed again; each listing still needs a draft and a second person."""
    name, why = visit.form.get("name").strip(), visit.form.get("why").strip()[:500]
    if not why:
        return await _show(visit, name, {"unmark": visit.words(NO_REASON)})
    try:
        await visit.run(
            visit.ledger.mark_organization, visit.actor, name[:LONGEST], do_not_list=False, why=why
        )
    except Refused as error:
        return await _refuse(visit, name, error)
    said = N_("It may be listed again. Nothing is shown before a second person agrees.")
    return visit.see_other(_path(name), visit.words(said))


async def _refuse(visit: Visit, name: str, error: LedgerError) -> web.StreamResponse:
    said = no(visit, error)
    return await _show(visit, name, refused=f"{said.said}. {said.mend}")


def _quoted(name: str) -> str:
    return urlencode({"name": name})


def _path(name: str) -> str:
    return f"/organizations/one?{_quoted(name.strip()[:LONGEST])}"


ROUTES: Final = (
    Route("GET", "/organizations", "directory.view", organizations, "organizations"),
    Route("GET", "/organizations/one", "directory.view", organization, "organization"),
    Route(
        "POST",
        "/organizations/suspend",
        "directory.suspend",
        suspend,
        "organization_suspend",
        step_up=True,
    ),
    Route("POST", "/organizations/mark", "directory.suspend", mark, "organization_mark"),
    Route("POST", "/organizations/unmark", "directory.approve", unmark, "organization_unmark"),
)
