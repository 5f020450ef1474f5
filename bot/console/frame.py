"""What a page of the console is made of: its route, the visit it answers, the office behind it.

    ROUTES = (Route("GET", "/listings", "directory.view", listings, "listings"), …)

    async def listings(visit: Visit) -> web.StreamResponse:
        page = await visit.run(visit.ledger.find, query, visit.actor)
        return visit.page("listings.html", page=page)

It decides nothing. Before a handler runs, `bot.console.door` has looked who asks, whether their
roles allow it, where the form came from and whether its token fits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, TypeVar

import msgspec
from aiohttp import hdrs, web

from bot.console.cookie import token_of
from bot.console.reading import Form, Unread, safe_path
from bot.console.said import Words
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from bot.staff import Act, Session, Staff, StaffBook, may

if TYPE_CHECKING:
    from bot.console.desk import Desk

FORM_BYTES: Final = 512 * 1024
"""The largest form without files, in bytes. A listing in seven languages is a tenth of it."""

Open = Literal["anyone", "set_up", "me"]
"""Routes that need no role. `anyone`: also who is not signed in. `set_up`: who came with a set-up
code. `me`: everyone who is signed in, for what is their own.
"""
Given = TypeVar("Given")
Asked = ParamSpec("Asked")


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """What the deploying organisation decides about the console."""

    url: str = ""
    """Where staff open it, when a proxy stands before it: `https://desk.example.org`."""
    behind_proxy: bool = False
    """Believe `X-Forwarded-Proto` and `-For`. Only where a proxy of ours sets them every time."""
    language: str = ""
    """The language for whom nothing else says one; empty: the first there is."""
    link_checker: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """What the pages work with. `bot.app` puts it together."""

    book: StaffBook
    ledger: Ledger | None
    """None only where no page asks for it."""
    clock: Callable[[], float]
    """Seconds since 1970."""
    settings: ConsoleSettings = ConsoleSettings()
    parts: Mapping[str, Any] = field(default_factory=dict)
    """What pages of the directory show things with: `directory`, `live` (a callable), `speech`,
    `wording`, and what else a page asks for by name.
    """
    wait: Callable[[str], float] = lambda _: 0.0
    """Takes a try to sign in from an address: for how many seconds there is none left."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way in. The pages, their checks and the test of who may do what are all made from it."""

    method: Literal["GET", "POST"]
    path: str
    """With `{name}` for what differs: `/listings/{id}`."""
    act: Act | Open
    handler: "Handler" = field(repr=False)
    name: str
    step_up: bool = False
    """Whether it needs a proof of who asks that is at most five minutes old."""
    most_bytes: int = FORM_BYTES
    files: bool = False
    """Whether its form may bring files."""
    quiet: bool = False
    """Whether a page asks it by itself, so that it is no sign of life of a person."""
    json: bool = False
    """Whether a script asks it: JSON in and out, also a no, and the token in `X-Token`."""


def actor_of(staff: Staff) -> Actor:
    """Somebody, as the ledger wants to know them."""
    return Actor(
        staff.id,
        staff.areas,
        restricted=may(staff.roles, "directory.restricted"),
        vets=may(staff.roles, "directory.vet"),
    )


@dataclass(slots=True)
class Visit:
    """One request, after the door: who asks, what for, and how to answer."""

    desk: "Desk" = field(repr=False)
    request: web.Request = field(repr=False)
    words: Words
    secret: bytes = field(repr=False)
    """What the browser holds."""
    session: Session | None
    form: Form = field(default_factory=Form)
    body: bytes = field(default=b"", repr=False)
    """What a script sent, on a route for scripts; see `asked`."""
    notes: list[str] = field(default_factory=list, repr=False)
    counts: Mapping[str, int] = field(default_factory=dict)
    """What waits, for the menu: see `Ledger.counts`."""
    new_secret: bytes | None = field(default=None, repr=False)
    """What the browser holds from this answer on."""
    script: bool = False
    """Whether a script asks, which takes a no as JSON."""
    unknown: bool = False
    """Whether it cannot be said now who asks: the staff book does not answer."""

    @property
    def office(self) -> Office:
        """What the pages work with."""
        return self.desk.office

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        if self.desk.office.ledger is None:
            raise RuntimeError("the console was opened without a ledger")
        return self.desk.office.ledger

    @property
    def book(self) -> StaffBook:
        """The staff book."""
        return self.desk.office.book

    @property
    def signed_in(self) -> Session:
        """The session. The door lets nobody through to such a page without one."""
        if self.session is None:
            raise RuntimeError("a page for staff was reached without a session")
        return self.session

    @property
    def staff(self) -> Staff:
        """Who asks."""
        return self.signed_in.staff

    @property
    def actor(self) -> Actor:
        """Who asks, as the ledger wants to know it."""
        return actor_of(self.staff)

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the `?`; `visit.request.query` has what stands there twice."""
        return self.request.query

    @property
    def path(self) -> Mapping[str, str]:
        """What stands in the path for `{name}`."""
        return self.request.match_info

    @property
    def holds(self) -> bytes:
        """The secret that the browser holds after this answer."""
        return self.new_secret or self.secret

    @property
    def browser(self) -> bytes:
        """What challenges are given to: the session, or the cookie of whoever has none."""
        return self.session.csrf if self.session else self.secret

    @property
    def token(self) -> str:
        """What every form carries."""
        return token_of(self.browser)

    def asked(self, shape: type[Given]) -> Given:
        """What a script sent, in a shape of msgspec's. Raises `Unread` that names the field."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.DecodeError, RecursionError) as error:
            # Its text quotes nothing that was sent; still, only the place goes on.
            where = str(error).partition("`$")[2].partition("`")[0].strip(".")
            raise Unread(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", where[:60]) from None

    def may(self, act: Act) -> bool:
        """Whether who asks may do that."""
        return self.session is not None and may(self.session.staff.roles, act)

    async def run(
        self, function: Callable[Asked, Given], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Given:
        """What a function of the ledger or the book gives; it runs in a thread of its own.

        What the ledger refuses (`LedgerError`) may be left alone: the door makes a page of it that
        keeps what was typed.
        """
        return await asyncio.to_thread(function, *args, **kwargs)

    def say(self, note: str) -> None:
        """A sentence above the page that comes next."""
        self.notes.append(note)

    def page(self, template: str, *, status: int = HTTPStatus.OK, **values: object) -> web.Response:
        """A page of a template, which is also given `token`, `staff`, `may` and `language`."""
        return self.desk.render(self, template, status, values)

    def begin_at(self, path: str) -> str:
        """Where somebody goes who has just signed in: who works at the desk alone, there."""
        desk = self.staff.roles == ("operator",) and self.office.parts.get("handoff") is not None
        return "/desk" if desk and path == "/" else path

    def see_other(self, path: str, note: str = "") -> web.Response:
        """After something was done: go on there, and say so once."""
        if note:
            self.say(note)
        self.desk.keep_notes(self)
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: safe_path(path)})


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]
