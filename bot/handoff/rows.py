"""Chats in the store: sealed whole, versioned, never overwritten unseen.

It decides how a chat is sealed and that a change is kept only over what was loaded. It decides
nothing of what a chat may do, and must not log one.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from bot import report
from bot.handoff import tables
from bot.handoff.model import ENDED, Chat, Refused, TakenAlready
from bot.storage import Group
from bot.vault import Epoch, Unopenable, Vault, is_over

CHAT: Final = "chat"
_ROW: Final = 1
_ENDS: Final = ((), (), (1, 5))
"""What `END_CHAT` takes beside the id: directions `in` and `copy`, see `message_rows`."""
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Chat).decode


class Unreadable(Refused):
    """A chat is there, and its key is gone or its row is not what we wrote."""

    def __init__(self, chat_id: bytes) -> None:
        super().__init__("unreadable")
        self.chat_id = chat_id


class Pulse(NamedTuple):
    """How far the table has come; two that are equal mean that nothing happened between."""

    version: int
    removed: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Loads and saves chats within a group. Raises `StoreError` or `KeyRingError` as these do."""

    vault: Vault
    epochs: Callable[[], tuple[Epoch, ...]]
    """The live epochs, today's first."""
    wrote: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set whenever a chat was written here, for who tells others of it, and clears it."""

    def load(self, group: Group, chat_id: bytes) -> Chat | None:
        """The chat, ended or not; None when there is none. Raises `Unreadable`."""
        found = group.ask(tables.LOAD_CHAT, (chat_id,))
        return self._opened(*found[0]) if found else None

    def add(self, group: Group, new: Chat) -> Chat:
        """Keeps a chat that is new, and gives it with its version."""
        kept = replace(new, version=_next(group))
        self.wrote.set()
        group.run(tables.ADD_CHAT, [(kept.id, *self._sealed(kept))])
        return kept

    def save(self, group: Group, old: Chat, new: Chat) -> Chat:
        """Keeps `new` over `old`, sealed under today's key, and gives it with its version.

        With the end goes, in the same transaction, all that staff could open, and the way back:
        the person may never come to see that it is over. Raises `TakenAlready` when what is kept is
        not `old` any more.
        """
        kept = replace(new, version=_next(group))
        self.wrote.set()
        if group.run(tables.CHANGE_CHAT, [(*self._sealed(kept), old.id, old.version)]) != 1:
            raise TakenAlready
        if kept.state in ENDED:
            for statement, more in zip(tables.END_CHAT, _ENDS, strict=True):
                group.run(statement, [(kept.id, *more)])
        return kept

    def remove(self, group: Group, chat_ids: Collection[bytes]) -> None:
        """Deletes those chats now, with every message, wrap and code."""
        if chat_ids:
            for statement in tables.DROP_CHAT:
                group.run(statement, [(chat_id,) for chat_id in chat_ids])
            group.run(tables.COUNT_REMOVED, [(1, _ROW)])
            self.wrote.set()

    def sweep(self, group: Group, live: Collection[int]) -> int:
        """Deletes every row of no live epoch, of all tables of the desk; gives how many."""
        return sweep(group, live)

    def pulse(self, group: Group) -> Pulse:
        """How far the table has come now."""
        return Pulse(*group.ask(tables.CLOCK, ())[0])

    def newer(self, group: Group, version: int) -> Iterator[tuple[bytes, Chat | None, int, int]]:
        """Every chat that changed after that version, in that order, ended ones too: its id, the
        chat (None when it does not open), its version and its epoch.
        """
        for row in group.ask(tables.NEWER_CHATS, (version,)):
            chat_id, number, _, epoch, _ = row
            try:
                yield chat_id, self._opened(*row), number, epoch
            except Unreadable:
                yield chat_id, None, number, epoch

    def ids(self, group: Group) -> frozenset[bytes]:
        """The ids of all chats that are there."""
        return frozenset(chat_id for (chat_id,) in group.ask(tables.CHAT_IDS, ()))

    def over(self, epoch: object) -> bool:
        """Whether what is of that day need not open; see `is_over`."""
        live = self.epochs()
        return is_over(epoch, live[0], live[-1])

    def epoch(self) -> Epoch:
        """Today's, under which everything that is kept now is sealed."""
        return self.epochs()[0]

    def _sealed(self, chat: Chat) -> tuple[int, int, int, bytes]:
        today = self.epoch()
        sealed = self.vault.seal(CHAT, chat.id, today, chat.version, b"", _encode(chat))
        return chat.version, int(chat.state not in ENDED), today, sealed

    def _opened(self, chat_id: bytes, version: int, living: int, epoch: int, sealed: bytes) -> Chat:
        try:
            plain = self.vault.open(CHAT, chat_id, Epoch(epoch), version, b"", sealed)
            chat = _decode(plain)
        except (Unopenable, msgspec.DecodeError) as error:
            if not self.over(epoch):
                report.alarm("chat_unopenable", error)
            raise Unreadable(chat_id) from None
        if (chat.id, chat.version, chat.state not in ENDED) != (chat_id, version, bool(living)):
            report.alarm("chat_altered")
            raise Unreadable(chat_id)
        return chat


def sweep(group: Group, live: Collection[int]) -> int:
    """See `Rows.sweep`; when none is live: every row."""
    epochs = tuple(live)
    swept = [group.run(drop, [epochs]) for drop in tables.swept(len(epochs))]
    if any(swept):
        group.run(tables.COUNT_REMOVED, [(1, _ROW)])
    return sum(swept)


def _next(group: Group) -> int:
    return int(group.ask(tables.NEXT_VERSION, (1, _ROW))[0][0])
