"""A fresh proof of who asks, for acts that need one.

    a form  →  the last proof is older than five minutes  →  the form again, asking for one

It decides when a proof is asked for. Nothing that was typed is lost: the page that asks carries the
whole form with it. It must not keep a proof.
"""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.host import demo_staff, site_of
from bot.console.said import N_
from bot.staff import Session, WrongProof
from bot.staff.sessions import PROOF_SECONDS

PASSWORD: Final = "_proof_password"  # noqa: S105  # the name of a field
SECOND: Final = "_proof_second"
PASSKEY: Final = "_proof_passkey"
DEMO: Final = "_proof_demo"
WRONG: Final = N_("That did not fit, or it came too often. Look at each part and try again.")


async def is_fresh(visit: Visit) -> bool:
    """Whether who asks showed it lately, or does so with this form: then under a new secret."""
    if visit.office.clock() - visit.signed_in.proved < PROOF_SECONDS:
        return True
    site, credential = site_of(visit), visit.form.get(PASSKEY)
    password, second = visit.form.whole(PASSWORD), visit.form.get(SECOND)
    book, session, secret = visit.book, visit.signed_in, visit.secret
    try:
        if DEMO in visit.form and session.staff.id in dict(demo_staff(visit)):
            visit.session, visit.new_secret = await _again(visit)
            return True
        if site is not None and credential:
            opened = await visit.run(book.passkeys.prove, session, secret, credential, site)
        elif password:
            prove = book.signing_in.prove
            opened = await visit.desk.slowly(prove, visit.staff, secret, password, second)
        else:
            return False
    except WrongProof:
        visit.say(visit.words(WRONG))
        return False
    visit.session, visit.new_secret = opened.session, opened.secret
    return True


async def _again(visit: Visit) -> tuple[Session, bytes]:
    """In a demonstration a button is proof enough: nobody there has an authenticator at hand."""
    opened = await visit.run(visit.book.sessions.prove, visit.secret)
    if opened is None:
        raise WrongProof
    return opened.session, opened.secret


def ask(visit: Visit) -> web.Response:
    """The page that asks for it, with the form that it is for."""
    is_form = visit.request.method == "POST"
    return visit.page(
        "prove.html",
        status=HTTPStatus.UNAUTHORIZED,
        site=site_of(visit),
        demo_proof=visit.staff.id in dict(demo_staff(visit)),
        action=visit.request.rel_url.raw_path_qs if is_form else "/prove",
        kept=visit.form.typed() if is_form else (("next", visit.request.rel_url.raw_path_qs),),
    )


async def prove(visit: Visit) -> web.StreamResponse:
    """Shown again who asks, for a page that is only looked at."""
    if not await is_fresh(visit):
        return visit.page(
            "prove.html",
            status=HTTPStatus.UNAUTHORIZED,
            site=site_of(visit),
            demo_proof=visit.staff.id in dict(demo_staff(visit)),
            action="/prove",
            kept=visit.form.typed(),
        )
    return visit.see_other(visit.form.get("next", "/"))


ROUTES = (Route("POST", "/prove", "me", prove, "prove"),)
