"""What a page that seals for itself asks of its chat, and what it is told: a part of `contract`.

It decides nothing. What is sealed passes through here as bytes; nothing in it may be opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Enter:
    """A page seals for itself from now on, with this key pair's public half. The latest counts."""

    suite: Literal[1, 2]
    public: bytes


@dataclass(frozen=True, slots=True)
class Say:
    """One message, sealed by the page. The same number with the same body has no second effect."""

    number: int
    body: bytes
    wraps: Mapping[str, bytes]
    """By the id of a receiver's key in hex: what opens the body, for that receiver alone."""


@dataclass(frozen=True, slots=True)
class Hear:
    """What came after reply `after`; the page has shown all up to `acked`."""

    after: int
    acked: int


@dataclass(frozen=True, slots=True)
class Plain:
    """The page does not seal any more: the server does at its door, as without JavaScript."""


@dataclass(frozen=True, slots=True)
class Again:
    """A message of before, sealed anew for who is there now, because nobody could read it. Taken
    only while its number stands in `TalkTold.again`.
    """

    number: int
    body: bytes
    wraps: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Typing:
    """The person is writing. A sign that nothing is kept of; the answer to it says nothing."""


TalkAsked = Enter | Say | Hear | Plain | Again | Typing


@dataclass(frozen=True, slots=True)
class Sealed:
    """One reply as the operator's browser sealed and signed it."""

    number: int
    sealed: bytes
    signature: bytes
    signer: bytes
    """The id of the identity that signed."""


@dataclass(frozen=True, slots=True)
class TalkTold:
    """How a chat stands, and what came. Nothing in it is to be believed by a page before it was
    checked against the organisation's keys.
    """

    status: Literal["waiting", "talking", "over", "none"]
    """`none`: there is no chat."""
    mode: Literal["door", "device"] = "device"
    """Under `door` only `status`, `version` and `news` are told; the page shows the rest."""
    chat: bytes = b""
    public: bytes = b""
    """What replies are sealed to. Another than the page's own: another page has the chat now."""
    next_in: int = 1
    """The number of the person's next message."""
    last_out: int = 0
    """The number of the last reply there is, opened or not."""
    read: int = 0
    """The person's messages up to this number have reached a human's screen."""
    reader: str = ""
    """The pseudonym of whose screen that was first."""
    again: tuple[int, ...] = ()
    """Numbers of the person's messages that nobody could read and nobody who is there can open."""
    version: int = 0
    """As `Chat.number`."""
    news: int = 0
    """As `Chat.news`."""
    who: str = ""
    receivers: tuple[bytes, ...] = ()
    """Ids of the prekeys to seal to, all of them in the roster."""
    roster: bytes = b""
    signature: bytes = b""
    """Of the roster, by the organisation."""
    organisation: Mapping[str, bytes] = field(default_factory=dict)
    """Its public keys, by suite: `ed25519`, `p256`."""
    replies: tuple[Sealed, ...] = ()
    refused: str = ""
    """Why a `Say`, `Again` or `Enter` was not taken: `number`, `receivers`, `nobody`, `door`, and
    `size` for what never will be; else empty.
    """
