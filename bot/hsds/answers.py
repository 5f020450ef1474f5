"""What every answer looks like: JSON, with the same headers, also when it is a refusal.

It decides nothing but words. A refusal says what helps, and never repeats what was asked.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import hdrs, web

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer. No origin is let in: a browser's script is no partner."""


def dump(record: Mapping[str, Any]) -> bytes:
    """A record as JSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def answer(record: Mapping[str, Any], status: int = 200) -> web.Response:
    """An answer with that record."""
    return web.Response(body=dump(record), status=status, content_type="application/json")


def refusal(status: int, said: str, mend: str, field: str = "") -> web.Response:
    """An answer that says what is the matter and what helps; `field`: where."""
    return answer({"error": said, **({"field": field} if field else {}), "mend": mend}, status)


def known_refusal(known: web.HTTPException) -> web.Response:
    """The answer to what the library itself refused."""
    if isinstance(known, web.HTTPMovedPermanently):
        moved = refusal(301, "It was merged into another record.", "Follow Location.")
        moved.headers[hdrs.LOCATION] = str(known.location)
        return moved
    if isinstance(known, web.HTTPMethodNotAllowed):
        refused = refusal(405, "That is not done here.", "Use GET, or POST for a search.")
        refused.headers[hdrs.ALLOW] = ", ".join(sorted(known.allowed_methods))
        return refused
    if known.status == 404:
        return refusal(404, "There is nothing here.", "See /openapi.json for what there is.")
    return refusal(known.status, "That could not be read.", "See /openapi.json.")
