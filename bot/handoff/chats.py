"""What a person's turn does at the desk, in the one transaction of that turn.

It decides nothing of who answers. It runs within a group of the caller and announces nothing: the
caller lets `Board.look` find what changed, after the commit and outside of any group.
"""

import secrets
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from bot.handoff import moves
from bot.handoff.lifecycle import after
from bot.handoff.model import ENDED, Asked, Chat, Transfer
from bot.handoff.names import name
from bot.handoff.rows import Rows, Unreadable
from bot.storage import Group

Leaving = Literal["by_person", "left", "erased"]
LOOKED_SECONDS = 120.0
"""A look is kept when the last one kept is older than that: few writes, and still by the minute."""


@dataclass(frozen=True, slots=True)
class Chats:
    """The desk as a person's turn sees it. `now` is seconds since 1970."""

    rows: Rows

    def ask(self, group: Group, asked: Asked, now: float) -> Chat:
        """Someone asks for a human: they wait from now on."""
        new = Chat(
            id=secrets.token_bytes(16),
            version=0,
            state="waiting",
            name=name(),
            language=asked.language,
            need=asked.need,
            place=asked.place,
            kind=asked.kind,
            severity=asked.severity,
            skills=asked.skills,
            address=asked.address,
            mode=asked.mode,
            suite=asked.suite,
            public=asked.public,
            door=asked.door,
            asked=now,
            since=now,
            heavy=asked.severity == 2,
            seen=now,
            told_at=now,
        )
        return self.rows.add(group, new)

    def of_person(self, group: Group, chat_id: bytes) -> Chat | None:
        """Their chat, ended or not. None when nothing of it is left that opens."""
        try:
            return self.rows.load(group, chat_id)
        except Unreadable:
            return None

    def change(self, group: Group, old: Chat, new: Chat) -> Chat:
        """Keeps what another part made of the chat, with the next version.

        Raises `TakenAlready` when it is not as it was loaded.
        """
        return self.rows.save(group, old, new)

    def seen_by_person(self, group: Group, chat_id: bytes, now: float) -> None:
        """They looked: a waiting chat is not given up while its person looks."""
        chat = self._living(group, chat_id)
        if chat is not None and now - chat.seen >= LOOKED_SECONDS:
            self.rows.save(group, chat, moves.see(chat, now))

    def still_here(self, group: Group, chat_id: bytes, now: float) -> None:
        """They pressed something rather than write: it is not quiet any more."""
        chat = self._living(group, chat_id)
        if chat is not None and (chat.warned or now - chat.seen >= LOOKED_SECONDS):
            self.rows.save(group, chat, moves.here(chat, now))

    def told_in_turn(self, group: Group, chat_id: bytes, now: float) -> None:
        """They were told where they stand just now, so the clock need not tell them soon."""
        chat = self._living(group, chat_id)
        if chat is not None and now - chat.told_at >= LOOKED_SECONDS:
            state = after(chat.state, "tell")
            self.rows.save(group, chat, replace(chat, state=state, told_at=now, seen=now))

    def answer_transfer(
        self, group: Group, chat_id: bytes, *, yes: bool, now: float
    ) -> Chat | None:
        """The person says whether a colleague may take the chat. None when nobody asks any more."""
        chat = self._living(group, chat_id)
        if chat is None or chat.transfer is None or chat.transfer.step != "asking_person":
            return None
        asked = chat.transfer
        step = Transfer(asked.to, asked.warm, "offered", now) if yes else None
        return self.rows.save(group, chat, moves.transfer(replace(chat, seen=now), step))

    def leave(self, group: Group, chat_id: bytes, ending: Leaving, now: float) -> None:
        """The person stops waiting or ends the talk (`by_person`), or goes (`left`); with `erased`
        nothing is left of it. Done already is done.
        """
        if ending == "erased":
            self.rows.remove(group, [chat_id])
            return
        chat = self._living(group, chat_id)
        if chat is not None:
            self.rows.save(group, chat, moves.end(chat, "end", ending, now))

    def _living(self, group: Group, chat_id: bytes) -> Chat | None:
        chat = self.of_person(group, chat_id)
        return None if chat is None or chat.state in ENDED else chat
