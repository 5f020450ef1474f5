"""What was sent: a key, and the parameters of a question from the address or the body.

It decides only what can be read. What the parameters mean is decided in `asked.py`.
"""

import json
from typing import Any

from aiohttp import hdrs, web

from bot.hsds.asked import BadRequest, Params


def key_in(request: web.Request) -> str | None:
    """The key that was sent; None for none, or for two that differ."""
    scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    sent = {request.headers.get("X-API-Key", "").strip()}
    sent.add(bearer.strip() if scheme.lower() == "bearer" else "")
    texts = sent - {""}
    return texts.pop() if len(texts) == 1 else None


async def params_of(request: web.Request) -> Params:
    """What was asked, from the address and the body. Raises `BadRequest`."""
    params: dict[str, Any] = {}
    for name, value in request.query.items():
        if name in params:
            raise BadRequest("query", "A filter stands twice in the address.", "Keep one.")
        params[name] = value
    if request.method != "POST":
        return params
    data = await request.read()
    if not data:
        return params
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise BadRequest("body", "The body is not JSON.", "Send an object of filters.") from None
    if not isinstance(body, dict):
        raise BadRequest("body", "The body is no object.", "Send an object of filters.")
    for name, value in body.items():
        if name in params and params[name] != value:
            raise BadRequest("body", "A filter stands in the address as well.", "Keep one.")
        if value is not None and not isinstance(value, str | int | bool):
            raise BadRequest("body", "A filter is no single value.", "Send texts and numbers.")
        params[name] = value
    return params
