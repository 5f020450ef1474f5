"""The desks that are open now: each is told what changed, as a whole picture of it.

It decides when a picture is sent: at once when something in it changed, the queue at most once a
second, and nothing twice but the number of a state that goes on rising. A page that does not keep
up gets the newest picture of each kind and no more. It must not make the pictures itself, nor keep
one for longer than it takes to send it.
"""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot import report
from bot.console.said import Words
from bot.staff import StoreError

BREATH_SECONDS: Final = 0.04
"""Between two looks, so that a hundred changes at once are one."""
LOOK_SECONDS: Final = 1.0
"""Time alone changes some things: who is due for a pause, what another process did."""
QUEUE_SECONDS: Final = 1.0
STAND_SECONDS: Final = 5.0
"""Between two pictures that differ in their `stand` alone: a page learns by it that what an answer
told it of did not last long enough to be in any picture.
"""
MOST_SEATS: Final = 500
FRAME_BYTES: Final = 1024
"""Frames are a multiple of this, so that their length tells little."""
Picture = Mapping[str, Any]


@dataclass(eq=False, slots=True)
class Seat:
    """One open page of somebody at the desk."""

    staff: str
    words: Words
    lead: bool
    line: str = field(default_factory=lambda: secrets.token_hex(8))
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    due: dict[str, Picture] = field(default_factory=dict)
    sent: dict[str, Picture] = field(default_factory=dict, repr=False)
    queued: float = 0.0
    """When the queue was shown, by the loop's clock."""
    stood: float = 0.0
    """When a picture with a `stand` was shown, by the loop's clock."""
    wants_queue: bool = True
    """Whether it is time to show it again."""

    def give(self, picture: Picture) -> None:
        """That is to be sent, instead of an older one of its kind."""
        self.due[str(picture["what"])] = picture
        self.ready.set()

    def take(self, now: float) -> Iterator[str]:
        """The frames that are to be sent now."""
        self.ready.clear()
        while self.due:
            _, picture = self.due.popitem()
            yield frame({**picture, "now": now})


class Painter:
    """What makes pictures: asked in a thread of its own."""

    def look(self) -> None:
        """See what other processes changed."""
        raise NotImplementedError

    def pictures(self, seat: Seat) -> Sequence[Picture]:
        """Everything that a seat is to see now, by `what`."""
        raise NotImplementedError

    def here(self, staff: str, line: str, *, there: bool) -> None:
        """A line of somebody opened or ended."""
        raise NotImplementedError


class Hub:
    """All open desks of one console."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seats: set[Seat] = set()
        self._painter: Painter | None = None
        self._dirty = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._painting: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._seats)

    def staff(self) -> frozenset[str]:
        """Who has a page open."""
        return frozenset(seat.staff for seat in tuple(self._seats))

    def wake(self) -> None:
        """Something changed. Any thread may say so."""
        if self._loop is not None:
            # The loop may be closing while another thread still works.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._dirty.set)

    def tell(self, staff: Sequence[str], picture: Picture) -> None:
        """One picture to some of them, now. Any thread may say so."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._give, tuple(staff), picture)

    @contextlib.asynccontextmanager
    async def sit(self, seat: Seat, painter: Painter) -> AsyncIterator[Seat]:
        """A page is open as long as this lasts. Raises `OverflowError` when there are too many."""
        if len(self._seats) >= MOST_SEATS:
            raise OverflowError
        self._loop, self._painter = asyncio.get_running_loop(), painter
        self._seats.add(seat)
        if self._painting is None:
            self._painting = asyncio.create_task(self._paint(), name="desks")
        try:
            await asyncio.to_thread(painter.here, seat.staff, seat.line, there=True)
            self._dirty.set()
            yield seat
        finally:
            self._seats.discard(seat)
            # Also when the handler is being cancelled: an operator who is gone must be known.
            await asyncio.shield(asyncio.to_thread(self._gone, painter, seat))

    async def close(self) -> None:
        """No more pictures."""
        painting, self._painting = self._painting, None
        if painting is not None:
            painting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await painting

    @staticmethod
    def _gone(painter: Painter, seat: Seat) -> None:
        try:
            painter.here(seat.staff, seat.line, there=False)
        except StoreError as error:
            report.alarm("desk_line_failed", error)

    def _give(self, staff: Sequence[str], picture: Picture) -> None:
        for seat in self._seats:
            if seat.staff in staff:
                seat.give(picture)

    async def _paint(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._dirty.wait()
            self._dirty.clear()
            seats, now = list(self._seats), asyncio.get_running_loop().time()
            for seat in seats:
                seat.wants_queue = now - seat.queued >= QUEUE_SECONDS
            if seats and self._painter is not None:
                try:
                    painted = await asyncio.to_thread(_painted, self._painter, seats)
                except Exception as error:  # noqa: BLE001  # the next look may be well again
                    report.alarm("desk_pictures_failed", error)
                    painted = []
                for seat, picture in painted:
                    self._show(seat, picture)
            await asyncio.sleep(BREATH_SECONDS)

    def _show(self, seat: Seat, picture: Picture) -> None:
        what, now = str(picture["what"]), asyncio.get_running_loop().time()
        before = seat.sent.get(what)
        if before == picture:
            return
        if "stand" in picture:
            same = before is not None and {**before, "stand": picture["stand"]} == picture
            if same and now - seat.stood < STAND_SECONDS:
                return
            seat.stood = now
        if what == "queue":
            seat.queued = now
        seat.sent[what] = picture
        seat.give(picture)


def _painted(painter: Painter, seats: Sequence[Seat]) -> list[tuple[Seat, Picture]]:
    painter.look()
    return [(seat, picture) for seat in seats for picture in painter.pictures(seat)]


def frame(picture: Picture) -> str:
    """A picture as it goes over the line, filled up to the next size. ASCII."""
    bare = json.dumps({**picture, "fill": ""}, separators=(",", ":"))
    fill = -len(bare) % FRAME_BYTES
    return bare[:-2] + "x" * fill + '"}'
