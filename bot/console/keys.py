"""Keys by which partners read the API: made here, shown once, revoked here.

It decides nothing: the staff room keeps their hashes.
"""

from http import HTTPStatus

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.staff import StaffError
from bot.staff.keys import SCOPES


async def keys(visit: Visit) -> web.StreamResponse:
    """All keys."""
    return await _keys(visit)


async def create(visit: Visit) -> web.StreamResponse:
    """A new one, shown this once."""
    given = visit.form.get("name"), SCOPES, visit.staff.id
    try:
        _, text = await visit.run(visit.book.keys.create, *given)
    except StaffError as error:
        return await _keys(visit, visit.words(error.mend))
    return visit.page("keys_new.html", text=text)


async def revoke(visit: Visit) -> web.StreamResponse:
    """It opens nothing from now on."""
    if not await visit.run(visit.book.keys.revoke, visit.path["id"], visit.staff.id):
        raise web.HTTPNotFound
    return visit.see_other("/keys", note=visit.words("The key opens nothing any more."))


async def _keys(visit: Visit, fault: str = "") -> web.Response:
    everyone = await visit.run(visit.book.accounts.everyone)
    return visit.page(
        "keys.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        keys=await visit.run(visit.book.keys.every),
        names={one.id: one.name for one in everyone},
        fault=fault,
    )


ROUTES = (
    Route("GET", "/keys", "keys.manage", keys, "keys"),
    Route("POST", "/keys", "keys.manage", create, "key_create", step_up=True),
    Route("POST", "/keys/{id}/revoke", "keys.manage", revoke, "key_revoke", step_up=True),
)
