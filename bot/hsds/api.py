"""The API over HTTP: who may ask, what they are answered, and what every answer carries.

It decides about keys and about how much one key may ask. It writes down nothing of what was asked
or by whom, and an answer never repeats more of a question than the name of a filter.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol

from aiohttp import hdrs, web

from bot import report
from bot.channels.limits import Limits, Place, whole_seconds
from bot.hsds.answers import HEADERS, answer, dump, known_refusal, refusal
from bot.hsds.asked import Asked, BadRequest, read
from bot.hsds.catalogue import Catalogue
from bot.hsds.following import Publication
from bot.hsds.lists import LISTS, List, Shop, page
from bot.hsds.openapi import PROFILE, VERSION, description
from bot.hsds.sent import key_in, params_of
from referral_directory.exchange.hsds_book import Book

SCOPE: Final = "hsds.read"
MOST_BYTES: Final = 16 * 1024
"""Of the body of a question."""
PATIENCE: Final = 0.05
"""Seconds that an answer waits for a catalogue in the making; then it is given from the one there
was, without what was stopped."""
PORTION: Final = 100
"""Records that are made at once for an answer without pages."""
OPEN: Final = frozenset({"/", "/openapi.json"})


class Key(Protocol):
    """A key that counts."""

    @property
    def id(self) -> str:
        """Which it is."""

    @property
    def scopes(self) -> Collection[str]:
        """What it is for."""


Keys = Callable[[str], Key | None]
"""The key that a text is, when it counts. May block."""


class Api:
    """The answers. `published` and `keys` are called in a thread, before every answer."""

    def __init__(
        self,
        published: Callable[[], Publication],
        book: Book,
        keys: Keys,
        *,
        clock: Callable[[], float] = time.time,
        url: str = "",
        limits: Limits | None = None,
    ) -> None:
        self._published, self._book, self._keys, self._clock = published, book, keys, clock
        self._url = url.rstrip("/")
        self._limits = limits or Limits()
        self._catalogue: Catalogue | None = None
        self._making: asyncio.Task[None] | None = None

    async def about(self, request: web.Request) -> web.Response:
        """What this API is."""
        here = self._url or f"{request.scheme}://{request.host}"
        about = {"version": VERSION, "profile": PROFILE, "openapi_url": f"{here}/openapi.json"}
        return answer(about)

    async def described(self, _request: web.Request) -> web.Response:
        """The description of the API."""
        return answer(description(self._url or "/"))

    async def many(self, request: web.Request, of: List) -> web.StreamResponse:
        """A page of a list, or all of it one a line."""
        asked = read(await params_of(request), of.params)
        shop = await self._shop()
        if asked.format == "ndjson":
            return await self._stream(request, shop, of, asked)
        return web.Response(
            body=await asyncio.to_thread(lambda: dump(page(shop, of, asked))),
            content_type="application/json",
        )

    async def one(self, request: web.Request, of: List) -> web.StreamResponse:
        """One record, fully nested."""
        known = frozenset({"full_service"} if of.name == "organizations" else ())
        asked = read(await params_of(request), known)
        shop = await self._shop()
        name = request.match_info["id"]
        found = of.one(shop, name)
        if found is None and of.name == "services" and (other := shop.catalogue.moved(name)):
            raise web.HTTPMovedPermanently(f"/services/{other}")
        if found is None:
            return refusal(404, "There is no such record now.", "It may have been withdrawn.")
        return web.Response(
            body=await asyncio.to_thread(lambda: dump(of.whole(shop, found, asked))),
            content_type="application/json",
        )

    async def holder(self, request: web.Request) -> web.Response | None:
        """None for who may ask; else the answer that says why not."""
        text = key_in(request)
        key = await asyncio.to_thread(self._keys, text) if text else None
        if key is None:
            mend = "Send a key as 'Authorization: Bearer …' or 'X-API-Key'."
            refused = refusal(401, "A key is needed here.", mend)
            refused.headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
            return refused
        if SCOPE not in key.scopes:
            return refusal(403, "This key is not for the directory.", f"It needs {SCOPE}.")
        if wait := self._limits.take(Place("network", key.id.encode()), "hsds"):
            refused = refusal(429, "Too many requests with this key.", "Wait, then go on.")
            refused.headers[hdrs.RETRY_AFTER] = str(whole_seconds(wait))
            return refused
        return None

    async def warm(self, _app: web.Application) -> None:
        """Makes the catalogue before anybody asks."""
        try:
            await self._shop()
        except _Unread:
            report.alarm("hsds.unread")

    async def _stream(
        self, request: web.Request, shop: Shop, of: List, asked: Asked
    ) -> web.StreamResponse:
        stream = web.StreamResponse()
        stream.content_type = "application/x-ndjson"
        found = await asyncio.to_thread(of.find, shop, asked)
        await stream.prepare(request)
        async for lines in _portions(shop, of, asked, found):
            await stream.write(lines)
        await stream.write_eof()
        return stream

    async def _shop(self) -> Shop:
        try:
            publication = await asyncio.to_thread(self._published)
        except Exception as error:
            report.alarm("hsds.unread", error)
            raise _Unread from error
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        made = self._catalogue
        if made is None or (made.generation, made.today) != (publication.generation, today):
            if self._making is None or self._making.done():
                self._making = asyncio.create_task(self._make(publication, today))
            patience = None if made is None else PATIENCE
            await asyncio.wait({self._making}, timeout=patience)
            made = self._catalogue
        if made is None:
            raise _Unread
        stopped = publication.stopped
        if made.generation != publication.generation:
            gone = (name for name, row in publication.rows.items() if row.content is None)
            stopped = stopped | frozenset(gone)
        return Shop(made, stopped)

    async def _make(self, publication: Publication, today: date) -> None:
        before = self._catalogue
        try:
            self._catalogue = await asyncio.to_thread(
                _ready, publication, self._book, today, before
            )
        except Exception as error:  # noqa: BLE001  (whatever it is, the last one goes on)
            report.alarm("hsds.unread", error)


class _Unread(Exception):
    """What is published cannot be read."""


def make_api(
    published: Callable[[], Publication],
    book: Book,
    keys: Keys,
    *,
    clock: Callable[[], float] = time.time,
    url: str = "",
    limits: Limits | None = None,
) -> web.Application:
    """The API as an aiohttp application. `url`: where partners reach it, when a proxy is before it.

    Run it with `bot.channels.web_server.WebRunner`, which keeps no access log.
    """
    api = Api(published, book, keys, clock=clock, url=url, limits=limits)
    app = web.Application(middlewares=[_every_answer, _doorkeeper(api)], client_max_size=MOST_BYTES)
    app.router.add_get("/", api.about)
    app.router.add_get("/openapi.json", api.described)
    for of in LISTS.values():
        app.router.add_get(f"/{of.name}", _bound(api.many, of))
        app.router.add_post(f"/{of.name}", _bound(api.many, of))
        app.router.add_get(f"/{of.name}/{{id}}", _bound(api.one, of))
    app.on_response_prepare.append(_same_headers)
    app.on_startup.append(api.warm)
    return app


Handler = Callable[[web.Request], Any]


def _bound(method: Callable[[web.Request, List], Any], of: List) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        given: web.StreamResponse = await method(request, of)
        return given

    return handler


def _doorkeeper(api: Api) -> Any:
    @web.middleware
    async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in OPEN and (refused := await api.holder(request)) is not None:
            return refused
        given: web.StreamResponse = await handler(request)
        return given

    return door


@web.middleware
async def _every_answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """JSON for every fault."""
    try:
        given: web.StreamResponse = await handler(request)
    except BadRequest as bad:
        given = refusal(400, bad.said, bad.mend, bad.field)
    except _Unread:
        given = refusal(503, "What is published cannot be read now.", "Ask again in a minute.")
    except web.HTTPRequestEntityTooLarge:
        given = refusal(413, "The body is too large.", f"At most {MOST_BYTES} bytes.")
    except web.HTTPException as known:
        given = known_refusal(known)
    except Exception as error:  # noqa: BLE001  (a fault of ours is no answer of the library's)
        report.alarm("hsds.failed", error)
        given = refusal(500, "Something went wrong here.", "It was noted. Ask again later.")
    return given


async def _same_headers(_request: web.Request, given: web.StreamResponse) -> None:
    given.headers.update(HEADERS)
    given.headers.popall(hdrs.SERVER, None)


async def _portions(
    shop: Shop, of: List, asked: Asked, found: Iterable[Any]
) -> AsyncIterator[bytes]:
    records = list(found)
    for start in range(0, len(records), PORTION):
        some = records[start : start + PORTION]
        yield await asyncio.to_thread(_lines, shop, of, asked, some)


def _lines(shop: Shop, of: List, asked: Asked, some: Iterable[Any]) -> bytes:
    return b"".join(dump(of.made(shop, one, asked)) + b"\n" for one in some)


def _ready(
    publication: Publication, book: Book, today: date, before: Catalogue | None
) -> Catalogue:
    made = Catalogue(publication, book, today, before)
    # Looked up once here, so that no request pays for it.
    _ = made.by_service, made.by_place, made.by_term, made.by_organization
    made.prepare_search()
    return made
