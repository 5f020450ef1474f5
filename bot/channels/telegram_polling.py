"""Long polling: asks Telegram for updates and confirms them only when every one of them is taken.

    ask → all of them taken, each chat in its order → ask again, which confirms them

An id is named only to confirm, in the question right after; later questions name none, so that ids
that begin anew, or leave gaps, lose nobody's message. Nothing is ever dropped to catch up. Of what
came together the chats with a cry for help are taken first. It must not look into an update.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from telegram.error import Conflict, TelegramError

from bot.channels.contract import Unavailable
from bot.channels.telegram_reading import ALLOWED_UPDATES, Arrival, number_of, read
from bot.channels.telegram_request import Connection
from bot.channels.telegram_sending import Patience, note

POLL_SECONDS: Final = 50
AT_ONCE: Final = 100
FOLLOWS_SECONDS: Final = 1.0
"""Until a process that does not ask looks whether it should."""


class Polling:
    """Asks for ever. Run it in one task; cancel that to end it."""

    def __init__(
        self,
        connection: Connection,
        take: Callable[[Arrival], Awaitable[None]],
        *,
        poll_seconds: int = POLL_SECONDS,
        patience: Patience | None = None,
        carries: Callable[[], bool] = lambda: True,
        urgent: Callable[[Arrival], bool] = lambda _: False,
    ) -> None:
        """`take` returns when an update is durable, or raises `Unavailable`. `carries`: whether it
        is this process that asks; Telegram answers one. `urgent`: whether help now, or leaving, is
        wanted.
        """
        self._carries, self._urgent = carries, urgent
        self._connection, self._take = connection, take
        self._poll_seconds, self._patience = poll_seconds, patience or Patience()

    async def run(self) -> None:
        """Take the place of a webhook, then ask and take, for ever."""
        pause = self._patience.first
        offset: int | None = None
        ready, before = False, frozenset[int]()
        while True:
            if not self._carries():
                await asyncio.sleep(FOLLOWS_SECONDS)
                ready, offset = False, None
                continue
            try:
                if not ready:
                    await self._connection.bot.delete_webhook(drop_pending_updates=False)
                    ready = True
                updates = await self._ask(offset)
            except TelegramError as broken:
                # Somebody else asks too, or set a webhook anew: the newest of us takes its place.
                ready = not isinstance(broken, Conflict)
                note("no_updates", broken)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._patience.most)
                continue
            await self._take_all(updates)
            numbers = frozenset(n for one in updates if (n := number_of(one)) is not None)
            offset = max(numbers) + 1 if numbers else None
            if updates and numbers <= before:
                # They were confirmed and come again, or cannot be: no haste.
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._patience.most)
            else:
                pause = self._patience.first
            before = numbers

    async def _ask(self, offset: int | None) -> Sequence[Any]:
        question: dict[str, str | int] = {
            "timeout": self._poll_seconds,
            "limit": AT_ONCE,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        if offset is not None:
            question["offset"] = offset
        # By hand: the library refuses a whole batch when it cannot read one update of it.
        updates = await self._connection.waiting.post(
            f"getUpdates?{urlencode(question)}",
            read_timeout=self._poll_seconds + self._connection.waiting.read_timeout,
        )
        return updates if isinstance(updates, list) else ()

    async def _take_all(self, updates: Sequence[Any]) -> None:
        chats: dict[int, list[Arrival]] = {}
        for update in updates:
            if (arrival := read(update)) is not None:
                chats.setdefault(arrival.chat, []).append(arrival)
        first = sorted(chats.values(), key=lambda some: not any(map(self._urgent, some)))
        await asyncio.gather(*(self._take_chat(arrivals) for arrivals in first))

    async def _take_chat(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            pause = self._patience.first
            while not await self._taken(arrival):
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._patience.most)

    async def _taken(self, arrival: Arrival) -> bool:
        try:
            await self._take(arrival)
        except Unavailable:
            return False
        except Exception as bug:  # noqa: BLE001 - one update must not keep all others away
            note("not_taken", bug)
        return True
