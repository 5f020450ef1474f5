"""People who talk to the guide while others ask for a human: at the page they press no button, and
so never ask for one themselves.
"""

import asyncio
import random

from tests.channels.html import Page
from tests.trials.browsers import Browser, Form
from tests.trials_kills.load import IN_TELEGRAM, SAID, Both, Messenger, Pages, People, bring


class Typist(Browser):
    """Presses no button, and so never asks for a human, where there is one to ask for."""

    def _pick(self, page: Page) -> Form:
        return {"m": page.forms[0].fields["m"], "t": self._crowd.chance.choice(SAID)}


class Typists(Pages):
    """People at the page who only type."""

    kind = Typist


def typing(site: Both, chance: random.Random, rate: float) -> People:
    """As `People.of`."""
    bring(site.telegram, site.urls)
    pages = Typists(chance, max(4, round(rate * 1.2)), rate * (1 - IN_TELEGRAM), site.urls)
    many = max(4, round(rate * IN_TELEGRAM * 4))
    chats = Messenger(site.telegram, chance, many, rate * IN_TELEGRAM)
    return People(
        pages, chats, _walking=[asyncio.create_task(one.walk()) for one in (pages, chats)]
    )
