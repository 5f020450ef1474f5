"""What the pages of the desk need of the rooms behind it: `office.parts["handoff"]`.

It decides nothing, and only says what is asked of whom. Whoever puts the program together makes the
object; without it there is no desk.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from bot.handoff.board import Board
from bot.handoff.chats import Chats
from bot.handoff.counts import Counts
from bot.handoff.desk import Desk
from bot.handoff.duty import Shifts
from bot.handoff.keys import Keys
from bot.handoff.messages import Messages
from bot.handoff.notes import Notes
from bot.handoff.surge import Surge
from bot.handoff.typed import Typed
from bot.sealing import Organisation

Group = Any
"""A transaction of the store, handed on to the rooms and never looked into."""
Audit = Callable[[str, str, str, str], None]
"""`audit(staff, act, about, why)`: takes down who did what."""


class Groups(Protocol):
    """What makes transactions."""

    def group(self) -> AbstractContextManager[Group]:
        """One transaction, as long as it lasts."""
        ...


class HandoffOffice(Protocol):
    """The rooms of a desk."""

    @property
    def store(self) -> Groups:
        """Where chats and messages are, for groups."""
        ...

    @property
    def board(self) -> Board:
        """All living chats."""
        ...

    @property
    def chats(self) -> Chats:
        """One chat, as it is kept now."""
        ...

    @property
    def desk(self) -> Desk:
        """What staff do with chats."""
        ...

    @property
    def shifts(self) -> Shifts:
        """Who is on duty."""
        ...

    @property
    def messages(self) -> Messages:
        """What is written, sealed."""
        ...

    @property
    def notes(self) -> Notes:
        """What staff write to each other, sealed."""
        ...

    @property
    def keys(self) -> Keys:
        """Devices, prekeys, the roster."""
        ...

    @property
    def counts(self) -> Counts:
        """Numbers of a week."""
        ...

    @property
    def surge(self) -> Surge:
        """The lead's switch."""
        ...

    @property
    def typed(self) -> Typed:
        """That somebody is writing."""
        ...

    @property
    def organisation(self) -> Organisation:
        """Who signs for the helpline."""
        ...
