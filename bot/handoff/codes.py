"""Word codes: six words that bring a person back to their chat, from any channel.

It decides which code leads to which chat, and how often one may try. It keeps a code only as a hash
under the pepper of its day, so that it dies with it. It must not keep, log or repeat what was
typed, nor tell a wrong code from one that ran out.
"""

import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import bindparam, delete, select

from bot.handoff.code_words import WordList
from bot.handoff.model import ENDED, Chat
from bot.handoff.rows import Rows, Unreadable
from bot.handoff.tables import at_desk, code, new_at_desk
from bot.storage import Group
from bot.vault import Epoch

HOUR: Final = 3600.0
MOST_EACH: Final = 5
"""Wrong codes within an hour from one address."""
MOST_ALL: Final = 20_000
"""Wrong codes within an hour from everyone. Among a hundred thousand codes of 54 bits that is a
chance of one in millions; a lower limit would let one visitor with many cookies shut the way back
for everybody.
"""
MOST_ADDRESSES: Final = 10_000
OTHERWISE: Final = "en"
"""The language of a code where a language has no list."""

_ADD = new_at_desk(code)
_FIND = at_desk(select(code.c.chat).where(code.c.lookup == bindparam("l")))
_DROP_OF = at_desk(delete(code).where(code.c.chat == bindparam("c")))


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed code led to."""

    outcome: Literal["found", "unknown", "wait"]
    """`wait`: too many wrong ones lately; it was not looked at."""
    chat: Chat | None = field(default=None, repr=False)


_UNKNOWN: Final = Found("unknown")
_WAIT: Final = Found("wait")


class Tries:
    """Counts wrong codes in memory, by a keyed hash of the address. For several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: seconds that never go back."""
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._each: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._all: deque[float] = deque(maxlen=MOST_ALL)
        self._lock = threading.Lock()

    def may(self, address: bytes) -> bool:
        """Whether a code from there is looked at now."""
        since = self._clock() - HOUR
        with self._lock:
            mine = self._each.get(self._place(address), ())
            return sum(when > since for when in mine) < MOST_EACH and (
                len(self._all) < MOST_ALL or self._all[0] <= since
            )

    def lose(self, address: bytes) -> None:
        """One more wrong code from there."""
        now, place = self._clock(), self._place(address)
        with self._lock:
            self._each.setdefault(place, deque(maxlen=MOST_EACH)).append(now)
            self._each.move_to_end(place)
            self._all.append(now)
            if len(self._each) > MOST_ADDRESSES:
                self._each.popitem(last=False)

    def _place(self, address: bytes) -> bytes:
        return hmac.digest(self._key, address, "sha256")[:16]

    def __repr__(self) -> str:
        return "Tries()"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of all chats."""

    rows: Rows
    lists: Mapping[str, WordList]
    tries: Tries = field(default_factory=Tries)

    def new(self, group: Group, chat: Chat, language: str = "") -> tuple[str, ...]:
        """A new code for that chat, in its language or that one. One from before leads nowhere."""
        words = self.lists.get(language or chat.language) or self.lists[OTHERWISE]
        self.drop(group, chat.id)
        while True:
            drawn, today = words.draw(), self.rows.epoch()
            lookup = self._lookup(today, words.language, drawn)
            if group.run(_ADD, [(lookup, chat.id, today)]) == 1:
                return drawn

    def find(self, group: Group, text: str, address: bytes) -> Found:
        """The chat that a typed code leads to; the code is used up, so make a `new` one.

        `address` says who tries: any bytes that stay the same for them. What is no code at all
        counts as no try. Look at it within the transaction that moves the chat.
        """
        lookups = [
            self._lookup(epoch, words.language, reading)
            for words in self.lists.values()
            for reading in words.readings(text)
            for epoch in self.rows.epochs()
        ]
        if not lookups:
            return _UNKNOWN
        if not self.tries.may(address):
            return _WAIT
        for lookup in lookups:
            for (chat_id,) in group.ask(_FIND, (lookup,)):
                chat = self._living(group, chat_id)
                self.drop(group, chat_id)
                if chat is not None:
                    return Found("found", chat)
        self.tries.lose(address)
        return _UNKNOWN

    def drop(self, group: Group, chat_id: bytes) -> None:
        """The code of that chat leads nowhere from now on."""
        group.run(_DROP_OF, [(chat_id,)])

    def _living(self, group: Group, chat_id: bytes) -> Chat | None:
        try:
            chat = self.rows.load(group, chat_id)
        except Unreadable:
            return None
        return None if chat is None or chat.state in ENDED else chat

    def _lookup(self, epoch: Epoch, language: str, words: tuple[str, ...]) -> bytes:
        return self.rows.vault.mark(epoch, "word-code", language, " ".join(words))
