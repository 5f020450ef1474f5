"""The door: what happens before a page is made, in this order and for every route alike.

    the host is ours → https or this machine → who asks → may they → where the form came from → its
    token → a fresh proof where one is needed → the page

It decides who comes in, by the table of roles alone, and which page says why not. It must not know
what any page does.
"""

import contextlib
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot import report
from bot.console import proving
from bot.console.cookie import fits, give_cookie, new_secret, read_cookie
from bot.console.desk import Desk
from bot.console.frame import Open, Route, Visit
from bot.console.host import Host
from bot.console.pace import Pace
from bot.console.reading import Unread, check_origin, read_form, read_json
from bot.console.refusals import SAID, refusal_of, refused_json
from bot.ledger.model import LedgerError
from bot.staff import Act, Session, StaffError, StoreError, may

OPEN: Final[frozenset[Act | Open]] = frozenset({"anyone", "set_up", "me"})


class Door:
    """Leads requests to their pages."""

    def __init__(self, desk: Desk, host: Host) -> None:
        self._desk, self._host = desk, host
        self._pace = Pace()

    async def open(self, route: Route, request: web.Request) -> web.StreamResponse:
        """The answer of that route to this request."""
        visit = await self._visit(request, touch=not route.quiet)
        visit.script = route.json
        try:
            answer = await self._answer(route, visit)
        except Unread as unread:
            answer = self._refused(visit, unread.status, unread.code, field=unread.field)
        except (LedgerError, StaffError) as error:
            status, code, said = refusal_of(error)
            answer = self._refused(visit, status, code, said, getattr(error, "mend", ""))
        except StoreError as error:
            report.alarm("console_store_failed", error)
            answer = self._refused(visit, HTTPStatus.SERVICE_UNAVAILABLE, "store")
        except web.HTTPException as error:
            answer = self.lost(visit, error.status)
        except Exception as error:  # noqa: BLE001  # whatever breaks: a page, and its place in the log
            report.alarm("console_failed", error)
            answer = self._refused(visit, HTTPStatus.INTERNAL_SERVER_ERROR, "broken")
        if visit.new_secret is not None and not answer.prepared:
            give_cookie(answer, visit.new_secret, secure=self._host.is_secure(request))
        return answer

    async def nowhere(self, request: web.Request, status: int) -> web.StreamResponse:
        """The answer where there is no page."""
        return self.lost(await self._visit(request), status)

    def lost(self, visit: Visit, status: int) -> web.Response:
        """There is no such page, or not in that way."""
        code = "missing" if status == HTTPStatus.NOT_FOUND else "unreadable"
        return self._refused(visit, HTTPStatus(status), code)

    async def _visit(self, request: web.Request, *, touch: bool = False) -> Visit:
        desk = self._desk
        secret = read_cookie(request, secure=self._host.is_secure(request))
        session: Session | None = None
        visit = Visit(desk, request, desk.language_of(None, request), secret or new_secret(), None)
        if secret is None:
            visit.new_secret = visit.secret
        else:
            try:
                session = await visit.run(desk.office.book.sessions.find, secret, touch=touch)
            except StoreError as error:
                visit.unknown = True
                report.alarm("console_store_failed", error)
        visit.session = session
        visit.words = desk.language_of(session, request)
        return visit

    async def _answer(self, route: Route, visit: Visit) -> web.StreamResponse:
        problem = self._host.problem(visit.request)
        if problem:
            return self._refused(visit, HTTPStatus.MISDIRECTED_REQUEST, problem)
        if route.method == "POST":
            check_origin(visit.request, self._host.origin(visit.request))
        session = visit.session
        if route.act != "anyone":
            if session is None:
                return await self._not_signed_in(route, visit)
            if session.stage == "set_up" and route.act != "set_up":
                return visit.see_other("/set-up")
            if session.stage == "signed_in" and route.act == "set_up":
                return visit.see_other("/")
        if route.act not in OPEN and not may(visit.staff.roles, route.act):  # type: ignore[arg-type]  # OPEN holds the others
            report.note("not_allowed", part=route.act)  # which act, never who
            return self._refused(visit, HTTPStatus.FORBIDDEN, "role")
        if route.json and not self._pace.may(visit.secret):
            return self._refused(visit, HTTPStatus.TOO_MANY_REQUESTS, "too_many")
        secret = session.csrf if session else visit.secret
        if route.method == "POST" and not fits(await _read(route, visit), secret):
            return self._refused(visit, HTTPStatus.FORBIDDEN, "token")
        if route.step_up and not await proving.is_fresh(visit):
            if route.json:
                return self._refused(visit, HTTPStatus.UNAUTHORIZED, "prove")
            return proving.ask(visit)
        if self._has_menu(route, session):
            # The figures are no reason to refuse a page: one that needs the ledger will say so.
            with contextlib.suppress(LedgerError, StoreError):
                visit.counts = await visit.run(self._desk.counts, visit)
        return await route.handler(visit)

    @staticmethod
    def _has_menu(route: Route, session: Session | None) -> bool:
        """Whether the answer is a page with the menu, and its figures."""
        signed_in = session is not None and session.stage == "signed_in"
        return signed_in and route.act != "anyone" and not route.quiet and not route.json

    async def _not_signed_in(self, route: Route, visit: Visit) -> web.StreamResponse:
        if route.method == "GET" and not visit.unknown:
            return visit.see_other(f"/sign-in?next={_quoted(visit)}")
        # The form came from our own page (see above): what was typed is shown, and nothing done.
        # A file is not read of somebody whom nobody knows: many of them would fill the memory.
        if route.method == "POST" and not route.files and not route.json:
            visit.form = await read_form(visit.request, route.most_bytes, files=False)
        if visit.unknown:
            return self._refused(visit, HTTPStatus.SERVICE_UNAVAILABLE, "store")
        return self._refused(visit, HTTPStatus.UNAUTHORIZED, "signed_out")

    def _refused(
        self,
        visit: Visit,
        status: HTTPStatus,
        code: str,
        said: str = "",
        mend: str = "",
        *,
        field: str = "",
    ) -> web.Response:
        head, help_ = SAID[code]
        if visit.script:
            return refused_json(visit.words, status, code, SAID[code], **_only(field=field))
        return visit.page(
            "refused.html",
            status=status,
            head=visit.words(head),
            help=visit.words(help_),
            said=said,
            mend=visit.words(mend),
            kept=visit.form.written(),
        )


async def _read(route: Route, visit: Visit) -> str:
    """Reads what was sent, into the visit; gives the token that came with it. Raises `Unread`."""
    if route.json:
        visit.body = await read_json(visit.request, route.most_bytes)
        return visit.request.headers.get("X-Token", "")
    visit.form = await read_form(visit.request, route.most_bytes, files=route.files)
    return visit.form.get("token")


def _only(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _quoted(visit: Visit) -> str:
    return quote(visit.request.rel_url.raw_path_qs)
