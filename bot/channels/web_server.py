"""What lies below the pages: requests too broken to be one, and the limits of the wire.

They all get the same few words. Nothing is written down about them and nothing of them is
repeated; the library alone would log the sender's address beside the broken bytes, and send the
bytes back.
"""

import asyncio
from typing import Final

from aiohttp import hdrs, web
from aiohttp.web_protocol import RequestHandler

HEADERS: Final = {
    "Referrer-Policy": "same-origin",  # with no-referrer our own form comes from nowhere
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",  # looking up a link's name tells that it was shown
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), "
        "display-capture=(), geolocation=(), gyroscope=(), interest-cohort=(), magnetometer=(), "
        "microphone=(), payment=(), usb=()"
    ),
}
"""On every answer, errors included. No HSTS: whether a site has https is its proxy's matter."""
POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src {style}; connect-src 'self'; "
    "frame-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {above}"
)
NOTHING: Final = POLICY.format(script="'none'", style="'none'", above="'none'")
BROKEN: Final = "That could not be read. / Це не вдалося прочитати.\n"
"""For what is not even a request; nobody's browser sends that, so it is not worth a page."""


class WebRunner(web.AppRunner):
    """Runs the pages with no access log, small limits, and nothing said about broken requests."""

    def __init__(self, app: web.Application) -> None:
        super().__init__(app, access_log=None, shutdown_timeout=10.0)

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Door(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=True,
        )


class _Door(web.Server):
    def __call__(self) -> RequestHandler:
        return _Listener(
            self,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # the library's way to say: none
            keepalive_timeout=75.0,
            lingering_time=2.0,
            max_line_size=2048,
            max_field_size=8190,
            max_headers=64,
            auto_decompress=False,
        )


class _Listener(RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The same answer to whatever is broken: never whose it was, never what it was."""
        del exc, message
        if request.writer.output_size > 0:
            raise ConnectionError
        answer = _Nameless(
            text=BROKEN,
            status=status if status < 500 else 503,
            headers={**HEADERS, "Content-Security-Policy": NOTHING},
        )
        answer.force_close()
        return answer

    def log_exception(self, *args: object, **kw: object) -> None:
        """Nothing: it would hold what was sent."""

    def log_debug(self, *args: object, **kw: object) -> None:
        """Nothing, as above."""


class _Nameless(web.Response):
    """An answer that does not name the library. What becomes a request is seen to by the pages."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.popall(hdrs.SERVER, None)
