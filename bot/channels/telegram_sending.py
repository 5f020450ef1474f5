"""Sends: what waits for one chat leaves in its order, whatever goes wrong, and never in a storm.

    put(chat, job)  →  the chat's jobs, one after another  →  each of its calls: paced, tried again

A job is tried until it succeeds, is refused for good, or is too old to be of use. What waits in
memory is bounded in all and in each chat; `put` waits for a place, so that the rest stays in the
outbox, on disk. It must not know what is said, and never logs a chat.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, TypeVar

from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.channels.telegram_pace import ALL_SECONDS, CHAT_SECONDS, Pace
from bot.channels.telegram_request import TooMany

MOST_WAITING: Final = 512
"""Jobs in memory, of all chats."""
MOST_IN_CHAT: Final = 32
"""Jobs of one chat. The oldest gives way: what a person did last is what they wait for."""
MOST_CHATS: Final = 32
"""Chats with jobs in memory, while more wait on the disk."""
BUSY_SECONDS: Final = 0.05
"""Until it is of use to ask again whether a chat is free."""
_LOG = logging.getLogger("quietline.telegram")
_T = TypeVar("_T")
Job = Callable[[], Awaitable[object]]


class Closed(Exception):
    """The chat is closed to us for good: blocked, deleted, or never opened."""


class Refused(Exception):
    """Telegram will not do this, however often it is asked."""


class GaveUp(Exception):
    """It did not succeed while it was of use, or it is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. Others than these only where nobody waits: in tests and the demonstration."""

    first: float = 1.0
    """Until a call is tried again; then twice as long, and so on."""
    most: float = 30.0
    give_up: float = 1_800.0
    chat: float = CHAT_SECONDS
    """Between messages in one chat."""
    every: float = ALL_SECONDS
    """Between calls in all."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Job
    placed: bool
    """Whether it takes one of the places, which it must give back."""


@dataclass(slots=True)
class _Chat:
    jobs: deque[_Waiting] = field(default_factory=deque)
    cut: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when what is being sent is not wanted any more; then a new one takes its place."""


class Sender:
    """The jobs of all chats. Use from one event loop."""

    def __init__(
        self, closed: Callable[[int], Awaitable[None]], patience: Patience, pace: Pace | None = None
    ) -> None:
        """`closed` is told of a chat that is closed to us."""
        self._closed, self._patience = closed, patience
        self._pace = pace or Pace(patience.every, patience.chat)
        self._chats: dict[int, _Chat] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(MOST_WAITING)

    async def put(self, chat: int, job: Job, *, first: bool = False) -> None:
        """Have this done after what waits for the chat. `first`: instead of it, and at once."""
        if first:
            self.cut(chat)
        else:
            await self._places.acquire()
        line = self._chats.get(chat)
        if line is None:
            line = self._chats[chat] = _Chat()
            task = asyncio.create_task(self._run(chat, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        line.jobs.append(_Waiting(job, placed=not first))
        if len(line.jobs) > MOST_IN_CHAT and line.jobs[0].placed:
            line.jobs.popleft()
            self._places.release()

    def ready(self, chat: int) -> float:
        """Seconds until a message to that chat could leave; what is put in sooner waits in memory,
        where a crash loses it.
        """
        if chat in self._chats or len(self._chats) >= MOST_CHATS:
            return BUSY_SECONDS
        return self._pace.left(chat, message=True)

    def cut(self, chat: int) -> None:
        """Nothing that waits for this chat is wanted any more."""
        line = self._chats.get(chat)
        if line is None:
            return
        while line.jobs:
            if line.jobs.popleft().placed:
                self._places.release()
        line.cut.set()
        line.cut = asyncio.Event()

    async def _run(self, chat: int, line: _Chat) -> None:
        while line.jobs:
            waiting = line.jobs.popleft()
            try:
                await waiting.job()
            except Closed:
                self.cut(chat)
                await self._tell_closed(chat)
            except GaveUp:
                continue
            except Refused as refused:
                note("not_sent", refused)
            except Exception as bug:  # noqa: BLE001 - one answer's fault must not hold up the next
                note("not_sent", bug)
            finally:
                if waiting.placed:
                    self._places.release()
        del self._chats[chat]

    async def _tell_closed(self, chat: int) -> None:
        try:
            await self._closed(chat)
        except Exception as bug:  # noqa: BLE001 - as above
            note("closed_not_told", bug)

    async def call(
        self, chat: int, make: Callable[[], Awaitable[_T]], *, message: bool, lasting: bool = False
    ) -> _T:
        """One call, in step with all others, tried again while that is of use.

        `message`: counts as a message in its chat. `lasting`: goes on although the chat's jobs are
        cut. Raises `Closed`, `Refused` or `GaveUp`.
        """
        line = None if lasting else self._chats.get(chat)
        cut = line.cut if line else asyncio.Event()
        clock = asyncio.get_running_loop().time
        until, pause = clock() + self._patience.give_up, self._patience.first
        while True:
            while wait := self._pace.wait(chat, message=message):
                if clock() + wait > until:
                    raise GaveUp
                await _rest(wait, cut)
            try:
                made = await make()
            except TooMany as refused:
                self._pace.refused(chat, refused.seconds, message=message)
            except Forbidden:
                raise Closed from None
            except BadRequest as refused:
                raise _for_good(refused) from None
            except (NetworkError, InvalidToken) as broken:
                # A token that is refused is being changed for another, or soon will be.
                note("telegram_not_reached", broken)
                await _rest(pause * random.uniform(0.7, 1), cut)  # nosec B311  # noqa: S311 - only a time
                pause = min(pause * 2, self._patience.most)
            except TelegramError as refused:
                note("telegram_refused", refused)
                raise Refused(type(refused).__name__) from None
            else:
                self._pace.went_well()
                return made
            if clock() > until:
                raise GaveUp

    async def in_passing(self, chat: int, make: Callable[[], Awaitable[object]]) -> None:
        """A call that is of use at this moment only: left out where anything waits, and never tried
        again. It raises nothing of Telegram's.
        """
        if chat in self._chats or self._pace.wait(chat, message=False):
            return
        try:
            await make()
        except TooMany as refused:
            self._pace.refused(chat, refused.seconds, message=False)
        except TelegramError as broken:
            note("passed_over", broken)

    async def stop(self, seconds: float) -> None:
        """Let what waits be sent, for so long at most."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _for_good(refused: TelegramError) -> Exception:
    words = refused.message.lower()
    gone = any(said in words for said in ("chat not found", "user is deactivated", "peer_id"))
    return Closed() if gone else Refused(type(refused).__name__)


async def _rest(seconds: float, cut: asyncio.Event) -> None:
    """So long, or until it is not wanted any more: then raises `GaveUp`."""
    try:
        await asyncio.wait_for(cut.wait(), seconds)
    except TimeoutError:
        return
    raise GaveUp


def note(event: str, broken: BaseException) -> None:
    """What kind of error, and where. Never its words: they may be a person's."""
    trace = broken.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = PurePath(trace.tb_frame.f_code.co_filename).stem if trace else "?"
    line = trace.tb_lineno if trace else 0
    _LOG.error("%s %s at %s:%d", event, type(broken).__name__, where, line)
