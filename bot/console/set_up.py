"""The first time: somebody who came with a set-up code chooses how they sign in from now on.

It decides nothing: the staff room looks at passwords, digits and passkeys.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import segno
from aiohttp import web
from markupsafe import Markup

from bot.console.frame import Route, Visit
from bot.console.host import site_of
from bot.console.passkeys import need_site
from bot.console.said import N_
from bot.console.sign_in import remember
from bot.staff import WeakPassword, WrongProof
from bot.staff.one_time import address_of

WEAK: Final[Mapping[str, str]] = {
    "short": N_("At least 15 characters. A sentence of your own is good."),
    "long": N_("At most 128 characters."),
    "common": N_("This is guessed too easily. A sentence that nobody else would say is good."),
}
ONLY_ONE: Final = N_("Add a second passkey, or a password: this one device could get lost.")
DIGITS: Final = N_(
    "These digits do not fit. Wait for the next ones; is the clock of the device right?"
)


async def page(visit: Visit) -> web.StreamResponse:
    """What there is to choose."""
    return await show(visit, HTTPStatus.OK)


async def choose(visit: Visit) -> web.StreamResponse:
    """A password and an authenticator: in, with codes for the day that the device is lost."""
    password = visit.form.whole("password")
    given = visit.signed_in, password, visit.form.get("digits"), visit.secret
    try:
        opened, codes = await visit.desk.slowly(visit.book.signing_in.choose, *given)
    except WeakPassword as weak:
        return await show(visit, HTTPStatus.UNPROCESSABLE_ENTITY, password=WEAK[weak.code])
    except WrongProof:
        return await show(visit, HTTPStatus.UNPROCESSABLE_ENTITY, digits=DIGITS)
    visit.session, visit.new_secret = opened.session, opened.secret
    answer = visit.page("me_codes.html", codes=codes, first=True)
    remember(visit, answer)
    return answer


async def passkey(visit: Visit) -> web.StreamResponse:
    """A passkey: in."""
    form = visit.form
    given = visit.signed_in, visit.secret, form.get("credential"), form.get("label")
    try:
        opened = await visit.run(visit.book.passkeys.add, *given, need_site(visit))
    except WrongProof:
        visit.say(visit.words("The passkey did not come through. Try again."))
        return await show(visit, HTTPStatus.UNPROCESSABLE_ENTITY)
    visit.session, visit.new_secret = opened.session, opened.secret
    return visit.see_other("/me", note=visit.words(ONLY_ONE))


async def show(visit: Visit, status: HTTPStatus, **faults: str) -> web.Response:
    """The page, with what is not right yet."""
    said = {name: visit.words(fault) for name, fault in faults.items()}
    secret = await visit.run(visit.book.signing_in.authenticator, visit.signed_in)
    return visit.page(
        "set_up.html",
        status=status,
        who=visit.staff.name,
        faults=said,
        square=square(visit, secret),
        letters=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        site=site_of(visit),
    )


def square(visit: Visit, secret: str) -> Markup:
    """The square that an authenticator reads, as a picture without script or style."""
    code = segno.make(address_of(secret, visit.staff.name), error="m")
    title = visit.words("A square for your authenticator; the same in letters is below")
    drawn = code.svg_inline(omitsize=True, title=title, svgclass=None, lineclass=None, border=2)
    return Markup(drawn)  # nosec B704  # noqa: S704  # the library escapes the title, and draws the rest


ROUTES = (
    Route("GET", "/set-up", "set_up", page, "set_up"),
    Route("POST", "/set-up", "set_up", choose, "set_up_choose"),
    Route("POST", "/set-up/passkey", "set_up", passkey, "set_up_passkey"),
)
