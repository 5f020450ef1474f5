"""Replies that must reach a person even when this program dies before they are sent.

A row of the outbox is saved with the turn. It holds what to say, not the words: a reply is worded
when it is sent, so that a listing which was suspended in the meantime is not served (law 9). What
an operator wrote lies there as it was sealed, with the key that opens it (`Passed`): in flight, and
under the day's key like every row. Before a reply is sent its row is taken out in a commit of its
own: after a crash, a row that is still there was surely never sent, and no reply is sent twice by
us.
"""

from typing import Literal

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
    urgent: bool = False
    """Whether it answers a cry for help now, and so leaves before what others wait for."""
    place: int = 0
    """Its number in the outbox, so that nobody puts it before another; 0 from before there was one.
    """

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.channel, self.bot, self.person)

    def __repr__(self) -> str:
        return "Letter()"


class Passed(msgspec.Struct, frozen=True, array_like=True):
    """What an operator wrote, on its way to a person who is not at a page of ours."""

    channel: str
    bot: str
    person: bytes
    chat: bytes
    number: int
    who: str
    """The pseudonym of who wrote it."""
    language: str
    sealed: bytes
    suite: Literal[1, 2]
    door: bytes
    """The private half of what it was sealed to."""
    place: int = 0
    """As of a letter."""

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.channel, self.bot, self.person)

    def __repr__(self) -> str:
        return "Passed()"


Post = Letter | Passed
_PASSED = b"\xc1"
"""Begins what an operator wrote; no message pack does."""
_encode = msgspec.msgpack.Encoder().encode
_letter = msgspec.msgpack.Decoder(Letter).decode
_passed = msgspec.msgpack.Decoder(Passed).decode


def pack_letter(
    address: Address, session: Session, *, forgotten: bool, urgent: bool, place: int
) -> bytes:
    """A reply and where it goes, as bytes for the vault. The channel secret is left out."""
    said, to = replace(session, trail=(), recent=(), carried=b""), address
    return _encode(Letter(to.channel, to.bot, to.person, said, forgotten, urgent, place))


def pack_passed(passed: Passed) -> bytes:
    """What an operator wrote and where it goes, as bytes for the vault."""
    return _PASSED + _encode(passed)


def unpack_letter(data: bytes) -> Post:
    """The reply in these bytes. Raises `msgspec.DecodeError`."""
    return _passed(data[1:]) if data[:1] == _PASSED else _letter(data)
