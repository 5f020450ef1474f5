"""The part of a page that goes on by itself: one answer that does not end, without JavaScript; with
it, a request that is answered when there is something new.

It holds open frames and wakes those of a person when something changed; what is said then is for
others to word. It must not remember a person beyond an open frame, and never lets frames take more
than their share: so many for one person, so many in all, and none that nobody reads any more. A
request that waits counts as a frame.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final, Literal, TypeVar

from aiohttp import web

KEEP_ALIVE: Final = 20
"""Seconds between two signs of life, which networks need to see."""
BREATH: Final = b"<!-- -->\n"
MOST_OF_ONE: Final = 3
"""Frames that one person may have open; the oldest ends when there is another."""
AT_ONCE: Final = 100
"""Signs of life given before others have a turn."""
_Kept = TypeVar("_Kept", bound="Ear")
Heard = Literal["new", "sign", "end"]


class Live:
    """All open frames."""

    def __init__(self, most: int) -> None:
        """`most`: frames that may be open at once."""
        self._most = most
        self._frames: dict[bytes, list[Ear]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def is_full(self) -> bool:
        """Whether no further frame may be opened."""
        return self._count >= self._most

    def wake(self, person: bytes) -> None:
        """Something changed for this person."""
        for frame in self._frames.get(person, ()):
            frame.wake()

    def sign(self, person: bytes) -> None:
        """Somebody is writing to this person. Only who waits for it hears it; nothing is kept."""
        for frame in self._frames.get(person, ()):
            frame.sign()

    def end(self, person: bytes) -> None:
        """Everything about this person was erased, or they left."""
        for frame in self._frames.get(person, ()):
            frame.end()

    def end_all(self) -> None:
        """The service stops."""
        for frames in self._frames.values():
            for frame in frames:
                frame.end()

    async def hold(
        self,
        request: web.Request,
        response: web.StreamResponse,
        person: bytes,
        news: Callable[[], Awaitable[bytes]],
    ) -> None:
        """Keep a response open that has begun, and write the news whenever there are some. Returns
        when it was ended; is cancelled when the browser goes away.
        """
        with self._kept(person, _Frame(request, response)) as frame:
            while await frame.changed():
                await response.write(await news())

    @contextlib.contextmanager
    def listen(self, person: bytes) -> Iterator["Ear"]:
        """Hear of what changes for a person from now on, for a request that waits."""
        with self._kept(person, Ear()) as ear:
            yield ear

    @contextlib.contextmanager
    def _kept(self, person: bytes, ear: "_Kept") -> Iterator["_Kept"]:
        ears = self._frames.setdefault(person, [])
        ears.append(ear)
        self._count += 1
        if len(ears) > MOST_OF_ONE:
            ears[0].end()
        try:
            yield ear
        finally:
            ears.remove(ear)
            self._count -= 1
            # Another list may stand there when this one was emptied and taken away before.
            if not ears and self._frames.get(person) is ears:
                del self._frames[person]

    async def keep_alive(self, app: web.Application) -> AsyncIterator[None]:
        """Gives signs of life while the application runs: one clock for all, as one for each would
        be what an idle frame costs most.
        """
        del app
        clock = asyncio.create_task(self._breathe_for_ever())
        yield
        clock.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await clock

    async def _breathe_for_ever(self) -> None:
        while True:
            await asyncio.sleep(KEEP_ALIVE)
            everyone = [frame for frames in self._frames.values() for frame in frames]
            for number, frame in enumerate(everyone):
                await frame.breathe()
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)


class Ear:
    """Hears of what changes for one person."""

    __slots__ = ("_ended", "_signed", "_waiting", "_woken")

    def __init__(self) -> None:
        self._waiting: asyncio.Future[None] | None = None
        self._woken = self._ended = self._signed = False

    def wake(self) -> None:
        """Something changed."""
        self._woken = True
        self._go_on()

    def sign(self) -> None:
        """Somebody is writing to them."""
        self._signed = True
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def end(self) -> None:
        """Nothing comes any more."""
        self._ended = True
        self.wake()

    async def changed(self) -> bool:
        """Waits for something new. False when nothing comes any more."""
        return await self.heard() != "end"

    async def heard(self) -> Heard:
        """Waits for something new, or for a sign that somebody writes; what is new comes first."""
        if not (self._woken or self._signed):
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        signs = self._signed and not self._woken
        self._woken = self._signed = False
        if self._ended:
            return "end"
        return "sign" if signs else "new"

    async def breathe(self) -> None:
        """A sign of life to the other side, where it needs one."""


class _Frame(Ear):
    """One open frame."""

    __slots__ = ("_request", "_response")

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        super().__init__()
        self._request, self._response = request, response

    def sign(self) -> None:
        """A page of this kind does not show it."""

    async def breathe(self) -> None:
        """A remark that no browser shows."""
        transport = self._request.transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size():
            # What was sent before has not even left: nobody is there to read it.
            transport.abort()
            return
        with contextlib.suppress(ConnectionError):
            await self._response.write(BREATH)
