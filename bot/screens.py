"""Screens made of listings, kept for a minute: many people ask the same of the same place.

It decides what makes two screens the same, and that one is made anew as soon as anything else is
served. What a screen shows of a chat with a human, or once only, is one person's: such a screen is
never kept, and nothing of it stands in the name of another.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bot.channels.contract import Block, Option
from bot.dialogue.session import Session
from bot.handing_words import SHOWN
from flows.grammar import Script

MOST_KEPT: Final = 1_024
"""Screens, of some kilobytes each."""


class Screen(NamedTuple):
    """What is said, and what can be picked: the choices, the long list."""

    blocks: tuple[Block, ...]
    options: tuple[Option, ...]
    listed: tuple[Option, ...]


class Screens:
    """Those that were made in this minute."""

    __slots__ = ("_now", "_of_listings", "_of_one")

    def __init__(self, script: Script) -> None:
        steps = script.steps.values()
        self._of_one = frozenset(
            step.name for step in steps if not SHOWN.keys().isdisjoint(step.shows)
        )
        self._of_listings = frozenset(step.name for step in steps if step.shows) - self._of_one
        self._now: tuple[object, dict[tuple[object, ...], Screen]] = (None, {})
        """What is served, and the screens made of it. Several threads ask: one that is late puts
        its screen among those that nobody looks at any more.
        """

    def screen(
        self,
        session: Session,
        said: Sequence[str],
        served: object,
        make: Callable[[], Screen],
    ) -> Screen:
        """The screen of a session that says that. `served` is another when cards are others."""
        if self._of_listings.isdisjoint(said) or not self._of_one.isdisjoint(said):
            return make()
        made_of, screens = self._now
        if made_of != served or len(screens) >= MOST_KEPT:
            screens = {}
            self._now = served, screens
        values = [one for one in session.values.items() if one[0] not in SHOWN]
        name = (session.language, session.state, *said, None, *session.slots.items(), None, *values)
        kept = screens.get(name)
        if kept is None:
            kept = screens[name] = make()
        return kept
