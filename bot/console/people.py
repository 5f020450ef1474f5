"""Accounts: who works here, with which roles and areas; and what was done to accounts.

It decides nothing: the staff room does. Every act here needs a fresh proof of who asks.
"""

from http import HTTPStatus

from aiohttp import web

from bot.console.desk_struck import leaves_desk
from bot.console.frame import Route, Visit
from bot.console.said import N_
from bot.console.staff_words import ROLE_WORDS
from bot.ledger.known import Known
from bot.staff import Staff, StaffError
from bot.staff.model import NameTaken
from bot.staff.roles import ROLES, Role


async def people(visit: Visit) -> web.StreamResponse:
    """Everybody, and the form for somebody new."""
    return await _people(visit)


async def add(visit: Visit) -> web.StreamResponse:
    """Somebody new, with a code that is shown once."""
    form = visit.form
    given = form.get("name"), _roles(visit), _areas(visit)
    if not given[1]:
        return await _people(visit, ("roles", visit.words("Pick at least one role.")))
    if unknown := _unknown(visit):
        return await _people(visit, ("areas", unknown))
    try:
        made, code = await visit.run(visit.book.accounts.add, *given, visit.staff.id)
    except NameTaken:
        return await _people(visit, ("name", visit.words("Somebody has that name already.")))
    except StaffError as error:
        return await _people(visit, (_field(error), visit.words(error.mend)))
    return visit.see_other(f"/people/{made.id}", note=_code_note(visit, code))


async def person(visit: Visit) -> web.StreamResponse:
    """One account."""
    return await _person(visit, await _found(visit))


async def roles(visit: Visit) -> web.StreamResponse:
    """Other roles and areas; everywhere they are signed out."""
    someone = await _found(visit)
    if unknown := _unknown(visit):
        return await _person(visit, someone, ("areas", unknown))
    try:
        set_roles = visit.book.accounts.set_roles
        changed = await visit.run(
            set_roles, someone.id, _roles(visit), _areas(visit), visit.staff.id
        )
    except StaffError as error:
        return await _person(visit, someone, (_field(error), visit.words(error.mend)))
    await leaves_desk(visit, changed)
    note = N_("The roles are changed. They are signed out everywhere and sign in again.")
    return visit.see_other(f"/people/{someone.id}", note=visit.words(note))


async def reset(visit: Visit) -> web.StreamResponse:
    """A new set-up code; how they signed in before counts no more."""
    someone = await _found(visit)
    try:
        code = await visit.run(visit.book.accounts.reset, someone.id, visit.staff.id)
    except StaffError as error:
        return await _person(visit, someone, ("", visit.words(error.mend)))
    await leaves_desk(visit, someone, anyway=True)
    return visit.see_other(f"/people/{someone.id}", note=_code_note(visit, code))


async def revoke(visit: Visit) -> web.StreamResponse:
    """They are out, at once and everywhere."""
    someone = await _found(visit)
    try:
        await visit.run(visit.book.accounts.revoke, someone.id, visit.staff.id)
    except StaffError as error:
        return await _person(visit, someone, ("", visit.words(error.mend)))
    await leaves_desk(visit, someone, anyway=True)
    note = visit.words("The account is revoked, and signed out everywhere.")
    return visit.see_other(f"/people/{someone.id}", note=note)


async def _people(visit: Visit, *faults: tuple[str, str]) -> web.Response:
    return visit.page(
        "people.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        everyone=await visit.run(visit.book.accounts.everyone),
        faults=faults,
        **_said(visit),
    )


async def _person(visit: Visit, someone: Staff, *faults: tuple[str, str]) -> web.Response:
    return visit.page(
        "people_one.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        someone=someone,
        ways=await visit.run(visit.book.accounts.ways, someone.id),
        faults=faults,
        **_said(visit),
    )


async def _found(visit: Visit) -> Staff:
    found = await visit.run(visit.book.accounts.find, visit.path["id"])
    if found is None:
        raise web.HTTPNotFound
    return found


def _said(visit: Visit) -> dict[str, object]:
    roles = [(role, visit.words(ROLE_WORDS[role])) for role in ROLES]
    return {"roles": roles, "role_words": dict(roles)}


def _roles(visit: Visit) -> tuple[Role, ...]:
    ticked = set(visit.form.all("role"))
    return tuple(role for role in ROLES if role in ticked)


def _areas(visit: Visit) -> list[str]:
    return visit.form.get("areas").upper().replace(",", " ").split()


def _unknown(visit: Visit) -> str:
    """What to say of the first code that is no area's: who keeps only that could see nothing."""
    directory = visit.office.parts.get("directory")
    there = Known.of(directory).areas if directory is not None else {}
    written = (code for code in _areas(visit) if code.replace("-", "").isalnum())
    wrong = next((code for code in written if there and code not in there), "")
    said = N_("There is no area %(code)s. Areas are written like UA or UA-63.")
    return visit.words(said, code=wrong) if wrong else ""


def _field(error: StaffError) -> str:
    return "areas" if "area" in str(error) else "name" if "name" in str(error) else ""


def _code_note(visit: Visit, code: str) -> str:
    said = N_(
        "The set-up code is %(code)s. It is shown this once and counts for a day: hand it over."
    )
    return visit.words(said, code=code)


ROUTES = (
    Route("GET", "/people", "staff.manage", people, "people"),
    Route("POST", "/people", "staff.manage", add, "person_add", step_up=True),
    Route("GET", "/people/{id}", "staff.manage", person, "person"),
    Route("POST", "/people/{id}/roles", "staff.manage", roles, "person_roles", step_up=True),
    Route("POST", "/people/{id}/reset", "staff.manage", reset, "person_reset", step_up=True),
    Route("POST", "/people/{id}/revoke", "staff.manage", revoke, "person_revoke", step_up=True),
)
