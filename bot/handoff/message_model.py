"""What a message is between the rooms: sealed, numbered, and nothing of it in a repr.

It decides nothing. What of it is stored is packed in the order of its fields: a new one goes to the
end, with a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from bot.handoff.message_rows import Wrapped


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """One reply as the operator's browser sealed and signed it."""

    number: int
    sealed: bytes
    signature: bytes
    """Empty when the door sealed it anew for a person who came back elsewhere."""
    signer: bytes
    """The id of the device that signed."""
    public: bytes
    """What it was sealed to."""
    by: str = ""
    """Staff id of who wrote."""
    who: str = ""
    """Under which name: who answers later is another, and did not write this."""

    def __repr__(self) -> str:
        return "Reply()"


class Own(NamedTuple):
    """The person's own words, sealed to the key of their page."""

    number: int
    sealed: bytes

    def __repr__(self) -> str:
        return "Own()"


class ForDesk(NamedTuple):
    """A message for an operator's browser to open; `wrap` is None when none is for their keys."""

    number: int
    body: bytes
    wrap: Wrapped | None
    by: str = ""
    """Of a copy: staff id of who wrote it."""

    def __repr__(self) -> str:
        return "ForDesk()"


@dataclass(frozen=True, slots=True)
class Written:
    """What an operator's browser hands in."""

    number: int
    sealed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signer: bytes
    public: bytes = field(repr=False)
    """What it was sealed to: another than the chat's now is refused and sealed anew."""
    copy: tuple[bytes, Mapping[bytes, bytes]] | None = field(default=None, repr=False)
    """The same for the desk's own side: body, and its wraps by key."""
    instead: int = 0
    """The number of an unread reply that this one says again for a person who came back with
    another key. The old one goes.
    """


class Copy(msgspec.Struct, frozen=True, array_like=True):
    """What the desk wrote, sealed for the desk."""

    body: bytes
    by: str
    """Staff id of who wrote."""

    def __repr__(self) -> str:
        return "Copy()"
