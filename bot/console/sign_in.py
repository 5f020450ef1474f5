"""Signing in and out: the page before all others, and the first time with a set-up code.

It decides nothing about who gets in: the staff room does. Every fault is one sentence and one
status, whatever was wrong.
"""

from http import HTTPStatus

from aiohttp import web

from bot.console.cookie import give_known, read_known, take_cookie
from bot.console.frame import Route, Visit
from bot.console.host import demo_staff, site_of
from bot.console.proving import WRONG
from bot.console.reading import safe_path
from bot.staff import WrongProof
from bot.staff.model import Opened


async def sign_in_page(visit: Visit) -> web.StreamResponse:
    """Who are you? Or on, for whoever is signed in."""
    if visit.session is not None:
        return visit.see_other(safe_path(visit.query.get("next", "/")))
    return sign_in_form(visit)


async def sign_in(visit: Visit) -> web.StreamResponse:
    """In, or the same page again."""
    form, signing_in = visit.form, visit.book.signing_in
    name, browser = form.get("name"), _known(visit)
    # Whoever signed in here before does not wait for what strangers do in the same network.
    if not await visit.run(signing_in.knows, name, browser) and visit.desk.must_wait(visit.request):
        return _wrong(visit)
    given = name, form.whole("password"), form.get("second"), browser
    try:
        opened = await visit.desk.slowly(signing_in.with_password, *given)
    except WrongProof:
        return _wrong(visit)
    answer = _in(visit, opened, safe_path(form.get("next", "/")))
    remember(visit, answer)
    return answer


def remember(visit: Visit, answer: web.StreamResponse) -> None:
    """This browser is from now on one in which they signed in."""
    mark = visit.book.signing_in.browsers.mark(visit.staff.id, _known(visit))
    give_known(answer, mark, secure=visit.desk.is_secure(visit.request))


def _known(visit: Visit) -> bytes:
    return read_known(visit.request, secure=visit.desk.is_secure(visit.request))


async def first_page(visit: Visit) -> web.StreamResponse:
    """The first time: name and set-up code."""
    return visit.page("sign_in_first.html", name="", wrong=False)


async def first(visit: Visit) -> web.StreamResponse:
    """On to choose how to sign in, or the same page again."""
    name = visit.form.get("name")
    try:
        if visit.desk.must_wait(visit.request):
            raise WrongProof
        opened = await visit.run(visit.book.signing_in.with_code, name, visit.form.get("code"))
    except WrongProof:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return visit.page("sign_in_first.html", status=status, name=name, wrong=True)
    return _in(visit, opened, "/set-up")


async def sign_out(visit: Visit) -> web.StreamResponse:
    """Out, here."""
    await visit.run(visit.book.sessions.end, visit.secret)
    visit.session = None
    answer = visit.see_other("/sign-in")
    # The session's cookie goes by itself; the mark of the browser stays.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    take_cookie(answer, secure=visit.desk.is_secure(visit.request))
    return answer


def _in(visit: Visit, opened: Opened, path: str) -> web.Response:
    visit.session, visit.new_secret = opened.session, opened.secret
    return visit.see_other(visit.begin_at(path))


def _wrong(visit: Visit) -> web.Response:
    visit.say(visit.words(WRONG))
    return sign_in_form(visit, HTTPStatus.UNPROCESSABLE_ENTITY)


def sign_in_form(visit: Visit, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """The page that asks who somebody is."""
    after = visit.form.get("next") or visit.query.get("next", "/")
    name = visit.form.get("name")
    return visit.page(
        "sign_in.html",
        status=status,
        name=name,
        next=safe_path(after),
        site=site_of(visit),
        people=demo_staff(visit),
    )


ROUTES = (
    Route("GET", "/sign-in", "anyone", sign_in_page, "sign_in_page"),
    Route("POST", "/sign-in", "anyone", sign_in, "sign_in", most_bytes=16384),
    Route("GET", "/sign-in/first", "anyone", first_page, "first_page"),
    Route("POST", "/sign-in/first", "anyone", first, "first", most_bytes=16384),
    Route("POST", "/sign-out", "me", sign_out, "sign_out", most_bytes=16384),
)
