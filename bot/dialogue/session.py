"""What is remembered of a conversation, and nothing else: where the person is and what they chose.

It is the whole plaintext that the vault seals. No field may ever hold a person's words, name or
address.
"""

import msgspec

from flows.grammar import Position


class Session(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One conversation. Positions are `(state, states to return to…)`, see
    `flows.grammar.Position`.
    """

    script: str
    """The version of the script it was last stepped with."""
    language: str
    position: Position
    landed: Position = ()
    """Where the person's last answer led first; steps that were passed through came after it."""
    slots: dict[str, str] = {}
    """What the person told us, by choosing."""
    values: dict[str, tuple[str, ...]] = {}
    """What the last prompts need, so that they can be said again: ids and codes, never words."""
    said: tuple[str, ...] = ()
    """States and notes (`#unclear`) said in the last turn, in order, so that they can be said
    again.
    """
    trail: tuple[Position, ...] = ()
    """Where earlier answers led first, the newest last: the way back."""
    turn: int = 0
    """Turns taken; the mark under which buttons are shown, so that an old one is known."""
    misses: int = 0
    """How often in a row nothing was understood."""
    recent: tuple[bytes, ...] = ()
    """Short hashes of the last deliveries taken, so that a second one of the same has no effect."""
    carried: bytes = b""
    """What the shell keeps with a conversation, such as which chat with a human it has. Never
    looked into here.
    """
    counted: tuple[str, ...] = ()
    """As what the weekly counts have this conversation, so that it is counted once. Never looked
    into here.
    """

    @property
    def state(self) -> str:
        """Where the person is now."""
        return self.position[0]

    @property
    def mark(self) -> str:
        """What a button shown now carries."""
        return str(self.turn)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Session).decode


def pack(session: Session) -> bytes:
    """A session as bytes, for the vault."""
    return _encode(session)


def unpack(data: bytes) -> Session:
    """The session in these bytes. Raises `msgspec.DecodeError` when they hold none."""
    return _decode(data)
