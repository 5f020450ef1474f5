"""What waits for the bot: updates in their order, taken by long polling or sent to a webhook.

Rules that bots stumble over, as the real server keeps them: an offset confirms all that is below
it; an offset far beyond the newest id is taken for none, and the oldest updates are given again; a
second poll ends the first; ids leave gaps and, after a quiet week, begin anywhere.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.botapi.bell import Bell
from tests.botapi.refusals import ANOTHER_POLL, WEBHOOK_ACTIVE, Refused

KEPT_SECONDS: Final = 24 * 3600
AHEAD: Final = 10
"""An offset that is further than this beyond the next id is taken for none."""
NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class Update:
    """One update. `body` has its one field besides the id."""

    id: int
    body: dict[str, Any] = field(repr=False)
    chat: int
    at: float
    tries: int = 0
    """How often a webhook was asked to take it."""
    not_before: float = 0.0
    """When it may be tried again, in the event loop's seconds."""

    def json(self) -> dict[str, Any]:
        """As it is sent."""
        return {"update_id": self.id, **self.body}


class Updates:
    """The queue of one bot."""

    def __init__(self, bell: Bell, clock: Callable[[], float], first: int = 100_000_001) -> None:
        self.next_id = first
        """The id of the next update. Set it to leave a gap, or to begin elsewhere."""
        self.allowed: Collection[str] = ()
        """Kinds that the bot asked for; empty: all but those that must be asked for."""
        self.waiting: list[Update] = []
        self.dropped: list[str] = []
        """Kinds of updates that the bot did not ask for."""
        self.confirmed: list[int] = []
        """Ids in the order in which the bot let go of them."""
        self._bell, self._clock = bell, clock
        self._held: list[Update] | None = None
        self._poll = 0

    def add(self, kind: str, content: Any, chat: int) -> Update:
        """Let something happen. It has its id already while it is held back."""
        update = Update(self.next_id, {kind: content}, chat, self._clock())
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            self.dropped.append(kind)
            return update
        self.next_id += 1
        self._put([update])
        return update

    def add_raw(self, body: dict[str, Any], chat: int = 0) -> Update:
        """Let anything at all arrive as an update; an `update_id` in `body` wins over ours."""
        update = Update(self.next_id, body, chat, self._clock())
        self.next_id += 1
        self._put([update])
        return update

    def again(self, update: Update) -> None:
        """Deliver it once more, whether it was confirmed or not."""
        self._put([Update(update.id, update.body, update.chat, self._clock())])

    def hold(self) -> None:
        """Keep back what happens from now on."""
        self._held = []

    def release(self, arrange: Callable[[list[Update]], Iterable[Update]] = iter) -> list[Update]:
        """Let go what was held back, in the order that `arrange` gives."""
        held, self._held = list(arrange(self._held or [])), None
        self._put(held)
        return held

    async def poll(
        self, offset: int, limit: int, seconds: float, *, webhook: Callable[[], bool]
    ) -> list[dict[str, Any]]:
        """`getUpdates`. Raises `Refused` while a webhook is set, or when another poll begins."""
        self._poll += 1
        mine = self._poll
        self._bell.ring()
        self.expire()
        if webhook():
            raise Refused(409, WEBHOOK_ACTIVE)
        if offset < 0:
            self.confirm(self.waiting[: max(0, len(self.waiting) + offset)])
        elif 0 < offset <= self.next_id + AHEAD:
            self.confirm([one for one in self.waiting if one.id < offset])
        try:
            async with asyncio.timeout(seconds):
                while not self.waiting and self._poll == mine and not webhook():
                    await self._bell.heard()
        except TimeoutError:
            pass
        if self._poll != mine:
            raise Refused(409, ANOTHER_POLL)
        if webhook():
            raise Refused(409, WEBHOOK_ACTIVE)
        return [one.json() for one in self.waiting[:limit]]

    def confirm(self, updates: Iterable[Update]) -> None:
        """The bot took them: they are not delivered again."""
        for one in list(updates):
            if one in self.waiting:
                self.waiting.remove(one)
                self.confirmed.append(one.id)
        self._bell.ring()

    def expire(self) -> None:
        """What nobody took for a day is gone."""
        oldest = self._clock() - KEPT_SECONDS
        self.waiting = [one for one in self.waiting if one.at >= oldest]

    def forget_all(self) -> None:
        """`drop_pending_updates`."""
        self.waiting.clear()

    def _put(self, updates: list[Update]) -> None:
        (self.waiting if self._held is None else self._held).extend(updates)
        self._bell.ring()
