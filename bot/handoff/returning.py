"""A person comes back with another key: from another channel by a word code, or in a new tab.

It decides which replies they can still be given. It opens a reply only where the door held their
key all along (Telegram, terminal); what was sealed to a browser nobody here can open, and the
operator's page says it again.
"""

from dataclasses import dataclass, field
from typing import Literal

import msgspec
from msgspec.structs import replace

from bot.handoff.lifecycle import after
from bot.handoff.message_model import Reply
from bot.handoff.messages import Messages
from bot.handoff.model import Address, Chat, Kind, Mode
from bot.sealing import Context, Unopenable, open_for_person, seal_for_person
from bot.storage import Group

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a person is now, and what is sealed to there; as the fields of `Chat`."""

    address: Address
    kind: Kind
    mode: Mode = "door"
    suite: Literal[1, 2] = 1
    public: bytes = field(default=b"", repr=False)
    door: bytes = field(default=b"", repr=False)


def move(messages: Messages, group: Group, chat: Chat, to: Reached, now: float) -> Chat:
    """The chat goes on where the person is now; who answers and the place in line stay.

    Replies that they have not seen are sealed to their new key when the door could open them; the
    rest is `unread`. Their own words of before stay behind with the key that they were kept for.
    Raises `Refused("not_now")` when the chat is over.
    """
    state = after(chat.state, "see")
    moved = replace(
        chat,
        state=state,
        address=to.address,
        kind=to.kind,
        mode=to.mode,
        suite=to.suite,
        public=to.public,
        door=to.door,
        seen=now,
        back=chat.back if to.address == chat.address else now,
    )
    if to.public != chat.public:
        messages.kept.drop(group, chat.id, "own", 0, chat.number_in)
        for seen in [one.number for one in messages.replies(group, chat)]:
            if seen <= chat.acked:  # a page of the door showed it: now nothing opens it any more
                messages.kept.drop(group, chat.id, "out", seen - 1, seen)
        if chat.door and to.mode == "door":
            for reply in messages.all_replies(group, chat, chat.acked):
                _hand_on(messages, group, chat, moved, reply)
    return messages.rows.save(group, chat, moved)


def unread(messages: Messages, group: Group, chat: Chat) -> tuple[int, ...]:
    """Numbers of replies that the person has not seen and cannot open with the key they have now.

    The operator's page says them again, each with `Written.instead`.
    """
    # Also those before one that they have seen: a page that just came says how far the chat is.
    left = messages.all_replies(group, chat)
    return tuple(reply.number for reply in left if reply.public != chat.public)


def _hand_on(messages: Messages, group: Group, chat: Chat, moved: Chat, reply: Reply) -> None:
    if reply.public != chat.public:
        return
    context = Context(chat.id, "out", reply.number)
    try:
        text = open_for_person(context, reply.sealed, chat.suite, chat.door)
    except Unopenable:
        return
    sealed = seal_for_person(context, text, moved.suite, moved.public)
    # Without a signature, which was over other bytes: a page that checks them is not given these.
    anew = Reply(reply.number, sealed, b"", b"", moved.public, reply.by, reply.who)
    messages.kept.drop(group, chat.id, "out", reply.number - 1, reply.number)
    messages.kept.add(group, chat.id, "out", reply.number, _encode(anew))
