"""The listeners beside the survivors' page: the staff console, and the API for partners.

It puts them together and starts them, each on an address of its own. It decides nothing.
"""

import socket
from collections.abc import Callable
from typing import Final

from aiohttp import web

from authored import Mistake, Mistakes
from bot.app import LOCALES, Service
from bot.channels.limits import Limits, place_of
from bot.channels.web_server import WebRunner
from bot.cli.office import Kept
from bot.console.console import make_console
from bot.console.frame import ConsoleSettings, Office
from bot.hsds.api import make_api
from bot.hsds.following import Following
from bot.reports.vouching import Vouch
from bot.reports.weeks import Reports
from bot.settings import bound
from bot.staff import Role, StaffBook
from referral_directory.exchange.hsds_book import Book

DEMO_STAFF: Final[dict[str, tuple[Role, ...]]] = {
    "Demo Editor": ("editor", "translator", "operator"),
    "Demo Approver": ("approver", "vetting_officer", "editor"),
    "Demo Administrator": ("administrator", "auditor"),
    "Demo Operator": ("operator",),
    "Demo Operator Two": ("operator",),
    "Demo Lead": ("lead",),
}
"""Who can try the console of a demonstration: two people, so that there is a second look, and a
desk with two operators and their lead.
"""
TOKENS_A_TRY: Final = 10
"""Signing in costs as much as ten looks at a page."""


def office_of(service: Service, kept: Kept) -> Office:
    """What the pages of the console work with."""
    settings, limits = service.settings, Limits()

    def wait(address: str) -> float:
        place = place_of(address)
        if place is None:
            return 0.0
        # Ten tokens a try: forty tries a minute from one network, two from one Tor circuit.
        return max(limits.take(place, "sign-in") for _ in range(TOKENS_A_TRY))

    return Office(
        book=kept.book,
        ledger=kept.ledger,
        clock=service.turns.clock,
        settings=ConsoleSettings(
            url=settings.staff_url,
            behind_proxy=settings.web_behind_proxy,
            language=settings.language,
            link_checker=settings.link_checker,
            demo=service.demo,
        ),
        parts={
            "directory": service.directory,
            "live": lambda: service.live,
            "by_hand": lambda: service.serving.by_hand,
            "speech": service.speech,
            "wording": service.wording,
            "signing": kept.signing,
            "handoff": service.human,
            "audit": kept.audit.write,
            "audited": kept.audit,
            "reports": Reports(service.store, Vouch(kept.signing)),
            "demo_staff": demo_staff(kept.book) if service.demo else (),
        },
        wait=wait,
    )


class Beside:
    """The listeners that run beside the page, as long as the service does."""

    def __init__(
        self,
        service: Service,
        kept: Kept,
        attach: Callable[[web.Application], None] = lambda _: None,
    ) -> None:
        """`attach` puts what those who watch ask into the console, before it runs."""
        self._service, self._kept, self._attach = service, kept, attach
        self._runners: list[WebRunner] = []

    async def start(self) -> tuple[str, str]:
        """Start what the settings want; gives where the console and the API are, each or empty."""
        settings = self._service.settings
        console = api = ""
        if where := bound(settings.staff_bind):
            app = make_console(office_of(self._service, self._kept), locales=LOCALES)
            self._attach(app)
            here = await self._listen(app, "STAFF", *where)
            console = settings.staff_url or here
        if where := bound(settings.api_bind):
            following = Following(self._kept.ledger, demo=self._service.demo)
            book = Book.of(self._service.directory)
            partners = make_api(following, book, self._kept.book.keys.verify)
            api = await self._listen(partners, "API", *where)
        return console, api

    async def stop(self) -> None:
        """End them."""
        for runner in self._runners:
            await runner.cleanup()

    async def _listen(self, app: web.Application, which: str, host: str, port: int) -> str:
        runner = WebRunner(app)
        await runner.setup()
        self._runners.append(runner)
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            mend = f"Name another, or switch it off: QUIETLINE_{which}_BIND=127.0.0.1:8091, or off."
            said = f"port {port} cannot be used: {error.strerror}"
            raise Mistakes([Mistake(host, 0, 0, said, mend)]) from None
        name, taken = runner.addresses[0][:2]
        return f"http://{name}:{taken}/"


def demo_staff(book: StaffBook) -> tuple[tuple[str, str], ...]:
    """Accounts to try the console with, as ids and names; the sign-in page offers them."""
    there = {staff.name: staff.id for staff in book.accounts.everyone()}
    for name, roles in DEMO_STAFF.items():
        if name not in there:
            there[name] = book.accounts.add(name, roles)[0].id
    return tuple((there[name], name) for name in DEMO_STAFF)


def free_port(wanted: int) -> int:
    """That port of this machine, or 0 (any that is free) when somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted
