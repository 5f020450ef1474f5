"""What a session carries of a chat with a human, and the lines of a talk that the door opens.

It decides the order of the lines and nothing else. A page without JavaScript is shown its talk
anew with every request: each line is opened for that one answer with the key in the person's own
cookie-sealed session.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.channels.contract import Spoken
from bot.handoff.messages import Messages
from bot.handoff.model import Chat
from bot.sealing import Context, SealingError, open_for_person
from bot.storage import Group

MOST_LINES: Final = 60
"""Lines of a talk that a page shows; older ones are still kept, and not shown."""


class Hold(msgspec.Struct, frozen=True, array_like=True):
    """The chat of a person, as their session knows it."""

    chat: bytes
    news: int
    """The last news of it that they were told."""
    door: bytes = b""
    """What opens its lines, on a page without JavaScript."""
    over: bool = False
    """It has ended, and they were told; the page that said so still shows the last lines."""

    def __repr__(self) -> str:
        return "Hold()"


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Hold).decode


def keep(hold: Hold) -> bytes:
    """As `Session.carried`."""
    return _encode(hold)


def opened(carried: bytes) -> Hold | None:
    """Back again; None for a session without a chat."""
    return _decode(carried) if carried else None


def spoken(messages: Messages, group: Group, chat: Chat, door: bytes) -> tuple[Spoken, ...]:
    """Both sides of a talk in their order, as far as that key opens them."""
    theirs = [
        Spoken("them", text, reply.number, reply.who)
        for reply in messages.replies(group, chat)
        if (text := _opened(chat, "out", reply.number, reply.sealed, door)) is not None
    ]
    lines: list[Spoken] = []
    for own in messages.own(group, chat):
        text = _opened(chat, "own", own.number, own.sealed, door)
        if text is None:
            continue
        heard, _, said = text.partition("\n")  # see `Messages.from_person`
        before = int(heard) if heard.isdecimal() else 0
        lines += _until(theirs, before)
        lines.append(Spoken("me", said, own.number))
    return tuple((lines + theirs)[-MOST_LINES:])


def _until(theirs: list[Spoken], number: int) -> Sequence[Spoken]:
    """Takes the replies up to that number out of the list."""
    come = [line for line in theirs if line.number <= number]
    del theirs[: len(come)]
    return come


def _opened(chat: Chat, way: str, number: int, sealed: bytes, door: bytes) -> str | None:
    if not door:
        return None
    direction = "out" if way == "out" else "own"
    try:
        return open_for_person(Context(chat.id, direction, number), sealed, chat.suite, door)  # type: ignore[arg-type]  # one of two
    except SealingError:
        return None
