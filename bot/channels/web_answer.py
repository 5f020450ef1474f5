"""The few kinds of answers that the pages send, and what is written down when one breaks.

It decides how an answer is put on the wire and nothing of what it says. It must not write down
anything of a person: of an error only its kind and place.
"""

import logging
from pathlib import PurePath
from typing import Final

from aiohttp import hdrs, web

CLEAR: Final = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
PART: Final = "X-Part"
"""Asks for a part of a page that is there already, and says that this is one. No form of another
site can carry it. `2` tells that an answer was taken before, so a cookie should be there.
"""
_LOG = logging.getLogger("quietline.web")


def wants_part(request: web.Request) -> bool:
    """Whether our script asks, which keeps the page and shows what comes in it."""
    return PART in request.headers


def page(
    request: web.Request,
    body: bytes,
    headers: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> web.Response:
    """A page, or a part that says that it is one."""
    answer = web.Response(
        body=body, status=status, content_type="text/html", charset="utf-8", headers=headers
    )
    if wants_part(request):
        answer.headers[PART] = "1"
    return answer


def see_other(where: str, headers: dict[str, str] | None = None) -> web.Response:
    """Leads on, so that a reload never sends a form again."""
    return web.Response(status=303, headers={hdrs.LOCATION: where, **(headers or {})})


def note(broken: BaseException) -> None:
    """What kind of error, and where. Never its words: they may be a person's."""
    trace = broken.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = PurePath(trace.tb_frame.f_code.co_filename).stem if trace else "?"
    _LOG.error("%s at %s:%d", type(broken).__name__, where, trace.tb_lineno if trace else 0)
