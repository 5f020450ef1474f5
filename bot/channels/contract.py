"""What every channel hands in and gets back. A channel carries; it decides nothing and keeps
nothing.

    Incoming(address, heard, …)  →  Conversation.take  →  Outgoing | None

`take` returns after the turn is durably saved. It raises `Unavailable` when it could not be
saved; the channel then answers with `Conversation.emergency(language)`, which needs no store, and
does not acknowledge the message to whoever delivers it again.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from bot.channels.contract_slip import SLIP_SAYINGS, Slip, Slips
from bot.channels.contract_talk import (
    Again,
    Enter,
    Hear,
    Plain,
    Say,
    Sealed,
    TalkAsked,
    TalkTold,
    Typing,
)

__all__ = ["Again", "Enter", "Hear", "Plain", "Say", "Sealed", "TalkAsked", "TalkTold", "Typing"]
"""Of a page that seals for itself: a part of this contract, in a file of its own."""
__all__ += ["SLIP_SAYINGS", "Slip", "Slips"]
"""Of the page for services, likewise."""

LEAVE: Final = "!leave"
"""`Option.key` of the safety exit. A channel may press it by itself, with no mark: a quick exit."""
HELP_NOW: Final = "!help_now"
"""`Option.key` of help now. No channel may refuse or delay it, whatever else it refuses."""
SWITCH: Final = "@"
"""`SWITCH + code` is the key of a switch of language, good under any mark and none."""


class Unavailable(Exception):
    """The turn was not taken: nothing was saved and nothing may be acknowledged."""


@dataclass(frozen=True, slots=True)
class Address:
    """How a channel reaches a person. Never stored in the clear, never logged."""

    channel: str
    bot: str
    """Which of our addresses they wrote to: a bot's id, a site's name."""
    person: bytes = field(repr=False)
    """The address itself: a chat id, a hash of a cookie."""
    secret: bytes = field(default=b"", repr=False)
    """What only the person's own device holds (web: the cookie). Sealing mixes it in."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A person arrived: /start, a first visit, a new terminal."""


@dataclass(frozen=True, slots=True)
class Words:
    """Typed text. It lives until the end of the turn."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. `key` is what `Option.key` was; `mark` is the `Outgoing.mark` it stood under."""

    key: str
    mark: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not text: a voice message, photo, file, location, contact. Already
    dropped.
    """

    kind: str


@dataclass(frozen=True, slots=True)
class Poked:
    """Nothing from the person: something changed that they are to be told of."""


Heard = Opened | Words | Pressed | Sent | Poked


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a person."""

    address: Address
    heard: Heard
    once: str = ""
    """Names this delivery, so that a second one of the same has no effect. Empty: never delivered
    twice.
    """
    language: str = ""
    """What the device says about language; used only until the person has chosen."""
    push: bool = False
    """Whether the answer must be delivered later by the outbox if this process dies before it is
    sent.
    """


LineKind = Literal["text", "title", "phone", "link", "fine"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an answer. `text` is plain; `href` is set for phones (`tel:`) and links
    (`https:`).
    """

    kind: LineKind
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A button. Send `key` back as it is. `number` is what may be typed instead; 0 when nothing."""

    key: str
    label: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an answer: a prompt, a kind note, a card of one listing."""

    kind: Literal["say", "note", "card"]
    lines: tuple[Line, ...]
    option: Option | None = None
    """What opens this card. It stands in `Outgoing.options` too; a channel shows it once."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a talk with a human, either way. `number` counts each way by itself, from
    1.
    """

    by: Literal["me", "them"]
    text: str = field(repr=False)
    number: int
    who: str = ""
    """Who of them wrote it; empty: who answers now."""


@dataclass(frozen=True, slots=True)
class Chat:
    """What a page shows of a chat with a human: one that waits for them, or one that goes on."""

    number: int
    """Another one after every change, also after every message."""
    who: str
    """The pseudonym of who answers; empty while nobody does."""
    state: Literal["waiting", "talking"]
    mode: Literal["door", "device"]
    """Who seals: the server at its door, or the page itself. Lines are empty under `device`."""
    lines: tuple[Spoken, ...] = ()
    """Both sides in order, the newest last."""
    can_write: bool = True
    """Whether words typed here go to a human. Otherwise the bot hears them, as always; while
    talking that means that the talk has ended.
    """
    news: int = 0
    """Grows with every change that the person is told of in `Outgoing.blocks`."""
    exits: tuple[str, ...] = ()
    """Words that leave when they are typed alone, casefolded: a page that seals hears them."""
    helps: tuple[str, ...] = ()
    """The same for help now."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One answer, in the person's language, complete: what is said, what can be pressed."""

    language: str
    direction: Literal["ltr", "rtl"]
    blocks: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    """Choices of the present step, in order."""
    listed: tuple[Option, ...] = ()
    """A long list to pick one from (places); show it as a list, not as buttons in a row."""
    bar: tuple[Option, ...] = ()
    """What is open in every state: help now, a person, back, language, leave."""
    mark: str = ""
    forgotten: bool = False
    """Everything about the person was erased in this turn; keep nothing on your side either."""
    live: bool = False
    """More may come by itself, as when a person answers: a channel that can keeps listening."""
    chat: Chat | None = None
    """The chat with a human that goes on or is waited for."""


class Conversation(Protocol):
    """The one door to the rest of the service that a channel has."""

    async def take(self, incoming: Incoming) -> Outgoing | None:
        """One turn. None when the delivery was taken before. Raises `Unavailable`."""
        ...

    async def look(self, address: Address, language: str) -> Outgoing:
        """What was last said, said again; the first prompt for one unknown. Changes nothing.
        Raises `Unavailable`.
        """
        ...

    async def talk(self, address: Address, asked: TalkAsked) -> TalkTold:
        """What a page that seals for itself asks and says. What was refused kept nothing. Raises
        `Unavailable`.
        """
        ...

    def emergency(self, language: str) -> Outgoing:
        """What is said when nothing else works: where to get help now. Needs no store."""
        ...
