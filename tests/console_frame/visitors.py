"""People who work at the console, for every test of its pages.

office = an_office(folder, ledger=…)          # real files, quick hashes
async with a_console(office) as console:      # real HTTP
    anna = await console.someone("Anna", "editor", areas=("UA",))
    page = await anna.get("/listings")        # text of a page that came with 200
    answer = await anna.post("/listings/x/suspend", why="unsafe")   # token and headers of a browser
"""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, web
from yarl import URL

from bot.channels.web_server import WebRunner
from bot.console.console import make_console
from bot.console.cookie import PLAIN, token_of
from bot.console.frame import ConsoleSettings, Office, Route
from bot.console.routes import ROUTES
from bot.staff import Role, Staff, StaffBook
from bot.staff.model import NoSuchStaff, Opened, Stage
from bot.staff.passwords import Cost
from tests.staff.ready import lay

QUICK = Cost(memory_kib=8, passes=1, lanes=1)
PEPPER = bytes(range(32))
PLAIN_SETTINGS = ConsoleSettings()
READS = {"Accept-Language": "en"}
"""What is said in tests is said in English, whatever languages the console has learnt."""
NOON = 1_795_000_000.0
"""A moment in November 2026."""


@dataclass(slots=True)
class Clock:
    """Seconds since 1970 that go on when told to."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


def a_book(folder: Path, clock: Callable[[], float] | None = None) -> StaffBook:
    """A staff book in that folder."""
    lay(folder / "staff.db")
    return StaffBook.open(folder / "staff.db", PEPPER, clock or Clock(), cost=QUICK)


def an_office(
    folder: Path,
    ledger: Any = None,
    *,
    clock: Callable[[], float] | None = None,
    settings: ConsoleSettings = PLAIN_SETTINGS,
    parts: Mapping[str, Any] | None = None,
    **more: Any,
) -> Office:
    """An office with a book of its own."""
    clock = clock or Clock()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return Office(
        book=a_book(folder, clock),
        ledger=ledger,
        clock=clock,
        settings=settings,
        parts=parts or {},
        **more,
    )


@dataclass(slots=True)
class Visitor:
    """Somebody's browser."""

    url: str
    http: ClientSession
    staff: Staff | None = None
    opened: Opened | None = None

    @property
    def token(self) -> str:
        """What their forms carry."""
        assert self.opened is not None
        return token_of(self.opened.session.csrf)

    async def get(self, path: str, status: int = 200) -> str:
        """The text of a page."""
        async with self.http.get(self.url + path, allow_redirects=False) as answer:
            text = await answer.text()
            assert answer.status == status, (path, answer.status, text[:2000])
            return text

    async def post(self, path: str, data: Any = None, **fields: Any) -> ClientResponse:
        """The answer to a form, read whole."""
        pairs = [*(data.items() if isinstance(data, Mapping) else data or ()), *fields.items()]
        pairs = [("token", self.token), *pairs]
        async with self.http.post(
            self.url + path, data=pairs, headers=self.headers(), allow_redirects=False
        ) as answer:
            await answer.read()
            return answer

    def hold(self, opened: Opened) -> None:
        """This browser holds that session, as if the console had given it the cookie."""
        self.staff, self.opened = opened.session.staff, opened
        text = urlsafe_b64encode(opened.secret).rstrip(b"=").decode()
        self.http.cookie_jar.update_cookies({PLAIN: text}, URL(self.url))

    def headers(self) -> dict[str, str]:
        """What a browser says of a form of ours."""
        return {"Origin": self.url, "Sec-Fetch-Site": "same-origin"}


@dataclass(slots=True)
class Console:
    """A console that runs."""

    url: str
    office: Office
    browsers: list[ClientSession] = field(default_factory=list)

    def browser(self) -> Visitor:
        """A browser of nobody yet."""
        http = ClientSession(cookie_jar=CookieJar(unsafe=True), headers=READS)
        self.browsers.append(http)
        return Visitor(self.url, http)

    async def someone(
        self,
        name: str,
        *roles: Role,
        areas: tuple[str, ...] = (),
        stage: Stage = "signed_in",
    ) -> Visitor:
        """A member of staff who is signed in; a second time: in another browser."""
        visitor = self.browser()
        staff = a_member(self.office.book, name, *roles, areas=areas)
        visitor.hold(signed_in(self.office.book, staff, stage))
        return visitor


def a_member(book: StaffBook, name: str, *roles: Role, areas: tuple[str, ...] = ()) -> Staff:
    """Somebody of that name, who is ready to work."""
    try:
        return book.accounts.named(name)
    except NoSuchStaff:
        return book.accounts.add(name, roles, areas)[0]


def signed_in(book: StaffBook, staff: Staff, stage: Stage = "signed_in") -> Opened:
    """A session of somebody."""
    with book.store.transaction() as connection:
        return book.sessions.begin(connection, staff.id, stage)


@asynccontextmanager
async def a_console(office: Office, routes: tuple[Route, ...] = ROUTES) -> AsyncIterator[Console]:
    """A console on a free port of this machine."""
    runner = WebRunner(make_console(office, routes=routes))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    console = Console(f"http://127.0.0.1:{runner.addresses[0][1]}", office)
    try:
        yield console
    finally:
        for browser in console.browsers:
            await browser.close()
        await runner.cleanup()
        office.book.close()


class Fields(HTMLParser):
    """The hidden fields of the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.values[found.get("name") or ""] = found.get("value") or ""
