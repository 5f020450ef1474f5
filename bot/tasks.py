"""What is handed to a group of turns and what comes back, and the parts that a turn calls on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.channels.contract import Address, Incoming, Outgoing
from bot.dialogue.effects import Errand
from bot.dialogue.events import Returned
from bot.dialogue.session import Session


class Wording(Protocol):
    """Puts what a turn decided into a person's language."""

    def word(
        self, session: Session, said: Sequence[str], at: datetime, *, forgotten: bool = False
    ) -> Outgoing:
        """The answer to a turn, or to a look."""
        ...

    def emergency(self, language: str) -> Outgoing:
        """What is said when all else fails."""
        ...


RunErrand = Callable[[Errand, datetime], Returned]


@dataclass(frozen=True, slots=True)
class Look:
    """A wish to see again what was last said. Changes nothing."""

    address: Address
    language: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Messages that lie in a chat now, to be deleted there in time."""

    address: Address
    ids: tuple[int, ...] = field(repr=False)
    sent: float | None = field(default=None, repr=False)
    """Seconds since 1970; None: just now."""
    soon: bool = False
    """Whether they are to be deleted however young they are."""


Task = Incoming | Look | Noted


@dataclass(frozen=True, slots=True)
class Answer:
    """What a group gives back for one of its tasks. `outgoing` is None for a delivery taken
    before.
    """

    outgoing: Outgoing | None
    box: int | None = None
    """The outbox row that holds it too, when it must reach the person even after a crash."""
