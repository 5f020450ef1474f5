"""The page for services: the words of a referral slip are typed, and one answer is given.

    GET  /slip             the field for the words; `/slip/LANGUAGE` in that language
    POST /slip             what the words are, and the four answers; or, with an answer, that it
                           counts, once: then 303 to the page below, so that a reload sends nothing
    GET  /slip/LANGUAGE/done   thanks

It asks for no account and gives no cookie. It must not log or keep what was typed, put it into an
address, or say more of a wrong slip than that it opens nothing.
"""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.channels.contract import SLIP_SAYINGS, Slip, Slips
from bot.channels.limits import place_of
from bot.channels.web_answer import page, see_other
from bot.channels.web_limits import address_behind
from bot.channels.web_page import Pages, WebSettings
from bot.channels.web_request import Refused, device_language, read_fields

MOST_WORDS: Final = 400
"""Characters of what is typed that are looked at."""


class SlipPages:
    """The handlers. They hold nobody: only their parts."""

    def __init__(
        self, slips: Slips, pages: Pages, codes: Sequence[str], settings: WebSettings
    ) -> None:
        self._slips, self._pages, self._codes = slips, pages, tuple(codes)
        self._settings = settings

    @property
    def routes(self) -> list[web.RouteDef]:
        """All routes of the page."""
        return [
            web.get("/slip", self.ask),
            web.post("/slip", self.take),
            web.get("/slip/{language}", self.ask),
            web.post("/slip/{language}", self.take),
            web.get("/slip/{language}/done", self.done),
        ]

    async def ask(self, request: web.Request) -> web.Response:
        """The field for the words."""
        return page(request, self._pages.slip(self._language(request)))

    async def take(self, request: web.Request) -> web.Response:
        """The words, or the words with an answer."""
        language = self._language(request)
        fields = await read_fields(request)
        words, said = fields.get("w", "")[:MOST_WORDS], fields.get("a", "")
        if said not in ("", *SLIP_SAYINGS):
            raise Refused(HTTPStatus.BAD_REQUEST, "unreadable")
        place = place_of(address_behind(request, self._settings))
        who = b"" if place is None else place.kind.encode() + place.name
        if not said:
            slip = await asyncio.to_thread(self._slips.look, words, who, language)
            return self._shown(request, language, slip, words)
        slip = await asyncio.to_thread(self._slips.answer, words, said, who)
        if slip.outcome == "good":
            return see_other(f"/slip/{language}/done")
        return self._shown(request, language, slip, words)

    async def done(self, request: web.Request) -> web.Response:
        """Thanks, and the way to the next slip."""
        return page(request, self._pages.slip(self._language(request), done=True))

    def _shown(self, request: web.Request, language: str, slip: Slip, words: str) -> web.Response:
        status = HTTPStatus.TOO_MANY_REQUESTS if slip.outcome == "wait" else HTTPStatus.OK
        return page(request, self._pages.slip(language, slip=slip, typed=words), status=status)

    def _language(self, request: web.Request) -> str:
        asked = request.match_info.get("language", "")
        if not asked:
            return device_language(request, self._codes)
        if asked not in self._codes:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found")
        return asked
