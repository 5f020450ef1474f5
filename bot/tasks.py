"""What is handed to a group of turns and what comes back, and the parts that a turn calls on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.channels.contract import Address, Chat, Incoming, Outgoing, TalkAsked, TalkTold
from bot.dialogue.effects import Errand
from bot.dialogue.events import Happened, Returned
from bot.dialogue.session import Session
from bot.storage import Group


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


@dataclass(slots=True)
class InTurn:
    """Where a turn of one person stands, for what may touch the desk in its transaction."""

    group: Group
    address: Address
    now: float
    """Seconds since 1970."""
    language: str
    carried: bytes = field(repr=False)
    """`Session.carried`: may be set to something else, and is saved with the session."""
    slots: Mapping[str, str] = field(default_factory=dict, repr=False)
    takes: bool = False
    """Whether what is typed where the person is goes to a human."""
    did: list[str] = field(default_factory=list, repr=False)
    """What came of errands, as `errand:outcome`, for the weekly counts."""
    waited: float | None = field(default=None, repr=False)
    """Seconds that the person waited for a human, once one came."""


RunWithin = Callable[[Errand, InTurn], Returned]
"""An errand that keeps something in the transaction of the turn."""


class Hands(Protocol):
    """Hands a person over to a human and back, within the turn's own transaction."""

    @property
    def errands(self) -> frozenset[str]:
        """Names of the errands that it does."""
        ...

    def news(self, turn: InTurn) -> Happened | None:
        """The next change of the person's chat that they were not told of."""
        ...

    def run(self, errand: Errand, turn: InTurn) -> Returned:
        """Does an errand."""
        ...

    def take(self, kind: str, text: str, turn: InTurn) -> Returned:
        """Words for a `person`, or a word `code`. They are sealed or forgotten when it returns."""
        ...

    def forget(self, turn: InTurn) -> None:
        """The person erased everything: so does this."""
        ...

    def chat(self, turn: InTurn) -> Chat | None:
        """What a page shows of the person's chat."""
        ...

    def talk(self, turn: InTurn, asked: TalkAsked) -> TalkTold:
        """What a page that seals for itself asks and says."""
        ...

    def settle(self) -> None:
        """The group is on the disk: whoever waits for changes may hear of them. Never raises."""
        ...


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


@dataclass(frozen=True, slots=True)
class Talk:
    """What a page that seals for itself asks of its chat."""

    address: Address
    asked: TalkAsked = field(repr=False)


Task = Incoming | Look | Noted | Talk


class Answer(NamedTuple):
    """What a group gives back for one of its tasks. `outgoing` is None for a delivery taken
    before.
    """

    outgoing: Outgoing | None
    box: int | None = None
    """The outbox row that holds it too, when it must reach the person even after a crash."""
    told: TalkTold | None = None
    """The answer to a `Talk`."""
