"""Replies that must reach a person even when this program dies before they are sent.

A row of the outbox is saved with the turn. It holds what to say, not the words: a reply is worded
when it is sent, so that a listing which was suspended in the meantime is not served (law 9).
Before a reply is sent its row is taken out in a commit of its own: after a crash, a row that is
still there was surely never sent, and no reply is sent twice by us.
"""

import msgspec
from msgspec.structs import replace

from bot.channels.contract import Address
from bot.dialogue.session import Session


class Letter(msgspec.Struct, frozen=True, array_like=True):
    """What to say to whom."""

    channel: str
    bot: str
    person: bytes
    session: Session
    forgotten: bool

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.channel, self.bot, self.person)

    def __repr__(self) -> str:
        return "Letter()"


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Letter).decode


def pack_letter(address: Address, session: Session, *, forgotten: bool) -> bytes:
    """A reply and where it goes, as bytes for the vault. The channel secret is left out."""
    said = replace(session, trail=(), recent=())
    return _encode(Letter(address.channel, address.bot, address.person, said, forgotten))


def unpack_letter(data: bytes) -> Letter:
    """The reply in these bytes. Raises `msgspec.DecodeError`."""
    return _decode(data)
