"""How calls come over HTTP, and the ways in which an answer does not come."""

import asyncio
import json
from typing import Any

from aiohttp import web


class Page(Exception):
    """A page of a server in front of the Bot API."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def cut(request: web.Request) -> None:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    # The server cancels the handler of a connection that is gone: nothing follows and nothing is
    # logged.
    await asyncio.Event().wait()


async def params_of(request: web.Request) -> dict[str, Any]:
    """What was sent, in any of the four ways, with JSON inside of text already read."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        return given | (body if isinstance(body, dict) else {})
    given |= dict(await request.post())
    return {name: _read(name, value) for name, value in given.items()}


TEXTS = frozenset({"text", "chat_id", "callback_query_id", "url", "secret_token", "action"}) | {
    *("name", "description", "short_description", "language_code", "parse_mode"),
}
"""Parameters that are words, even when they look like JSON."""


def _read(name: str, value: Any) -> Any:
    if name in TEXTS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
