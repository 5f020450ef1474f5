"""A console with small pages of its own behind the door, one for each kind of route."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import web

from bot.console.frame import ConsoleSettings, Route, Visit
from bot.console.proving import ROUTES as PROVING
from bot.ledger.ledger import Ledger
from bot.ledger.model import Stale
from bot.staff import NotAllowed, StoreError
from tests.console_frame.visitors import Clock, Console, Visitor, a_console, an_office

CLOCK: Final = Clock()
NAME: Final = "desk.example.org"
"""Where a proxy has this console; without one it is opened under a number."""
UNDER_A_NAME: Final = ConsoleSettings(url=f"https://{NAME}")


def _told(visit: Visit) -> web.Response:
    body = {"path": visit.request.path, "typed": dict(visit.form.typed()), "sent": len(visit.body)}
    return web.json_response({**body, "counts": dict(visit.counts), "notes": visit.notes})


async def page(visit: Visit) -> web.StreamResponse:
    return _told(visit)


class Wanted(msgspec.Struct):
    """What a script may send."""

    number: int


async def shaped(visit: Visit) -> web.StreamResponse:
    return web.json_response({"number": visit.asked(Wanted).number})


def fails(error: Callable[[], Exception]) -> Callable[[Visit], Any]:
    async def handler(visit: Visit) -> web.StreamResponse:
        raise error()

    return handler


def route(method: Any, path: str, act: Any, handler: Any = page, **more: Any) -> Route:
    return Route(method, path, act, handler, f"{method} {path}", **more)


ERRORS: Final[dict[str, Callable[[], Exception]]] = {
    "store": lambda: StoreError(Path("staff.db"), "it is locked", "Try again."),
    "broken": lambda: RuntimeError("words of somebody"),
    "stale": lambda: Stale("it was changed", "Look again.", ("name",)),
    "staff": lambda: NotAllowed("nobody does that alone", "Ask a colleague."),
    "gone": web.HTTPNotFound,
    "method": lambda: web.HTTPMethodNotAllowed("GET", ["POST"]),
}
ROUTES: Final = (
    *PROVING,
    route("GET", "/open", "anyone"),
    route("POST", "/open", "anyone"),
    route("GET", "/mine", "me"),
    route("POST", "/mine", "me"),
    route("POST", "/files", "me", files=True),
    route("GET", "/begin", "set_up"),
    route("GET", "/edit", "directory.edit"),
    route("POST", "/edit", "directory.edit", most_bytes=2_000),
    route("GET", "/people", "staff.manage"),
    route("GET", "/again", "me", step_up=True),
    route("POST", "/again", "me", step_up=True),
    route("POST", "/script", "me", json=True, most_bytes=2_000),
    route("POST", "/shaped", "me", shaped, json=True),
    route("GET", "/script", "me", json=True),
    route("POST", "/script/again", "me", json=True, step_up=True),
    route("GET", "/quiet", "me", quiet=True),
    *(route("GET", f"/fails/{name}", "me", fails(error)) for name, error in ERRORS.items()),
)


@asynccontextmanager
async def at_the_door(
    folder: Path,
    ledger: Ledger | None = None,
    settings: ConsoleSettings = UNDER_A_NAME,
    **parts: Any,
) -> AsyncIterator[Console]:
    """Those pages behind a door, under `NAME` and under a number."""
    office = an_office(folder / "staff", ledger, clock=CLOCK, settings=settings, parts=parts)
    async with a_console(office, ROUTES) as console:
        yield console


def ask(visitor: Visitor, method: str, path: str, **more: Any) -> Any:
    return visitor.http.request(method, visitor.url + path, allow_redirects=False, **more)


async def status(visitor: Visitor, method: str, path: str, **more: Any) -> int:
    async with ask(visitor, method, path, **more) as answer:
        await answer.read()
        return int(answer.status)


@dataclass(frozen=True)
class Came:
    """What came back."""

    status: int
    where: str
    text: str


async def come(visitor: Visitor, method: str, path: str, **more: Any) -> Came:
    async with ask(visitor, method, path, **more) as answer:
        return Came(answer.status, answer.headers.get("Location", ""), await answer.text())
