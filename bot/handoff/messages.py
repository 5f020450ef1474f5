"""What goes between a person and the desk: numbered, each once, sealed to who may read it.

It decides which number a message has, whether it is taken, and who is given it. It must not open
one: a text of the person is in the clear here for one call, at the door, and forgotten. Everything
runs within a group of the caller; what changes a chat gives it back as it is kept.

    from_person          the door has the text and seals it      (Telegram, no JavaScript, terminal)
    sealed_from_person   the person's browser sealed it          (the web page with JavaScript)
    reply                an operator's browser sealed and signed it
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec.structs import replace

from bot.handoff import moves
from bot.handoff.keys import Keys
from bot.handoff.lifecycle import after as state_after
from bot.handoff.message_model import Copy, ForDesk, Own, Reply, Written
from bot.handoff.message_rows import MessageRows, Way
from bot.handoff.model import ENDED, Chat, NoSuchChat, Refused
from bot.handoff.rows import Rows
from bot.sealing import (
    Context,
    NotTrusted,
    Receiver,
    check_reply,
    looks_sealed,
    looks_sealed_for_person,
    looks_wrapped,
    seal_for_desk,
    seal_for_person,
)
from bot.storage import Group

AT_ONCE: Final = 100
"""Messages that an operator is given in one answer."""
_encode = msgspec.msgpack.Encoder().encode
_read_reply = msgspec.msgpack.Decoder(Reply).decode
_read_copy = msgspec.msgpack.Decoder(Copy).decode


@dataclass(frozen=True, slots=True)
class Messages:
    """The messages of all chats. `now` is seconds since 1970 throughout."""

    rows: Rows
    kept: MessageRows
    keys: Keys

    def from_person(
        self, group: Group, chat: Chat, text: str, receivers: Sequence[Receiver], now: float
    ) -> Chat:
        """Seals a text at the door and forgets it. Its number is `number_in` of the answer.

        Raises `bot.sealing.TooLong`, and `Refused`: "nobody" when nobody could read it, "sealed"
        when the person's page seals in this chat, "not_now" when it is over.
        """
        if chat.mode == "device":
            raise Refused("sealed")
        if not receivers:
            raise Refused("nobody")
        new = moves.said(chat, now)
        number = new.number_in
        # Everything is sealed before anything is kept: what does not fit leaves nothing behind.
        envelope = seal_for_desk(Context(chat.id, "in", number), text, receivers)
        mine = b""
        if chat.kind == "web" and chat.public:
            # With how many replies stood above it, so that both sides are shown in their order.
            said = f"{chat.number_out}\n{text}"
            mine = seal_for_person(Context(chat.id, "own", number), said, chat.suite, chat.public)
        self.kept.add(group, chat.id, "in", number, envelope.body)
        self.kept.add_wraps(group, chat.id, "in", number, envelope.wraps)
        if mine:
            self.kept.add(group, chat.id, "own", number, mine)
        return self.rows.save(group, chat, new)

    def sealed_from_person(
        self,
        group: Group,
        chat: Chat,
        number: int,
        body: bytes,
        wraps: Mapping[bytes, bytes],
        *,
        receivers: Collection[Receiver],
        now: float,
    ) -> Chat:
        """Takes a message that the person's page sealed. The same again has no effect.

        Raises `Refused` and keeps nothing: "door" when the page does not seal in this chat, "size"
        for what is not sealed, "number" for another number than the next, "nobody", "receivers"
        when it is not sealed to exactly those who may read it now, "not_now" when it is over.
        """
        if chat.mode != "device":
            raise Refused("door")
        check_sealed(body, wraps)
        if number <= chat.number_in and self.kept.one(group, chat.id, "in", number) == body:
            return chat
        _check_next(number, chat.number_in)
        if not receivers:
            raise Refused("nobody")
        if wraps.keys() != {one.key for one in receivers}:
            raise Refused("receivers")
        new = moves.said(chat, now)
        self.kept.add(group, chat.id, "in", number, body)
        self.kept.add_wraps(group, chat.id, "in", number, wraps)
        return self.rows.save(group, chat, new)

    def reply(self, group: Group, chat: Chat, staff: str, written: Written, now: float) -> Chat:
        """Takes a reply of who has the chat. The same again has no effect.

        Raises `NoSuchChat` when it is not theirs, and `Refused`: "person_changed" when it was
        sealed to a key that is not the person's now, "number" (with `next`), "size" for what is not
        sealed, "signature" when no device of theirs signed it, "receivers" for a copy that goes to
        anybody else, "not_now" when the chat is over.
        """
        _check_theirs(chat, staff)
        if not looks_sealed_for_person(written.sealed):
            raise Refused("size")
        number = written.number
        if number <= chat.number_out and self._replied(group, chat, written):
            return chat
        _check_next(number, chat.number_out)
        if written.public != chat.public:
            raise Refused("person_changed")
        self._check_signed(group, chat, staff, written, now)
        new = moves.replied(chat, now)
        if written.instead:
            self._drop_unread(group, chat, written.instead)
        sent = written.sealed, written.signature, written.signer, written.public
        packed = Reply(number, *sent, staff, self.named(chat, staff))
        self.kept.add(group, chat.id, "out", number, _encode(packed))
        self._keep_copy(group, chat, staff, written, now)
        return self.rows.save(group, chat, new)

    def named(self, chat: Chat, staff: str) -> str:
        """The name under which somebody writes there; empty where it is not known."""
        return chat.who if chat.owner == staff else ""

    def replies(self, group: Group, chat: Chat, after: int = 0) -> tuple[Reply, ...]:
        """The replies after that number that the person's side can open now, in order."""
        found = self.all_replies(group, chat, after)
        return tuple(reply for reply in found if reply.public == chat.public)

    def all_replies(self, group: Group, chat: Chat, after: int = 0) -> tuple[Reply, ...]:
        """The replies after that number, also those that were sealed to a key of before."""
        kept = self.kept.read(group, chat.id, "out", after)
        return tuple(_read_reply(body) for _, body in kept)

    def own(self, group: Group, chat: Chat, after: int = 0) -> tuple[Own, ...]:
        """The person's own words after that number, for their page to open."""
        return tuple(Own(*one) for one in self.kept.read(group, chat.id, "own", after))

    def ack(self, group: Group, chat: Chat, number: int) -> Chat:
        """The person's side has shown every reply up to that number, or Telegram took it.

        Their rows go; not those that a page without JavaScript shows again and again, nor those
        that are sealed to a key of before: nobody saw them, and they are to be said again.
        """
        number = min(number, chat.number_out)
        if number <= chat.acked:
            return chat
        if chat.kind != "web" or chat.mode == "device":
            for seen in [one.number for one in self.replies(group, chat) if one.number <= number]:
                self.kept.drop(group, chat.id, "out", seen - 1, seen)
        if chat.state in ENDED:
            return chat
        state = state_after(chat.state, "see")
        return self.rows.save(group, chat, replace(chat, state=state, acked=number))

    def for_operator(
        self,
        group: Group,
        chat: Chat,
        staff: str,
        *,
        now: float,
        after: int = 0,
        most: int = AT_ONCE,
        copies: bool = False,
        held: Collection[bytes] = (),
    ) -> tuple[ForDesk, ...]:
        """What the person wrote (with `copies`, the desk's own side), for who has the chat: at most
        `most`, in order, each with one wrap for a key of theirs (and `held`, unless that is empty).
        """
        _check_theirs(chat, staff)
        way: Way = "copy" if copies else "in"
        ids = [key for key in self.keys.ids(group, staff, now) if not held or key in held]
        wraps = self.kept.wraps(group, chat.id, way, after, ids)
        found = []
        for number, body in self.kept.read(group, chat.id, way, after, most):
            one = _read_copy(body) if copies else Copy(body, "")
            found.append(ForDesk(number, one.body, wraps.get(number), one.by))
        return tuple(found)

    def rewrap(
        self,
        group: Group,
        chat: Chat,
        staff: str,
        wraps: Mapping[int, Mapping[bytes, bytes]],
        *,
        receivers: Collection[Receiver],
        copies: bool = False,
    ) -> None:
        """Keeps message keys that who has the chat wrapped to colleagues: a transfer, the end of a
        shift. What is there stays; numbers that are not there are left out.

        Raises `NoSuchChat`, and `Refused`: "size", or "receivers" for a key that is nobody's who
        may get it.
        """
        _check_theirs(chat, staff)
        way: Way = "copy" if copies else "in"
        allowed = {one.key for one in receivers}
        for mine in wraps.values():
            if not all(map(looks_wrapped, mine.values())):
                raise Refused("size")
            if not mine.keys() <= allowed:
                raise Refused("receivers")
        there = {one.number for one in self.kept.read(group, chat.id, way)} if wraps else ()
        for number, mine in wraps.items():
            if number in there:
                self.kept.add_wraps(group, chat.id, way, number, mine)

    def drop_others(self, group: Group, chat: Chat, keep: Collection[bytes]) -> None:
        """After a claim: every wrap goes that is not for one of those keys."""
        self.kept.drop_wraps_but(group, chat.id, keep)

    def clear(self, group: Group, chat_id: bytes) -> None:
        """Deletes every message of a chat, with its wraps."""
        self.kept.clear(group, chat_id)

    def _replied(self, group: Group, chat: Chat, written: Written) -> bool:
        """Whether exactly that was taken already, and only the answer was lost. What the person has
        by now is not kept for them any more: then the desk's own copy tells.
        """
        there = self.kept.one(group, chat.id, "out", written.number)
        if there is not None:
            return _read_reply(there).sealed == written.sealed
        copy = self.kept.one(group, chat.id, "copy", written.number)
        if copy is None or written.copy is None:
            return False
        return _read_copy(copy).body == written.copy[0]

    def _check_signed(
        self, group: Group, chat: Chat, staff: str, written: Written, now: float
    ) -> None:
        device = self.keys.device(group, staff, written.signer, now)
        if device is None:
            raise Refused("signature")
        context = Context(chat.id, "out", written.number)
        try:
            check_reply(context, written.sealed, written.signature, device.identity)
        except NotTrusted:
            raise Refused("signature") from None

    def _keep_copy(
        self, group: Group, chat: Chat, staff: str, written: Written, now: float
    ) -> None:
        if written.copy is None:
            return
        body, wraps = written.copy
        check_sealed(body, wraps)
        allowed = {
            key
            for one in {chat.owner, chat.helper} - {""}
            for key in self.keys.ids(group, one, now)
        }
        if not wraps.keys() <= allowed:
            raise Refused("receivers")
        self.kept.add(group, chat.id, "copy", written.number, _encode(Copy(body, staff)))
        self.kept.add_wraps(group, chat.id, "copy", written.number, wraps)

    def _drop_unread(self, group: Group, chat: Chat, number: int) -> None:
        before = {one.number for one in self.all_replies(group, chat) if one.public != chat.public}
        for way in ("out", "copy") if number in before else ():
            self.kept.drop_one(group, chat.id, way, number)


def _check_theirs(chat: Chat, staff: str) -> None:
    if not staff or staff not in {chat.owner, chat.helper}:
        raise NoSuchChat


def _check_next(number: int, last: int) -> None:
    if number != last + 1:
        raise Refused("number", next=str(last + 1))


def check_sealed(body: bytes, wraps: Mapping[bytes, bytes]) -> None:
    """Raises `Refused("size")` for what does not have the shape of what is sealed."""
    if not looks_sealed(body) or not wraps or not all(map(looks_wrapped, wraps.values())):
        raise Refused("size")
