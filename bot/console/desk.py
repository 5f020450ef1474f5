"""The desk: what the visits of one console share, and how a page is made of a template.

It decides what every page is given. What it remembers between visits (a note to be shown once, the
figures of the menu) is in memory, short-lived and of no use to anybody else.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.console.frame import Asked, Given, Office, Route, Visit
from bot.console.host import Host
from bot.console.menu import MENU, Place
from bot.console.reading import Unread
from bot.console.said import Words
from bot.console.streams import Streams
from bot.staff import Session, may
from bot.staff.passwords import AT_ONCE

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
MOST_NOTES: Final = 1000
MOST_WAITING: Final = 32
"""Who tries to sign in while so many wait is asked to come again."""
COUNTS_SECONDS: Final = 2.0
"""How old the figures of the menu may be. What a page itself shows is always of now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu, for one visit."""

    path: str
    label: str
    key: str
    count: int
    here: bool


class Desk:
    """What visits share."""

    def __init__(
        self, office: Office, routes: Sequence[Route], words: Mapping[str, Words], host: Host
    ) -> None:
        self.office, self.words, self.host = office, words, host
        self.routes = tuple(routes)
        self._paths = {route.path for route in routes if route.method == "GET"}
        self._notes: OrderedDict[bytes, list[str]] = OrderedDict()
        self._counts: OrderedDict[str, tuple[float, Mapping[str, int]]] = OrderedDict()
        self._jinja = {code: _environment(spoken) for code, spoken in words.items()}
        # Signing in has threads of its own, so that guessing fills up nobody else's.
        self._hashing = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hash")
        self._waiting = 0
        self.streams = Streams(office.book)
        self.rooms: dict[str, Any] = {}
        """What pages keep for all visits, by the name of the page that made it."""
        self.closing: list[Callable[[], Awaitable[None]]] = []
        """What else ends with the console."""

    def language_of(self, session: Session | None, request: web.Request) -> Words:
        """Their own choice, then the one of this page, then what the browser asks for."""
        asked = [request.query.get("lang", "")]
        if session is not None:
            asked.insert(0, session.staff.language)
        wished = request.headers.get("Accept-Language", "").split(",", 9)[:9]
        asked += [part.strip().partition(";")[0].partition("-")[0].lower() for part in wished]
        asked.append(self.office.settings.language)
        return next(
            (self.words[code] for code in asked if code in self.words),
            next(iter(self.words.values())),
        )

    async def slowly(
        self, function: Callable[Asked, Given], *args: Asked.args, **kwargs: Asked.kwargs
    ) -> Given:
        """What a function gives that hashes passwords. Raises `Unread` when too many wait."""
        if self._waiting >= MOST_WAITING:
            raise Unread(HTTPStatus.SERVICE_UNAVAILABLE, "too_many")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._hashing, partial(function, *args, **kwargs))
        finally:
            self._waiting -= 1

    def must_wait(self, request: web.Request) -> bool:
        """Whether too many tries to sign in came from where this one comes from."""
        return self.office.wait(self.host.address(request)) > 0

    def is_secure(self, request: web.Request) -> bool:
        """Whether the browser reached us by https."""
        return self.host.is_secure(request)

    async def close(self, _: web.Application) -> None:
        """The end."""
        await self.streams.close()
        for close in self.closing:
            await close()
        self._hashing.shutdown(wait=False, cancel_futures=True)

    def counts(self, visit: Visit) -> Mapping[str, int]:
        """The figures of the menu. Asks the ledger: for a thread of its own."""
        actor = visit.actor
        at, found = self._counts.get(actor.id, (0.0, {}))
        if not found or monotonic() - at > COUNTS_SECONDS:
            found = dict(self.office.ledger.counts(actor)) if self.office.ledger else {}
            self._counts[actor.id] = (monotonic(), found)
            if len(self._counts) > MOST_NOTES:
                self._counts.popitem(last=False)
        return found

    def keep_notes(self, visit: Visit) -> None:
        """Keep what was said for the page that comes next."""
        if visit.notes:
            self._notes[_place(visit.new_secret or visit.secret)] = visit.notes
            if len(self._notes) > MOST_NOTES:
                self._notes.popitem(last=False)

    def render(
        self, visit: Visit, template: str, status: int, values: Mapping[str, object]
    ) -> web.Response:
        """A page."""
        notes = self._notes.pop(_place(visit.secret), []) + visit.notes
        session = visit.session
        html = (
            self._jinja[visit.words.language]
            .get_template(template)
            .render(
                {
                    "token": visit.token,
                    "staff": session.staff if session and session.stage == "signed_in" else None,
                    "may": visit.may,
                    "nav": self._menu(visit),
                    "counts": visit.counts,
                    "notes": notes,
                    "here": visit.request.rel_url.raw_path_qs,
                    "language": visit.words.language,
                    "languages": tuple(self.words.values()),
                    "demo": self.office.settings.demo,
                    "typed": visit.form,
                    **values,
                }
            )
        )
        return web.Response(
            body=html.encode("utf-8", "replace"),
            status=status,
            content_type="text/html",
            charset="utf-8",
        )

    def _menu(self, visit: Visit) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
        if visit.session is None or visit.session.stage != "signed_in":
            return ()
        groups = ((visit.words(name), places) for name, places in MENU)
        shown = ((name, tuple(self._entries(visit, places))) for name, places in groups)
        return tuple((name, entries) for name, entries in shown if entries)

    def _entries(self, visit: Visit, places: Sequence[Place]) -> list[Entry]:
        roles = visit.staff.roles
        at = visit.request.path
        return [
            Entry(
                path=place.path,
                label=visit.words(place.label),
                key=place.key,
                count=visit.counts.get(place.count, 0) if place.count else 0,
                here=at == place.path or (place.path != "/" and at.startswith(f"{place.path}/")),
            )
            for place in places
            if place.path in self._paths
            and (not place.part or self.office.parts.get(place.part) is not None)
            and (place.act == "me" or may(roles, place.act))
        ]


@lru_cache
def _environment(words: Words) -> Environment:
    """The templates in one language; each is compiled once, also for a console that comes later."""
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    jinja.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        words.found.gettext, words.found.ngettext, newstyle=True
    )
    jinja.filters.update(day=words.day, moment=words.moment, since=words.second)
    return jinja


def _place(secret: bytes) -> bytes:
    return hashlib.sha256(b"note" + secret).digest()[:16]
