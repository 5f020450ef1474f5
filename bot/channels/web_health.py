"""Two addresses for those who watch: whether the process lives, and whether it can take a turn.

    GET /healthz    200 as soon as anything can be answered
    GET /readyz     200 ready, or 503 not ready

Neither is counted by the limits, and neither says what is wrong. They must not look at who asks.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

Ready = Callable[[], Awaitable[bool]]


def add_health(app: web.Application, ready: Ready) -> None:
    """Add both to an application that does not run yet. Its own headers come on top."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="lives\n")

    async def readyz(_: web.Request) -> web.Response:
        well = await ready()
        return web.Response(text="ready\n" if well else "not ready\n", status=200 if well else 503)

    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz)])
