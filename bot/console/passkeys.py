"""Passkeys in the browser: what its script asks for, and signing in with what it brings.

It decides nothing: the staff room looks at what a device signed. A console that is opened under a
number has no passkeys, because browsers give them to names alone.
"""

from http import HTTPStatus

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.host import site_of
from bot.console.proving import WRONG
from bot.console.reading import Unread, safe_path
from bot.console.sign_in import sign_in_form
from bot.staff import WrongProof
from bot.staff.passkeys import Site


def need_site(visit: Visit) -> Site:
    """The same where a form says that there is one. Raises `Unread`."""
    site = site_of(visit)
    if site is None:
        raise Unread(HTTPStatus.BAD_REQUEST, "unreadable")
    return site


async def begin_showing(visit: Visit) -> web.StreamResponse:
    """What the browser is asked for to show one. It names nobody.

    Challenges are held in memory, so many and no more: a stranger may not have them all.
    """
    if visit.session is None and visit.desk.must_wait(visit.request):
        raise Unread(HTTPStatus.SERVICE_UNAVAILABLE, "too_many")
    options = await visit.run(visit.book.passkeys.begin, visit.browser, need_site(visit))
    return web.json_response(text=options)


async def begin_adding(visit: Visit) -> web.StreamResponse:
    """What the browser is asked for to make one."""
    given = visit.signed_in, need_site(visit)
    return web.json_response(text=await visit.run(visit.book.passkeys.begin_adding, *given))


async def sign_in(visit: Visit) -> web.StreamResponse:
    """In with a passkey, or to the page that asks."""
    given = visit.browser, visit.form.get("credential"), need_site(visit)
    after = safe_path(visit.form.get("next", "/"))
    try:
        opened = await visit.run(visit.book.passkeys.sign_in, *given)
    except WrongProof:
        visit.say(visit.words(WRONG))
        return sign_in_form(visit, HTTPStatus.UNPROCESSABLE_ENTITY)
    visit.session, visit.new_secret = opened.session, opened.secret
    return visit.see_other(visit.begin_at(after))


ROUTES = (
    Route("POST", "/passkey/begin", "anyone", begin_showing, "passkey_begin"),
    Route("POST", "/sign-in/passkey", "anyone", sign_in, "passkey_sign_in"),
    Route("POST", "/set-up/passkey/begin", "set_up", begin_adding, "set_up_passkey_begin"),
    Route("POST", "/me/passkeys/begin", "me", begin_adding, "my_passkey_begin"),
)
