"""The first page: what waits this week. It decides nothing; the ledger counts."""

from aiohttp import web

from bot.console.frame import Route, Visit


async def home(visit: Visit) -> web.StreamResponse:
    """What waits for this person."""
    return visit.page("home.html")


ROUTES = (Route("GET", "/", "directory.view", home, "home"),)
