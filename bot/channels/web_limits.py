"""Limits on the pages: who floods reads when to come again; help now and leaving are never refused.

    /now, /exit                     not counted at all
    POST / with help now or leave   taken in any case; where the page after it would be refused,
                                    it leads to `/now`
    the other pages                 a token each, or a page of kind 429 with the way to help now

It must not look at anything else of a request, or keep where one came from.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from aiohttp import hdrs, web

from bot.channels.contract import HELP_NOW, LEAVE, Pressed
from bot.channels.limits import RENEW_SECONDS, Limits, Place, place_of, whole_seconds
from bot.channels.web_answer import page, wants_part
from bot.channels.web_page import Pages, WebSettings
from bot.channels.web_request import device_language, read_form

LOOK: Final = "look"
TAKE: Final = "take"
SLIP: Final = "slip"
ROUTES: Final = {
    (hdrs.METH_GET, "/"): LOOK,
    (hdrs.METH_HEAD, "/"): LOOK,
    (hdrs.METH_POST, "/"): TAKE,
    (hdrs.METH_GET, "/live"): "live",
    (hdrs.METH_HEAD, "/live/soon"): LOOK,
    (hdrs.METH_GET, "/live/soon"): LOOK,
    (hdrs.METH_POST, "/talk/enter"): "enter",
    (hdrs.METH_POST, "/talk/plain"): "enter",
    (hdrs.METH_POST, "/talk/say"): "say",
    (hdrs.METH_POST, "/talk/again"): "again",
    (hdrs.METH_POST, "/talk/typing"): "typing",
    (hdrs.METH_GET, "/talk/hear"): "hear",
    (hdrs.METH_GET, "/privacy"): LOOK,
    (hdrs.METH_GET, "/privacy/{language}"): LOOK,
    (hdrs.METH_HEAD, "/privacy"): LOOK,
    (hdrs.METH_HEAD, "/privacy/{language}"): LOOK,
    (hdrs.METH_GET, "/slip"): LOOK,
    (hdrs.METH_GET, "/slip/{language}"): LOOK,
    (hdrs.METH_POST, "/slip"): SLIP,
    (hdrs.METH_POST, "/slip/{language}"): SLIP,
    (hdrs.METH_GET, "/chat/{name}"): "script",
    (hdrs.METH_HEAD, "/chat/{name}"): "script",
}
"""What is counted, and together with what. Whatever is not named here is never refused."""
SPARED: Final = (HELP_NOW, LEAVE)

Urgent = Callable[[str], bool]
"""Whether typed text asks for help now, or to leave."""
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_limits(
    app: web.Application,
    pages: Pages,
    languages: Sequence[str],
    settings: WebSettings,
    urgent: Urgent,
    limits: Limits,
) -> None:
    """Put limits on an application of the pages. Inside of what makes pages of errors."""
    door = _Door(pages, languages, settings, urgent, limits)
    app.middlewares.append(door.count)
    app.cleanup_ctx.append(door.renew_in_time)


def address_behind(request: web.Request, settings: WebSettings) -> str:
    """The address that a request came from, or nothing.

    Behind a proxy of ours it is the last one in `X-Forwarded-For`: the only one that the proxy
    wrote itself. Without a proxy nobody's word is taken.
    """
    if not settings.behind_proxy:
        return request.remote or ""
    said = request.headers.getall(hdrs.X_FORWARDED_FOR, [""])
    return said[-1].rpartition(",")[2]


class _Door:
    """Counts requests. It holds no person: only the buckets and the pages made at the start."""

    def __init__(
        self,
        pages: Pages,
        languages: Sequence[str],
        settings: WebSettings,
        urgent: Urgent,
        limits: Limits,
    ) -> None:
        self._settings, self._urgent, self._limits = settings, urgent, limits
        self._languages = tuple(languages)
        # Made before the flood, which should cost us as little as it can.
        self._refusals = {
            (code, part): pages.refusal(code, "many", part=part)
            for code in languages
            for part in (False, True)
        }

    @web.middleware
    async def count(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """One request: taken, or refused kindly."""
        resource = request.match_info.route.resource
        route = ROUTES.get((request.method, resource.canonical if resource else ""))
        place = place_of(address_behind(request, self._settings)) if route else None
        if route is None or place is None:
            return await handler(request)
        wait = self._limits.take(place, route)
        if route == TAKE and (wait or self._is_shut(place)):
            form = await read_form(request)
            if form is not None and self._is_spared(form.heard):
                return self._to_help(await handler(request), place)
        return self._refused(request, wait) if wait else await handler(request)

    async def renew_in_time(self, app: web.Application) -> AsyncIterator[None]:
        """Forgets every ten minutes, also when nobody comes."""
        del app
        clock = asyncio.create_task(self._renew_for_ever())
        yield
        clock.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await clock

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            self._limits.renew()

    def _is_shut(self, place: Place) -> bool:
        """Whether the page that follows an answer would be refused."""
        return self._limits.peek(place, LOOK) > 0

    def _is_spared(self, heard: object) -> bool:
        if isinstance(heard, Pressed):
            return heard.key in SPARED
        return self._urgent(getattr(heard, "text", ""))

    def _to_help(self, answer: web.StreamResponse, place: Place) -> web.StreamResponse:
        """The answer; one that leads to a page which would be refused leads to help instead."""
        if hdrs.LOCATION in answer.headers and self._is_shut(place):
            answer.headers[hdrs.LOCATION] = "/now"
        return answer

    def _refused(self, request: web.Request, wait: float) -> web.Response:
        language = device_language(request, self._languages)
        body = self._refusals[language, wants_part(request)]
        answer = page(request, body, status=429)
        answer.headers[hdrs.RETRY_AFTER] = str(whole_seconds(wait))
        return answer
