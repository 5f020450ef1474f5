"""A partner with a key, for every test of the API: real HTTP, a real ledger, a real book of keys.

async with an_api(folder, entries) as api:
    page = await api.get("/services?page=2")        # the record of an answer with 200
    answer = await api.ask("GET", "/services")      # status, headers, record
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from bot.channels.limits import Limits
from bot.channels.web_server import WebRunner
from bot.hsds.api import Keys, make_api
from bot.hsds.following import Following
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Actor
from bot.staff import StaffBook
from bot.staff.passwords import Cost
from bot.vault.signing import SigningKeys
from referral_directory.directory import Entry
from referral_directory.listing import withheld
from tests.hsds.helpers import book, directory
from tests.ledger.ready import laid
from tests.staff.ready import lay

NOON = 1_795_435_200.0
"""A Monday in November 2026."""
ANNA, BORYS = Actor("anna"), Actor("borys")


@dataclass(slots=True)
class Clock:
    """Seconds since 1970 that go on when told to."""

    now: float = NOON

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    record: Any


@dataclass(slots=True)
class Partner:
    """Somebody with a key, and the directory they read from."""

    url: str
    key: str
    session: ClientSession
    ledger: Ledger
    staff: StaffBook
    folder: Path
    clock: Clock = field(default_factory=Clock)

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.key}"} | more.pop("headers", {})
        async with self.session.request(
            method, self.url + path, headers=headers, allow_redirects=False, **more
        ) as answer:
            text = await answer.text()
            whole = answer.content_type == "application/json" and method != "HEAD"
            record = await answer.json() if whole else None
            return Answer(answer.status, dict(answer.headers), text, record)

    async def get(self, path: str) -> Any:
        answer = await self.ask("GET", path)
        assert answer.status == 200, (path, answer.text)
        return answer.record

    async def ids(self, path: str) -> set[str]:
        """The ids of all records of a list."""
        page = await self.get(path)
        assert page["last_page"], path
        return {one["id"] for one in page["contents"]}


def a_ledger(folder: Path, entries: Mapping[str, Entry], clock: Callable[[], float]) -> Ledger:
    """A ledger with those listings, served unconfirmed as in the demonstration."""
    signing = SigningKeys.open(folder / "signing", create=True)
    ledger = Ledger.open(laid(folder / "directory.db"), signing, clock, known=Known.of(directory()))
    ledger.seed(entries, "pack:ua", publish_for_demo=True)
    return ledger


@asynccontextmanager
async def an_api(
    folder: Path,
    entries: Mapping[str, Entry],
    limits: Limits | None = None,
    verify: Keys | None = None,
    hours: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Partner]:
    """The API of a directory with those listings, and a partner who may read it."""
    clock = Clock()
    ledger = a_ledger(folder, entries, clock)
    lay(folder / "staff.db")
    staff = StaffBook.open(folder / "staff.db", bytes(32), clock, cost=Cost(8, 1, 1))
    _, key = staff.keys.create("A partner", ["hsds.read"], "anna")
    keys, follow = verify or staff.keys.verify, Following(ledger, demo=True, clock=hours)
    app = make_api(follow, book(), keys, clock=clock, limits=limits)
    runner = WebRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with ClientSession() as session:
            yield Partner(f"http://127.0.0.1:{port}", key, session, ledger, staff, folder, clock)
    finally:
        await runner.cleanup()
        ledger.close()


def some(*names: str) -> dict[str, Entry]:
    """Those listings of the packs."""
    return {name: directory().entries[name] for name in names}


def first(count: int) -> dict[str, Entry]:
    """The first listings of the packs that are served."""
    served = ((n, e) for n, e in directory().entries.items() if withheld(e.written) is None)
    return dict(islice(served, count))
