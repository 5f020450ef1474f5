"""The one cookie: how it is named, given, read and taken away.

It decides by the settings whether a request came by https and nothing else. It must not keep what a
cookie holds: that is the only copy of a secret, and it is the person's.
"""

from aiohttp import web

from bot.channels.web_page import WebSettings
from bot.channels.web_request import cookie_text, read_cookie


class Cookie:
    """The cookie of one site."""

    def __init__(self, settings: WebSettings) -> None:
        self._secure, self._behind_proxy = settings.secure, settings.behind_proxy

    def read(self, request: web.Request) -> bytes | None:
        """The secret of this browser, or None when it has none that we could have given."""
        return read_cookie(request, self._name(request))

    def give(self, request: web.Request, answer: web.Response, secret: bytes) -> web.Response:
        """The same answer, with a cookie that lasts as long as the browser's window."""
        answer.set_cookie(
            self._name(request),
            cookie_text(secret),
            path="/",
            secure=self._is_secure(request),
            httponly=True,
            samesite="Strict",
        )
        return answer

    def take_away(self, request: web.Request, answer: web.Response) -> web.Response:
        """The same answer, after which the browser has no cookie of ours."""
        answer.del_cookie(
            self._name(request),
            path="/",
            secure=self._is_secure(request),
            httponly=True,
            samesite="Strict",
        )
        return answer

    def _name(self, request: web.Request) -> str:
        """`__Host-`: the browser itself refuses it from another host, path or without https."""
        return "__Host-s" if self._is_secure(request) else "s"

    def _is_secure(self, request: web.Request) -> bool:
        if self._secure != "auto":
            return self._secure
        if self._behind_proxy:
            return request.headers.get("X-Forwarded-Proto", "") == "https"
        return request.secure
