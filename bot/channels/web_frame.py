"""The frame on a page that shows what is new without JavaScript. What it holds open is `web_live`.

    GET /live/soon   goes on in a moment, so that the page around it is there first
    GET /live        stays open and says what is new, as long as the browser wants it

`?after=N` is the number of the last reply that the page around it shows already. It must not
decide what is new: it shows what `look` says, and of a chat the replies after N.
"""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.channels.contract import Address, Block, Conversation
from bot.channels.web_answer import note, page
from bot.channels.web_cookie import Cookie
from bot.channels.web_live import Live
from bot.channels.web_page import Pages
from bot.channels.web_request import address_of

MOST_DIGITS: Final = 9


class Frame:
    """The handlers. They hold no person: only their parts."""

    def __init__(
        self,
        conversation: Conversation,
        pages: Pages,
        live: Live,
        cookie: Cookie,
        site: str,
        language: Callable[[web.Request], str],
    ) -> None:
        self._conversation, self._pages, self._live = conversation, pages, live
        self._cookie, self._site, self._language = cookie, site, language

    @property
    def routes(self) -> list[web.RouteDef]:
        """What an application is to hand in here."""
        return [
            web.get("/live", self.go_on, allow_head=False),
            web.get("/live/soon", self.go_on_soon),
        ]

    async def go_on_soon(self, request: web.Request) -> web.Response:
        """A frame that goes on in a moment."""
        language = self._language(request)
        return page(request, self._pages.live(language, soon=True, after=_after(request)))

    async def go_on(self, request: web.Request) -> web.StreamResponse:
        """A frame that stays open."""
        secret, language = self._cookie.read(request), self._language(request)
        if secret is None or self._live.is_full:
            return page(request, self._pages.live(language))
        address = address_of(secret, self._site)
        answer = web.StreamResponse()
        answer.content_type, answer.charset = "text/html", "utf-8"
        await answer.prepare(request)
        await answer.write(self._pages.live(language, streams=True))
        try:
            news = _News(self._conversation, self._pages, address, language, _after(request))
            await self._live.hold(request, answer, address.person, news.say)
        except ConnectionError:
            raise
        except Exception as broken:  # noqa: BLE001
            # It has begun, so no other page can take its place: it ends, with the way to look.
            note(broken)
        await answer.write(self._pages.look_again(language))
        return answer


class _News:
    """What a frame has not said yet."""

    def __init__(
        self,
        conversation: Conversation,
        pages: Pages,
        address: Address,
        language: str,
        after: int,
    ) -> None:
        self._conversation, self._pages = conversation, pages
        self._address, self._language, self._after = address, language, after
        self._said: tuple[Block, ...] | None = None

    async def say(self) -> bytes:
        """What a human wrote since; then what the guide says, unless it stands there already."""
        out = await self._conversation.look(self._address, self._language)
        chat = out.chat
        lines = chat.lines if chat else ()
        new = tuple(one for one in lines if one.by == "them" and one.number > self._after)
        self._after = max([self._after, *(one.number for one in new)])
        # A frame begins without knowing what the page around it says. While a chat goes on, that is
        # what is said here too: to say it again with a reply would put it over what was written.
        known = bool(new) and self._said is None and chat is not None and chat.can_write
        said = out.blocks == self._said or known
        self._said = out.blocks
        told = b"" if said else self._pages.news(out)
        return (self._pages.news(out, new) if new else b"") + told


def _after(request: web.Request) -> int:
    said = request.query.get("after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS else 0
