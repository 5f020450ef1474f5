"""Word codes: six words that bring a person back to their chat, from any channel.

It decides which code leads to which chat, and how often one may try. It keeps a code only as a hash
under the pepper of its day, bound to its chat, so that it dies with it and leads nowhere else. It
must not keep, log or repeat what was typed, nor tell a wrong code from one that ran out.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final, Literal

from sqlalchemy import bindparam, delete, select

from bot import report
from bot.handoff.code_words import WordList
from bot.handoff.model import ENDED, Chat
from bot.handoff.rows import Rows, Unreadable
from bot.handoff.tables import at_desk, code, new_at_desk
from bot.handoff.tries import Tries
from bot.storage import Group
from bot.vault import Epoch

MOST_EACH: Final = 5
"""Wrong codes within an hour from one address."""
MOST_ALL: Final = 20_000
"""Wrong codes within an hour from everyone. Among a hundred thousand codes of 54 bits that is a
chance of one in millions; a lower limit would let one visitor with many cookies shut the way back
for everybody.
"""
OTHERWISE: Final = "en"
"""The language of a code where a language has no list."""

_ADD = new_at_desk(code)
_FIND = at_desk(
    select(code.c.chat, code.c.epoch, code.c.bound).where(code.c.lookup == bindparam("l"))
)
_DROP_OF = at_desk(delete(code).where(code.c.chat == bindparam("c")))


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed code led to."""

    outcome: Literal["found", "unknown", "wait"]
    """`wait`: too many wrong ones lately; it was not looked at."""
    chat: Chat | None = field(default=None, repr=False)


_UNKNOWN: Final = Found("unknown")
_WAIT: Final = Found("wait")


def wrong_codes(clock: Callable[[], float] = time.monotonic) -> Tries:
    """How often a wrong code may be tried. `clock`: seconds that never go back."""
    return Tries(clock, most_each=MOST_EACH, most_all=MOST_ALL)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of all chats."""

    rows: Rows
    lists: Mapping[str, WordList]
    tries: Tries = field(default_factory=wrong_codes)

    def new(self, group: Group, chat: Chat, language: str = "") -> tuple[str, ...]:
        """A new code for that chat, in its language or that one. One from before leads nowhere."""
        words = self.lists.get(language or chat.language) or self.lists[OTHERWISE]
        self.drop(group, chat.id)
        while True:
            drawn, today = words.draw(), self.rows.epoch()
            lookup = self._lookup(today, words.language, drawn)
            bound = self._bound(today, lookup, chat.id)
            if group.run(_ADD, [(lookup, chat.id, today, bound)]) == 1:
                return drawn

    def find(self, group: Group, text: str, address: bytes) -> Found:
        """The chat that a typed code leads to; the code is used up, so make a `new` one.

        `address` says who tries: any bytes that stay the same for them. What is no code at all
        counts as no try. Look at it within the transaction that moves the chat.
        """
        lookups = [
            (epoch, self._lookup(epoch, words.language, reading))
            for words in self.lists.values()
            for reading in words.readings(text)
            for epoch in self.rows.epochs()
        ]
        if not lookups:
            return _UNKNOWN
        if not self.tries.may(address):
            return _WAIT
        for epoch, lookup in lookups:
            for chat_id, day, bound in group.ask(_FIND, (lookup,)):
                if day != epoch or not self._is_bound(epoch, lookup, chat_id, bound):
                    report.alarm("code_altered")
                    continue
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

    def _is_bound(self, epoch: Epoch, lookup: bytes, chat_id: object, bound: object) -> bool:
        """Whether this code was made for this chat; what was changed by hand may hold anything."""
        if not isinstance(chat_id, bytes) or not isinstance(bound, bytes):
            return False
        return compare_digest(bound, self._bound(epoch, lookup, chat_id))

    def _bound(self, epoch: Epoch, lookup: bytes, chat_id: bytes) -> bytes:
        return self.rows.vault.mark(epoch, "word-code/chat", chat_id.hex(), lookup.hex())

    def _lookup(self, epoch: Epoch, language: str, words: tuple[str, ...]) -> bytes:
        return self.rows.vault.mark(epoch, "word-code", language, " ".join(words))
