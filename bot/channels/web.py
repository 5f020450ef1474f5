"""The web page: carries answers in and pages out, and keeps nothing.

    GET  /      the present prompt, said again; for someone new the first one, and nothing is stored
    POST /      one answer, then 303 back to `/`, so that a reload never answers twice
    GET  /exit  the quick exit: erased, and away to another site
    POST /exit  the same by our script, which has left already
    GET  /now   where to get help now; needs no cookie and no store
    GET  /live  the part of a page that goes on by itself, in a frame; see `web_frame`
    /slip       for services that were shown a referral slip; see `web_slip`
    /privacy    what is kept and who sees it; see `web_privacy`
    /talk/…     a chat that the page seals by itself; see `web_talk`

With `X-Part` an answer is what our script is to show in place of what it shows; a POST then needs
no second request. It must not decide anything about the conversation, log anything of a person, or
let an error become a page that helps nobody: whatever breaks, the person reads where to get help.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from bot.channels.contract import (
    LEAVE,
    Address,
    Conversation,
    Incoming,
    Pressed,
    Slips,
    Unavailable,
)
from bot.channels.limits import Limits
from bot.channels.web_answer import CLEAR, PART, note, page, see_other, wants_part
from bot.channels.web_cookie import Cookie
from bot.channels.web_frame import Frame
from bot.channels.web_limits import Urgent, add_limits
from bot.channels.web_live import Live
from bot.channels.web_page import Language, Pages, WebSettings, Wording, own_scripts
from bot.channels.web_privacy import Notices, PrivacyPage
from bot.channels.web_request import (
    MOST_BYTES,
    Refused,
    address_of,
    device_language,
    is_prefetch,
    new_secret,
    read_form,
    same_site,
)
from bot.channels.web_server import HEADERS, POLICY, WebRunner
from bot.channels.web_slip import SlipPages
from bot.channels.web_talk import NEWEST, Talk
from bot.channels.web_whole import Whole

EXIT_SECONDS: Final = 2
"""How long the quick exit waits for the erasing, which goes on without it after that."""
REASONS: Final = {404: "not_found", 405: "not_allowed", 413: "too_much"}
LIVE: Final = web.AppKey("live", Live)
"""The open frames of an application, for whoever has news for a person."""
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_web(  # noqa: PLR0913 - what the page needs of other parts
    conversation: Conversation,
    words: Wording,
    languages: Sequence[Language],
    settings: WebSettings,
    *,
    urgent: Urgent = lambda _: False,
    limits: Limits | None = None,
    chat_scripts: Mapping[str, str] | None = None,
    slips: Slips | None = None,
    notices: Notices | None = None,
) -> web.Application:
    """The pages as an application; run it with `WebRunner`. Raises when a word is missing.

    `chat_scripts`: file name → text of the scripts of `bot.sealing` that `chat.js` imports; without
    them no page seals by itself. `slips` looks up referral slips, `notices` says the privacy
    notice; without one of them there is no such page.
    """
    scripts = {**chat_scripts, **own_scripts()} if chat_scripts else {}
    pages = Pages(words, languages, settings, seals=bool(scripts), notice=notices is not None)
    site = _Site(conversation, pages, languages, settings)
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[site.kindly])
    limits = Limits() if limits is None else limits
    add_limits(app, pages, [one.code for one in languages], settings, urgent, limits)
    app.on_response_prepare.append(site.guard)
    app.on_shutdown.append(site.hush)
    app.on_cleanup.append(site.whole.finish)
    app.cleanup_ctx.append(site.live.keep_alive)
    app[LIVE] = site.live
    app.add_routes(
        [
            web.get("/", site.present),
            web.post("/", site.take),
            web.get("/exit", site.leave, allow_head=False),
            web.post("/exit", site.leave),
            web.get("/now", site.now),
            web.get("/now/{language}", site.now),
        ]
    )
    talk = Talk(
        conversation,
        live=site.live,
        cookie=site.cookie,
        whole=site.whole,
        site=settings.site,
        scripts=scripts,
    )
    frame = Frame(
        conversation,
        pages,
        live=site.live,
        cookie=site.cookie,
        site=settings.site,
        language=site.language,
    )
    app.add_routes([*talk.routes, *frame.routes])
    codes = [one.code for one in languages]
    if slips is not None:
        app.add_routes(SlipPages(slips, pages, codes, settings).routes)
    if notices is not None:
        app.add_routes(PrivacyPage(notices, pages, codes).routes)
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
        self.cookie = Cookie(settings)
        self._codes = [language.code for language in languages]
        self.whole = Whole()
        self.live = Live(settings.live_pages)
        # Made once at the start too: shown when even the making of a page breaks.
        self._ready = {
            code: pages.emergency(conversation.emergency(code), down=True) for code in self._codes
        }
        policy = POLICY.format(
            script=pages.script_sources, style=pages.style_source, above="'none'"
        )
        self._headers = HEADERS | {"Content-Security-Policy": policy}
        policy = POLICY.format(script="'none'", style=pages.style_source, above="'self'")
        self._frame_headers = self._headers | {
            "Content-Security-Policy": policy,
            "X-Frame-Options": "SAMEORIGIN",
            "X-Accel-Buffering": "no",  # a proxy is to pass on what there is
        }

    async def present(self, request: web.Request) -> web.Response:
        """The present prompt. Changes nothing, sets no cookie."""
        secret = self.cookie.read(request)
        out = await self._conversation.look(
            self._address(secret or new_secret()), self.language(request)
        )
        lost = secret is None and "k" in request.query
        return page(request, self._pages.answer(out, part=wants_part(request), cookie_lost=lost))

    async def take(self, request: web.Request) -> web.Response:
        """One answer, taken whole even when the browser has gone: it may be the safety exit."""
        known = self.cookie.read(request)
        form = await read_form(request)
        if form is None:
            return see_other("/")
        address, language = self._address(known or new_secret()), self.language(request)
        out = await self.whole.of(
            self._conversation.take(
                Incoming(address, form.heard, once=form.once, language=language)
            )
        )
        part = wants_part(request)
        if out is not None and out.forgotten:
            self.live.end(address.person)
            gone = self._pages.gone(out, part=part)
            return self.cookie.take_away(request, page(request, gone, CLEAR))
        self.live.wake(address.person)
        if part:
            out = out or await self._conversation.look(address, language)
            lost = known is None and request.headers[PART] == "2"
            answer = page(request, self._pages.answer(out, part=True, cookie_lost=lost))
        else:
            # `?k` says that a cookie was given: should it be missing then, the page can say why
            # nothing goes on.
            there = NEWEST if out is not None and out.chat else "/"
            answer = see_other(there if known else "/?k")
        return answer if known else self.cookie.give(request, answer, address.secret)

    async def leave(self, request: web.Request) -> web.Response:
        """The quick exit. It leaves in any case: without the cookie no one opens what is left."""
        by_script = request.method == hdrs.METH_POST
        if is_prefetch(request) or (by_script and not same_site(request)):
            raise Refused(HTTPStatus.FORBIDDEN, "refused")
        secret = self.cookie.read(request)
        if secret is not None:
            address = self._address(secret)
            self.live.end(address.person)
            press = Incoming(address, Pressed(LEAVE, ""), language=self.language(request))
            try:
                async with asyncio.timeout(EXIT_SECONDS):
                    await self.whole.of(self._conversation.take(press))
            except Exception as broken:  # noqa: BLE001
                # Nothing may keep a person here.
                note(broken)
        if by_script:
            return self.cookie.take_away(request, web.Response(status=204, headers=CLEAR))
        return self.cookie.take_away(request, see_other(self._settings.exit_url, CLEAR))

    async def now(self, request: web.Request) -> web.Response:
        """Where to get help now."""
        asked = request.match_info.get("language", "")
        if asked and asked not in self._codes:
            raise Refused(HTTPStatus.NOT_FOUND, "not_found")
        out = self._conversation.emergency(asked or self.language(request))
        return page(request, self._pages.emergency(out, down=False, part=wants_part(request)))

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
            note(bug)
            return self._down(request)

    async def guard(self, request: web.Request, response: web.StreamResponse) -> None:
        """Every answer carries the same guards and does not name the library."""
        in_frame = request.path.startswith("/live")
        response.headers.update(self._frame_headers if in_frame else self._headers)
        if self._settings.onion_url and not (request.host or "").endswith(".onion"):
            # The address is as it came, still escaped.
            response.headers["Onion-Location"] = self._settings.onion_url.rstrip("/") + (
                request.rel_url.raw_path
            )
        for name in (hdrs.SERVER, hdrs.ETAG, hdrs.LAST_MODIFIED):
            response.headers.popall(name, None)

    async def hush(self, app: web.Application) -> None:
        """Lets go of the open frames, which nobody else would end."""
        del app
        self.live.end_all()

    def _refusal(self, request: web.Request, status: int, reason: str) -> web.Response:
        body = self._pages.refusal(self.language(request), reason, part=wants_part(request))
        return page(request, body, status=status)

    def _down(self, request: web.Request) -> web.Response:
        language = self.language(request)
        try:
            out = self._conversation.emergency(language)
            body = self._pages.emergency(out, down=True, part=wants_part(request))
        except Exception as bug:  # noqa: BLE001
            # The page from the start is still there.
            note(bug)
            body = self._ready[language]
        return page(request, body, status=503)

    def _address(self, secret: bytes) -> Address:
        return address_of(secret, self._settings.site)

    def language(self, request: web.Request) -> str:
        """The best of our languages for this browser."""
        return device_language(request, self._codes)


__all__ = ["LIVE", "Language", "WebRunner", "WebSettings", "make_web"]
