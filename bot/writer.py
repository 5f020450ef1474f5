"""The one thread that takes turns: it collects what is in flight and has it committed together.

It decides nothing about a turn. Its rules: a bounded number wait inside, further callers wait
outside and nothing is dropped; the order of arrival is the order of work; an answer is handed out
only after the commit of its group; when a group fails, each of its callers gets `Unavailable` and
the thread goes on. So does everybody while a group stands still, as over a database that neither
answers nor hangs up: a turn of theirs that is kept later has its effect once, like any that comes
twice.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from bot import report
from bot.channels.contract import Unavailable
from bot.tasks import Answer, Task

MOST_IN_GROUP = 64
MOST_WAITING = 2_048
STILL_SECONDS = 8.0
"""A group that takes longer stands still: nobody waits for it any more."""
LOOK_SECONDS = 0.5

Take = Callable[[Sequence[Task]], list[Answer]]
_Waiting = tuple[Task, "asyncio.Future[Answer]"]


class Writer:
    """Runs groups of turns in a thread of its own. Use from one event loop."""

    def __init__(
        self,
        take: Take,
        *,
        idle: Callable[[], None] | None = None,
        still_seconds: float = STILL_SECONDS,
    ) -> None:
        """`take` works on one group and returns after its commit. `idle` runs in the thread once
        a minute.
        """
        self._take, self._idle, self._still_seconds = take, idle, still_seconds
        self._began: float | None = None
        """When the group under way was begun."""
        self._asked: set[asyncio.Future[Answer]] = set()
        """Answers that somebody waits for."""
        self._looking: asyncio.TimerHandle | None = None
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._places = asyncio.Semaphore(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._loop = asyncio.get_running_loop()
        self._ended = False

    def start(self) -> None:
        """Begin to take turns."""
        self._thread.start()
        self._looking = self._loop.call_later(LOOK_SECONDS, self._look)

    async def stop(self) -> None:
        """Finish what was handed in, then end the thread; who still waits outside is told no."""
        self._ended = True
        self._queue.put(None)
        if self._looking is not None:
            self._looking.cancel()
        await asyncio.to_thread(self._thread.join)

    @property
    def waiting(self) -> int:
        """How many turns are handed in and not yet begun, for those who watch the service."""
        return self._queue.qsize()

    async def hand_in(self, task: Task) -> Answer:
        """The answer to one task, once it is durable. Waits for a place. Raises `Unavailable`."""
        if self._stands_still():
            raise Unavailable
        await self._places.acquire()
        if self._ended:
            self._places.release()
            raise Unavailable
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._asked.add(answer)
        answer.add_done_callback(self._asked.discard)
        self._queue.put((task, answer))
        # A caller that goes away does not undo a turn that is under way, and its place stays taken
        # until that turn is done: who opens and leaves in a hurry cannot make the queue grow.
        return await answer

    def _stands_still(self) -> bool:
        began = self._began
        return began is not None and time.monotonic() - began > self._still_seconds

    def _look(self) -> None:
        """Tell all who wait for a group that stands still, and for those behind it."""
        self._looking = self._loop.call_later(LOOK_SECONDS, self._look)
        if self._asked and self._stands_still():
            report.alarm("group_stands_still", count=len(self._asked))
            for answer in self._asked:
                if not answer.done():
                    answer.set_exception(Unavailable())
            self._asked.clear()

    def _run(self) -> None:
        while True:
            group = self._next_group()
            if group is None:
                return
            if group:
                self._work(group)
            elif self._idle is not None:
                self._idle()
            # What somebody wrote last is not kept here until somebody else writes.
            del group

    def _next_group(self) -> list[_Waiting] | None:
        """All that waits now, up to the most; empty after a quiet minute; None when it is time to
        end.
        """
        try:
            first = self._queue.get(timeout=60)
        except Empty:
            return []
        if first is None:
            return None
        group = [first]
        while len(group) < MOST_IN_GROUP:
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                break
            if waiting is None:
                self._queue.put(None)
                break
            group.append(waiting)
        return group

    def _work(self, group: list[_Waiting]) -> None:
        self._began = time.monotonic()
        try:
            answers: list[Answer] | BaseException = self._take([task for task, _ in group])
        except Exception as error:  # noqa: BLE001 - the thread outlives any fault; each caller is told
            report.alarm("group_not_saved", error, count=len(group))
            answers = Unavailable()
        self._began = None
        self._loop.call_soon_threadsafe(self._hand_out, [future for _, future in group], answers)

    def _hand_out(
        self, futures: list["asyncio.Future[Answer]"], answers: list[Answer] | BaseException
    ) -> None:
        for number, future in enumerate(futures):
            self._places.release()
            if future.done():
                continue
            if isinstance(answers, BaseException):
                future.set_exception(Unavailable())
            else:
                future.set_result(answers[number])
