"""The privacy notice as a page: the same words for everyone, without a cookie and without a script.

    GET  /privacy             in the best language for this browser
    GET  /privacy/LANGUAGE    in that language

It carries what it is given and decides nothing. It must not look at a cookie or change anything.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from aiohttp import web

from bot.channels.contract import Block
from bot.channels.web_answer import page, wants_part
from bot.channels.web_page import Pages
from bot.channels.web_request import Refused, device_language

Notices = Callable[[str], tuple[Block, ...]]
"""Language → what the notice says."""


class PrivacyPage:
    """The handlers. They hold nobody: only their parts."""

    def __init__(self, notices: Notices, pages: Pages, codes: Sequence[str]) -> None:
        self._pages, self._codes = pages, tuple(codes)
        # Made at the start, so that a word that is missing stops the start and not a person.
        self._said = {code: notices(code) for code in self._codes}

    @property
    def routes(self) -> list[web.RouteDef]:
        """All routes of the page."""
        return [web.get("/privacy", self.show), web.get("/privacy/{language}", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        """The notice."""
        language = request.match_info.get("language", "") or device_language(request, self._codes)
        if language not in self._codes:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found")
        said = self._pages.privacy(language, self._said[language], part=wants_part(request))
        return page(request, said)
