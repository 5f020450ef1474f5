"""Deletes what lies in chats in time: by itself after some hours, and at once for who leaves.

It decides when a message is deleted, and that none is tried after the hour from which it would be
refused. One at a time works on a chat, and what was deleted is written down before anything else
is. It must not know a person's words, and says nothing about a chat but counts.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot import report
from bot.channels.contract import Address, Unavailable
from bot.channels.telegram_contract import Remover
from bot.footprints import SOON_SECONDS, Footprints, portions
from bot.storage import StoreError
from bot.tasks import Answer, Noted
from bot.vault import VaultError

LOOK_SECONDS = 600.0
"""Between two sweeps."""
AGAIN_SECONDS = 60.0
"""Until the next one when some messages were not reached."""
AT_ONCE = 100
"""Messages in one call."""
IN_VAIN = 3
"""Chats in a row where not all was reached, until a sweep rests: no storm on what is down."""
KEPT_IN_NEED = 10_000
"""Notes that wait in memory while the store is out of order."""
LARGEST_ID = 2**53 - 1

HandIn = Callable[[Noted], Awaitable[Answer]]


def least_keep_hours(clear_hours: int) -> int:
    """For how many hours keys must be kept, so that a day's last message is still known when it is
    due. `clear_hours`: 1 to 46.
    """
    return 24 + clear_hours + 1


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of the messages of a chat that was erased."""

    removed: int
    too_old: int
    """47 hours and older: not tried, because it would be refused. The person can, by hand."""
    later: int
    """Not reached now; the sweeper goes on with them."""


class Clearing:
    """The footprints of one bot's chats and their end. Use from one event loop.

    `note`, `of` and `cleared` do not raise when the store fails: that is said in the log.
    """

    def __init__(
        self,
        footprints: Footprints,
        hand_in: HandIn,
        channel: str,
        bot: str,
        clear_hours: int,
        carries: Callable[[], bool] = lambda: True,
    ) -> None:
        """`hand_in` gives a note to the writer; `bot` is which of our addresses on the channel;
        `carries` says whether it is this process that sweeps.
        """
        self._carries = carries
        self._footprints, self._hand_in = footprints, hand_in
        self._channel, self._bot = channel, bot
        self._clear_seconds = clear_hours * 3_600.0
        self._unsaved: list[Noted] = []
        self._alone: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        self._wake = asyncio.Event()
        self._after = b""
        """Where the last sweep got to, so that no chat is always the last in turn."""
        self._too_old = 0

    async def note(
        self,
        chat: bytes,
        message_ids: Sequence[int],
        *,
        soon: bool = False,
        sent: float | None = None,
    ) -> None:
        """These messages now lie in the chat. Durable on return; it rides in the writer's group.

        `soon`: a sweep takes them after two minutes. `sent`: seconds since 1970, for those that
        were delivered late, since their hours count from then; None is now.
        """
        ids = tuple(number for number in message_ids if 0 < number <= LARGEST_ID)
        if ids:
            now = self._footprints.clock()
            await self._save(Noted(self._address(chat), ids, min(sent or now, now), soon))

    async def of(self, chat: bytes) -> Sequence[int]:
        """Messages that lie there and can still be deleted, the oldest first."""
        with _said("footprints_not_read"):
            known = await asyncio.to_thread(self._footprints.of, self._address(chat))
            now = self._footprints.clock()
            return [one.id for one in known if one.deletable(now)]
        return []

    async def cleared(self, chat: bytes, message_ids: Sequence[int]) -> None:
        """These are deleted, or will never be: forget them."""
        with _said("footprints_not_cleared"):
            await asyncio.to_thread(self._footprints.cleared, self._address(chat), message_ids)

    async def erase(self, chat: bytes, remover: Remover) -> Erased:
        """Delete all that lies in the chat now, and forget it. What is not reached now is deleted
        by the sweeper, also after a restart. Asked again, it finds what is left.
        """
        address = self._address(chat)
        try:
            await asyncio.to_thread(self._footprints.leave, address)
            removed, later = await self._clear(chat, remover, soon_seconds=0)
            known = await asyncio.to_thread(self._footprints.of, address)
            now = self._footprints.clock()
            too_old = [one.id for one in known if not one.deletable(now)]
            await asyncio.to_thread(self._footprints.cleared, address, too_old)
        except (StoreError, VaultError) as error:
            report.alarm("chat_not_erased", error)
            return Erased(0, 0, 1)
        if later:
            self._wake.set()
        return Erased(removed, len(too_old), later)

    async def run(self, remover: Remover, rest: float = LOOK_SECONDS) -> None:
        """Sweep for ever, every `rest` seconds, at once when it starts. Cancel it to stop."""
        while True:
            self._wake.clear()
            later = await self.sweep(remover)
            with suppress(TimeoutError):
                async with asyncio.timeout(min(rest, AGAIN_SECONDS) if later else rest):
                    await self._wake.wait()

    async def sweep(self, remover: Remover) -> int:
        """Delete what is due in all chats; gives how many messages were not reached."""
        waiting, self._unsaved = self._unsaved, []
        for note in waiting:
            await self._save(note)
        if not self._carries():
            return 0
        removed = later = too_old = vain = 0
        with _said("chats_not_swept"):
            aliases = await asyncio.to_thread(self._footprints.aliases)
            here = bisect_right(aliases, self._after)
            for some in portions(aliases[here:] + aliases[:here]):
                found = await asyncio.to_thread(self._footprints.due, some, self._clear_seconds)
                too_old += found.too_old
                for alias, address in found.chats:
                    if (address.channel, address.bot) != (self._channel, self._bot):
                        continue  # of a bot that we are no more: only that one could delete them
                    done, left = await self._clear(address.person, remover)
                    removed, later, self._after = removed + done, later + left, alias
                    vain = vain + 1 if left else 0
                    if vain == IN_VAIN:
                        break
                if vain == IN_VAIN:
                    break
        self._tell(removed, later, too_old)
        return later

    async def _clear(
        self, chat: bytes, remover: Remover, soon_seconds: float = SOON_SECONDS
    ) -> tuple[int, int]:
        """Deletes what is due in one chat: how many are done, how many were not reached."""
        times = (self._clear_seconds, soon_seconds)
        lock = self._alone.setdefault(chat, asyncio.Lock())
        removed = 0
        async with lock:
            known = await asyncio.to_thread(self._footprints.of, self._address(chat))
            while known:
                now = self._footprints.clock()
                due = [one.id for one in known if one.due(now, *times)][:AT_ONCE]
                if not due:
                    break
                done = await _removed(remover, chat, due)
                # The thread starts before anything can be cancelled: what was deleted is cleared.
                await asyncio.to_thread(self._footprints.cleared, self._address(chat), done)
                removed += len(done)
                known = [one for one in known if one.id not in done]
                if len(done) < len(due):
                    now = self._footprints.clock()
                    return removed, sum(one.due(now, *times) for one in known)
        return removed, 0

    async def _save(self, note: Noted) -> None:
        try:
            await self._hand_in(note)
        except Unavailable:
            # A message that nobody knows of would stay in the chat: it is tried again.
            if len(self._unsaved) < KEPT_IN_NEED:
                self._unsaved.append(note)
            report.alarm("footprint_not_saved", count=len(self._unsaved))

    def _tell(self, removed: int, later: int, too_old: int) -> None:
        if removed:
            report.note("messages_cleared", count=removed)
        if later:
            report.alarm("messages_not_reached", count=later)
        if too_old > self._too_old:
            report.alarm("messages_too_old_to_delete", count=too_old)
        self._too_old = too_old

    def _address(self, chat: bytes) -> Address:
        return Address(self._channel, self._bot, chat)


async def _removed(remover: Remover, chat: bytes, ids: Sequence[int]) -> set[int]:
    try:
        return set(await remover.remove(chat, ids)).intersection(ids)
    except Exception as error:  # noqa: BLE001 - one chat's fault must not keep the others' messages
        report.alarm("messages_not_removed", error)
        return set()


@contextmanager
def _said(event: str) -> Iterator[None]:
    """Goes on after a fault of the store or the keys, and says it in the log."""
    try:
        yield
    except (StoreError, VaultError) as error:
        report.alarm(event, error)
