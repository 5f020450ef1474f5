"""Every route of the console. A page that is not named here is not reached.

A new page module adds its name to the list, and nothing else: the menu, the checks at the door and
the test of who may do what take it from there.
"""

from bot.console import (
    bulk,
    coverage,
    demo,
    drafts,
    duplicates,
    editing,
    exports,
    history,
    home,
    import_batches,
    import_plans,
    imports,
    keys,
    links,
    listings,
    live,
    me,
    offline,
    organizations,
    passkeys,
    people,
    preview,
    proving,
    set_up,
    sign_in,
    tasks,
    translations,
    why,
    work,
)
from bot.console import help as helping
from bot.console.frame import Route

PAGES = (
    sign_in,
    passkeys,
    set_up,
    demo,
    proving,
    live,
    me,
    people,
    keys,
    helping,
    home,
    # `new` and `bulk` stand before what any listing answers to.
    editing,
    bulk,
    listings,
    drafts,
    history,
    preview,
    why,
    duplicates,
    coverage,
    offline,
    links,
    work,
    tasks,
    organizations,
    imports,
    import_plans,
    import_batches,
    exports,
    translations,
)

ROUTES: tuple[Route, ...] = tuple(route for page in PAGES for route in page.ROUTES)
