"""A messenger's side: what really lies in its chats, and how it refuses or fails to delete it."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

HOUR = 3_600
REFUSED_FROM = 47 * HOUR
"""Seconds: what is older may not even be asked for."""

Mood = Literal["works", "down", "half", "answers lost", "closed", "broken"]


@dataclass
class Chats:
    """Keeps the contract of `telegram_contract.Remover`, and holds the bot to its promises."""

    clock: Callable[[], float]
    mood: Mood = "works"
    lying: dict[bytes, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    """Chat → message → when it was sent."""
    deleted: Counter[tuple[bytes, int]] = field(default_factory=Counter)
    uncertain: set[tuple[bytes, int]] = field(default_factory=set)
    """Deleted, but the bot was never told: it may ask once more."""
    calls: list[tuple[bytes, tuple[int, ...]]] = field(default_factory=list)

    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, chat: bytes, *ids: int, sent: float | None = None) -> list[int]:
        """Messages come to lie in a chat."""
        self.lying[chat].update(dict.fromkeys(ids, self.clock() if sent is None else sent))
        return list(ids)

    async def remove(self, chat: bytes, message_ids: Sequence[int]) -> Sequence[int]:
        """Deletes them as far as the mood allows."""
        self.calls.append((chat, tuple(message_ids)))
        assert 0 < len(set(message_ids)) == len(message_ids) <= 100
        for one in message_ids:
            if (chat, one) in self.uncertain:
                continue
            assert one in self.lying[chat], "it was deleted before"
            assert self.clock() - self.lying[chat][one] < REFUSED_FROM, "it is too old to be tried"
        match self.mood:
            case "down":
                return []
            case "broken":
                raise RuntimeError("no channel should do this")
            case "closed":
                return message_ids
            case "half":
                return self._delete(chat, message_ids[: len(message_ids) // 2])
            case "answers lost":
                self.uncertain |= {(chat, one) for one in self._delete(chat, message_ids)}
                return []
            case "works":
                return self._delete(chat, message_ids)

    def _delete(self, chat: bytes, ids: Sequence[int]) -> Sequence[int]:
        for one in ids:
            if self.lying[chat].pop(one, None) is not None:
                self.deleted[chat, one] += 1
        self._changed.set()
        return ids

    async def until_empty(self, *chats: bytes) -> None:
        """Returns when nothing lies in those chats."""
        while any(self.left(chat) for chat in chats):
            self._changed.clear()
            await self._changed.wait()

    def left(self, chat: bytes) -> list[int]:
        """What lies in the chat, in the order of the ids."""
        return sorted(self.lying[chat])
