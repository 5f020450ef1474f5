"""What a person wrote to somebody who is gone for good, sealed once more to who is there now.

It decides which messages that may be: those that nobody here ever had on a screen and that no key
of who is there opens. The text stays under its number, so that nobody is given it twice, and it is
not taken any more once somebody can open it. The person's page seals it again by itself; where the
door seals, it opens the person's own words with the key of their session, for this one call.
"""

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from bot.handoff.lifecycle import after
from bot.handoff.messages import Messages, check_sealed
from bot.handoff.model import Chat, Refused
from bot.sealing import Context, Receiver, SealingError, open_for_person, seal_for_desk
from bot.storage import Group


def unopened(
    messages: Messages, group: Group, chat: Chat, receivers: Collection[Receiver]
) -> tuple[int, ...]:
    """Numbers of what nobody has read and nobody who is there can open, in order.

    Empty when nobody is there: nobody could be sealed to.
    """
    if not receivers or (chat.read >= chat.number_in and not chat.missed):
        return ()
    first = min(chat.missed[0] - 1, chat.read) if chat.missed else chat.read
    keys = [one.key for one in receivers]
    closed = messages.kept.closed_to(group, chat.id, "in", first, keys)
    return tuple(one for one in closed if one > chat.read or one in chat.missed)


def sealed_again(
    messages: Messages,
    group: Group,
    chat: Chat,
    number: int,
    body: bytes,
    wraps: Mapping[bytes, bytes],
    *,
    receivers: Collection[Receiver],
) -> Chat:
    """Takes a message that the person's page sealed once more. The same again has no effect.

    Raises `Refused` and keeps nothing: "door" when the page does not seal in this chat, "size" for
    what is not sealed, "number" for what is not `unopened` any more, "receivers" when it is not
    sealed to exactly those who may read it now, "not_now" when the chat is over.
    """
    if chat.mode != "device":
        raise Refused("door")
    check_sealed(body, wraps)
    if messages.kept.one(group, chat.id, "in", number) == body:
        return chat
    if number not in unopened(messages, group, chat, receivers):
        raise Refused("number", next=str(chat.number_in + 1))
    if wraps.keys() != {one.key for one in receivers}:
        raise Refused("receivers")
    _put(messages, group, chat, number, body, wraps)
    return _changed(messages, group, chat)


def by_door(
    messages: Messages, group: Group, chat: Chat, door: bytes, receivers: Sequence[Receiver]
) -> Chat:
    """Seals again, at the door, whatever the person's own words of `door`'s key still tell."""
    if chat.mode != "door" or not door:
        return chat
    numbers = unopened(messages, group, chat, receivers)
    own = {one.number: one.sealed for one in messages.own(group, chat)} if numbers else {}
    done = False
    for number in numbers:
        text = _text(chat, number, own.get(number, b""), door)
        if text is not None:
            envelope = seal_for_desk(Context(chat.id, "in", number), text, receivers)
            _put(messages, group, chat, number, envelope.body, envelope.wraps)
            done = True
    return _changed(messages, group, chat) if done else chat


def _text(chat: Chat, number: int, sealed: bytes, door: bytes) -> str | None:
    try:
        own = open_for_person(Context(chat.id, "own", number), sealed, chat.suite, door)
    except SealingError:
        return None
    return own.partition("\n")[2]  # before it stands how many replies there were


def _put(
    messages: Messages,
    group: Group,
    chat: Chat,
    number: int,
    body: bytes,
    wraps: Mapping[bytes, bytes],
) -> None:
    messages.kept.drop_one(group, chat.id, "in", number)
    messages.kept.add(group, chat.id, "in", number, body)
    messages.kept.add_wraps(group, chat.id, "in", number, wraps)


def _changed(messages: Messages, group: Group, chat: Chat) -> Chat:
    """The next version: whoever has the chat looks again."""
    return messages.rows.save(group, chat, replace(chat, state=after(chat.state, "see")))
