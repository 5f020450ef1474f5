"""The doors of a demonstration: in without a password, and a proof by a button.

They are open only where the settings say that this is a demonstration, and only on the machine
itself: anywhere else there are no such pages. It must not know any other account than those that
the demonstration brings.
"""

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.host import demo_staff


async def enter(visit: Visit) -> web.StreamResponse:
    """In as one of those who are there to be tried."""
    chosen = visit.form.get("staff")
    if chosen not in dict(demo_staff(visit)):
        raise web.HTTPNotFound
    opened = await visit.run(visit.book.sessions.enter, chosen)
    visit.session, visit.new_secret = opened.session, opened.secret
    return visit.see_other(visit.begin_at("/"))


ROUTES = (Route("POST", "/demo", "anyone", enter, "demo", most_bytes=16384),)
