"""Who may do what, as a page and as JSON, and the keys of the keyboard.

It decides nothing: the page is drawn from the table that the door asks, and from the routes that
the door guards.
"""

from collections.abc import Sequence

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.menu import MENU
from bot.console.staff_words import ACT_WORDS, ROLE_WORDS
from bot.staff import ACTS, MAY, ROLES


async def who_may(visit: Visit) -> web.StreamResponse:
    """The table of roles and acts."""
    words = visit.words
    return visit.page(
        "who_may.html",
        roles=[(role, words(ROLE_WORDS[role])) for role in ROLES],
        acts=[(act, words(ACT_WORDS[act])) for act in ACTS],
        table=MAY,
    )


async def who_may_json(visit: Visit) -> web.StreamResponse:
    """The same for programs, with the act that every route needs."""
    return web.json_response(
        {
            "roles": list(ROLES),
            "acts": list(ACTS),
            "may": {role: sorted(MAY[role]) for role in ROLES},
            "routes": [_route(route) for route in _sorted(visit.desk.routes)],
        }
    )


async def keyboard(visit: Visit) -> web.StreamResponse:
    """Keys, and where help is."""
    places = [
        (place.key, visit.words(place.label))
        for _, group in MENU
        for place in group
        if place.key and (place.act == "me" or visit.may(place.act))
    ]
    return visit.page("help.html", places=places)


def _sorted(routes: Sequence[Route]) -> list[Route]:
    return sorted(routes, key=lambda route: (route.path, route.method))


def _route(route: Route) -> dict[str, object]:
    return {
        "method": route.method,
        "path": route.path,
        "act": route.act,
        "step_up": route.step_up,
    }


ROUTES = (
    Route("GET", "/who-may", "help.read", who_may, "who_may"),
    Route("GET", "/who-may.json", "help.read", who_may_json, "who_may_json"),
    Route("GET", "/help", "help.read", keyboard, "help"),
)
