"""The console as an application: its routes behind the door, its few files, its headers.

It decides what every answer carries. It is served on a listener of its own, never on that of the
survivors' page.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from bot.console.desk import STATIC, Desk
from bot.console.door import Door
from bot.console.frame import Office, Route
from bot.console.host import Host
from bot.console.routes import ROUTES
from bot.console.said import read_words

LOCALES: Final = Path(__file__).resolve().parents[2] / "locales"
SEALING: Final = Path(__file__).resolve().parents[1] / "sealing"
WORDS: Final = "phrase_words.txt"
"""What a page makes the phrase of that unlocks the keys of an operator."""
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No page holds a script or a style of its own, so nothing that was typed can become one."""
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with no-referrer our own form comes from nowhere
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), clipboard-read=(), display-capture=(), geolocation=(), microphone=(), "
        "payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
}
TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_console(
    office: Office, *, routes: tuple[Route, ...] = ROUTES, locales: Path = LOCALES
) -> web.Application:
    """The console. Served by a runner that logs no access. Raises for a bad catalogue."""
    host = Host(office.settings)
    desk = Desk(office, routes, read_words(locales), host)
    door = Door(desk, host)

    @web.middleware
    async def elsewhere(request: web.Request, handler: _Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:  # the library found no route, or not with this method
            return await door.nowhere(request, error.status)

    app = web.Application(middlewares=[elsewhere], client_max_size=0)
    for route in routes:
        app.router.add_route(route.method, route.path, _led(door, route))
    for path in sorted(STATIC.iterdir()):
        if path.suffix in TYPES:
            app.router.add_route("GET", f"/static/{path.name}", _file(path))
    # What seals at the desk is the very file that seals on the survivors' page.
    for path in sorted((*(STATIC / "desk").glob("*.*"), *SEALING.glob("*.js"), SEALING / WORDS)):
        if path.suffix in TYPES:
            app.router.add_route("GET", f"/static/desk/{path.name}", _file(path))
    app.on_response_prepare.append(_head)
    app.on_shutdown.append(desk.close)
    return app


def _led(door: Door, route: Route) -> _Handler:
    async def led(request: web.Request) -> web.StreamResponse:
        return await door.open(route, request)

    return led


def _file(path: Path) -> _Handler:
    body = path.read_bytes()

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type=TYPES[path.suffix], charset="utf-8")

    return file


async def _head(_: web.Request, answer: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        # A page that prints or previews may say more closely what it needs.
        answer.headers.setdefault(name, value)
    answer.headers.popall(hdrs.SERVER, None)
