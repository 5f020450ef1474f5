"""The web page without JavaScript: carries answers in and pages out, and keeps nothing.

    GET  /      the present prompt, said again; for someone new the first one, and nothing is stored
    POST /      one answer, then 303 back to `/`, so that a reload never answers twice
    GET  /exit  the quick exit: erased, and away to another site
    GET  /now   where to get help now; needs no cookie and no store

It must not decide anything about the conversation, log anything of a person, or let an error
become a page that helps nobody: whatever breaks, the person reads where to get help now.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from http import HTTPStatus
from pathlib import PurePath
from typing import Any, Final

from aiohttp import hdrs, web

from bot.channels.contract import (
    LEAVE,
    Address,
    Conversation,
    Incoming,
    Outgoing,
    Pressed,
    Unavailable,
)
from bot.channels.web_page import Language, Pages, WebSettings, Wording
from bot.channels.web_request import (
    MOST_BYTES,
    Refused,
    address_of,
    cookie_text,
    device_language,
    is_prefetch,
    new_secret,
    read_cookie,
    read_form,
)
from bot.channels.web_server import HEADERS, POLICY, WebRunner

EXIT_SECONDS: Final = 2
"""How long the quick exit waits for the erasing, which goes on without it after that."""
CLEAR: Final = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
REASONS: Final = {404: "not_found", 405: "not_allowed", 413: "too_much"}
_LOG = logging.getLogger("quietline.web")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_web(
    conversation: Conversation,
    words: Wording,
    languages: Sequence[Language],
    settings: WebSettings,
) -> web.Application:
    """The pages as an application; run it with `WebRunner`. Raises when a word is missing."""
    site = _Site(conversation, Pages(words, languages, settings), languages, settings)
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[site.kindly])
    app.on_response_prepare.append(site.guard)
    app.on_cleanup.append(site.finish)
    app.add_routes(
        [
            web.get("/", site.present),
            web.post("/", site.take),
            web.get("/exit", site.leave, allow_head=False),
            web.get("/now", site.now),
            web.get("/now/{language}", site.now),
        ]
    )
    return app


class _Site:
    """The handlers. They hold no person: only their parts and the turns that are still running."""

    def __init__(
        self,
        conversation: Conversation,
        pages: Pages,
        languages: Sequence[Language],
        settings: WebSettings,
    ) -> None:
        self._conversation = conversation
        self._pages = pages
        self._settings = settings
        self._codes = [language.code for language in languages]
        self._running: set[asyncio.Task[Any]] = set()
        # Made once at the start too: shown when even the making of a page breaks.
        self._ready = {
            code: pages.emergency(conversation.emergency(code), down=True) for code in self._codes
        }
        self._headers = HEADERS | {
            "Content-Security-Policy": POLICY.format(style=pages.style_source)
        }

    async def present(self, request: web.Request) -> web.Response:
        """The present prompt. Changes nothing, sets no cookie."""
        secret = read_cookie(request, self._cookie(request))
        out = await self._conversation.look(
            self._address(secret or new_secret()), self._language(request)
        )
        return _page(self._pages.answer(out, cookie_lost=secret is None and "k" in request.query))

    async def take(self, request: web.Request) -> web.Response:
        """One answer, taken whole even when the browser has gone: it may be the safety exit."""
        known = read_cookie(request, self._cookie(request))
        form = await read_form(request)
        if form is None:
            return _see_other("/")
        secret = known or new_secret()
        out = await self._whole(
            self._conversation.take(
                Incoming(
                    self._address(secret),
                    form.heard,
                    once=form.once,
                    language=self._language(request),
                )
            )
        )
        if out is not None and out.forgotten:
            return self._forgotten(request, _page(self._pages.gone(out), CLEAR))
        if known is not None:
            return _see_other("/")
        # `?k` says that a cookie was given: should it be missing then, the page can say why nothing
        # goes on.
        answer = _see_other("/?k")
        secure = self._is_secure(request)
        answer.set_cookie(
            self._cookie(request),
            cookie_text(secret),
            path="/",
            secure=secure,
            httponly=True,
            samesite="Strict",
        )
        return answer

    async def leave(self, request: web.Request) -> web.Response:
        """The quick exit. It leaves in any case: without the cookie no one opens what is left."""
        if is_prefetch(request):
            raise Refused(HTTPStatus.FORBIDDEN, "refused")
        secret = read_cookie(request, self._cookie(request))
        if secret is not None:
            press = Incoming(
                self._address(secret), Pressed(LEAVE, ""), language=self._language(request)
            )
            try:
                async with asyncio.timeout(EXIT_SECONDS):
                    await self._whole(self._conversation.take(press))
            except Exception as broken:  # noqa: BLE001
                # Nothing may keep a person here.
                _note(broken)
        return self._forgotten(request, _see_other(self._settings.exit_url, CLEAR))

    async def now(self, request: web.Request) -> web.Response:
        """Where to get help now."""
        asked = request.match_info.get("language", "")
        if asked and asked not in self._codes:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found")
        out = self._conversation.emergency(asked or self._language(request))
        return _page(self._pages.emergency(out, down=False))

    @web.middleware
    async def kindly(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Whatever goes wrong becomes a page that helps."""
        try:
            return await handler(request)
        except Refused as refused:
            return self._refusal(request, refused.status, refused.reason)
        except web.HTTPException as refused:
            answer = self._refusal(
                request, refused.status, REASONS.get(refused.status, "unreadable")
            )
            if hdrs.ALLOW in refused.headers:
                answer.headers[hdrs.ALLOW] = refused.headers[hdrs.ALLOW]
            return answer
        except Unavailable:
            return self._down(request)
        except ConnectionError:
            raise  # the browser has gone; there is nobody to answer
        except Exception as bug:  # noqa: BLE001
            # A person is reading: the bug is noted, and they read where to get help.
            _note(bug)
            return self._down(request)

    async def guard(self, request: web.Request, response: web.StreamResponse) -> None:
        """Every answer carries the same guards and does not name the library."""
        del request
        response.headers.update(self._headers)
        for name in (hdrs.SERVER, hdrs.ETAG, hdrs.LAST_MODIFIED):
            response.headers.popall(name, None)

    async def finish(self, app: web.Application) -> None:
        """Waits for the turns that outlived their browser."""
        del app
        await asyncio.gather(*self._running, return_exceptions=True)

    def _refusal(self, request: web.Request, status: int, reason: str) -> web.Response:
        return _page(self._pages.refusal(self._language(request), reason), status=status)

    def _down(self, request: web.Request) -> web.Response:
        language = self._language(request)
        try:
            page = self._pages.emergency(self._conversation.emergency(language), down=True)
        except Exception as bug:  # noqa: BLE001
            # The page from the start is still there.
            _note(bug)
            page = self._ready[language]
        return _page(page, status=503)

    def _forgotten(self, request: web.Request, answer: web.Response) -> web.Response:
        answer.del_cookie(
            self._cookie(request),
            path="/",
            secure=self._is_secure(request),
            httponly=True,
            samesite="Strict",
        )
        return answer

    def _address(self, secret: bytes) -> Address:
        return address_of(secret, self._settings.site)

    def _language(self, request: web.Request) -> str:
        return device_language(request, self._codes)

    def _is_secure(self, request: web.Request) -> bool:
        if self._settings.secure != "auto":
            return self._settings.secure
        if self._settings.behind_proxy:
            return request.headers.get("X-Forwarded-Proto", "") == "https"
        return request.secure

    def _cookie(self, request: web.Request) -> str:
        """`__Host-`: the browser itself refuses it from another host, path or without https."""
        return "__Host-s" if self._is_secure(request) else "s"

    async def _whole(self, turn: Coroutine[Any, Any, Outgoing | None]) -> Outgoing | None:
        """A turn that goes on to its end although the browser closes the connection."""
        task = asyncio.ensure_future(turn)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        task.add_done_callback(_look_at)
        return await asyncio.shield(task)


def _look_at(task: asyncio.Task[Any]) -> None:
    """Takes the exception of a turn that nobody waits for, which asyncio would else log in full."""
    if not task.cancelled():
        task.exception()


def _note(broken: BaseException) -> None:
    """What kind of error, and where. Never its words: they may be a person's."""
    trace = broken.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = PurePath(trace.tb_frame.f_code.co_filename).stem if trace else "?"
    _LOG.error("%s at %s:%d", type(broken).__name__, where, trace.tb_lineno if trace else 0)


def _page(body: bytes, headers: dict[str, str] | None = None, *, status: int = 200) -> web.Response:
    return web.Response(
        body=body, status=status, content_type="text/html", charset="utf-8", headers=headers
    )


def _see_other(where: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(status=303, headers={hdrs.LOCATION: where, **(headers or {})})


__all__ = ["Language", "WebRunner", "WebSettings", "make_web"]
