"""The webhook: Telegram brings updates to an address that nobody else knows.

    secret compared → at most 64 KiB read → taken → 200; 503 when it could not be saved

The path and the secret are made from the token, so that the command that tells Telegram of them
and the service that listens need nothing else in common, and both change with the token. What
cannot be read is answered with 200: Telegram would bring it again for ever.
"""

import asyncio
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from bot.channels.contract import Unavailable
from bot.channels.telegram_reading import Arrival, read_body
from bot.channels.telegram_request import Token
from bot.channels.telegram_sending import note

MOST_BYTES: Final = 64 * 1024
READ_SECONDS: Final = 10.0
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, not the secret


def path_of(token: Token) -> str:
    """Where the webhook of this token is, on our side: `/` and 32 characters."""
    return f"/{_derived(token, b'quietline webhook path')[:32]}"


def secret_of(token: Token) -> str:
    """What Telegram sends along, so that we know it is Telegram."""
    return _derived(token, b"quietline webhook secret")


def _derived(token: Token, purpose: bytes) -> str:
    made = hmac.digest(token.reveal().encode(), purpose, "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


class Webhook:
    """Takes what Telegram brings."""

    def __init__(self, token: Token, take: Callable[[Arrival], Awaitable[None]]) -> None:
        """`take` returns when an update is durable, or raises `Unavailable`."""
        self.path = path_of(token)
        self._secret, self._take = secret_of(token).encode(), take
        self._running: set[asyncio.Task[None]] = set()

    def add_to(self, app: web.Application) -> None:
        """Listen in this application."""
        app.router.add_post(self.path, self.handle)
        app.on_cleanup.append(self._finish)

    async def handle(self, request: web.Request) -> web.Response:
        """One update."""
        # Telegram says it once: of two, somebody between us may have looked at the other.
        told = "\n".join(request.headers.getall(SECRET_HEADER, ())).encode("utf-8", "replace")
        if not hmac.compare_digest(told, self._secret):
            return web.Response(status=403)
        body = await _body(request)
        if body is None:
            return web.Response(status=413)
        arrival = read_body(body)
        if arrival is None:
            return web.Response()
        # Goes on although Telegram hangs up: what it then brings again is known and has no effect.
        task = asyncio.ensure_future(self._whole(arrival))
        self._running.add(task)
        task.add_done_callback(self._done)
        try:
            await asyncio.shield(task)
        except Unavailable:
            return web.Response(status=503)
        return web.Response()

    async def _whole(self, arrival: Arrival) -> None:
        try:
            await self._take(arrival)
        except Unavailable:
            raise
        except Exception as bug:  # noqa: BLE001 - brought again, it would break again, for ever
            note("not_taken", bug)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, or asyncio would log it in full

    async def _finish(self, app: Any) -> None:
        del app
        await asyncio.gather(*self._running, return_exceptions=True)


async def _body(request: web.Request) -> bytes | None:
    """The body; None when it is longer than an update may be, or does not come."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    parts, held = [], 0
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for part in request.content.iter_any():
                held += len(part)
                if held > MOST_BYTES:
                    return None
                parts.append(part)
    except TimeoutError:
        return None
    return b"".join(parts)
