"""Every route of the console. A page that is not named here is not reached.

A new page module adds its name to the list, and nothing else: the menu, the checks at the door and
the test of who may do what take it from there.
"""

from bot.console import home, proving, sign_in
from bot.console.frame import Route

PAGES = (
    sign_in,
    proving,
    home,
)

ROUTES: tuple[Route, ...] = tuple(route for page in PAGES for route in page.ROUTES)
