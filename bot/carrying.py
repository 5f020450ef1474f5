"""Who carries replies out, by channel, and the pump that hands them over.

It decides nothing. A channel that brings replies to people says here how, and when it could.
"""

import asyncio
import contextlib
from collections.abc import Callable

from bot import report
from bot.channels.contract import Address, Outgoing
from bot.pump import NEVER, Deliver, Pump, Ready
from bot.replicas import OUTBOX, Replicas


class Carrying:
    """The carriers of one service. Use from one event loop."""

    def __init__(
        self, make: Callable[[Deliver, Ready, Callable[[], bool]], Pump], replicas: Replicas
    ) -> None:
        """`make` gives a pump that delivers and asks here."""
        self._carriers: dict[str, tuple[Deliver, Ready]] = {}
        self._replicas = replicas
        self._pump = make(self.deliver, self._ready, replicas.carries)
        self._pumping: asyncio.Task[None] | None = None

    def carry(self, channel: str, deliver: Deliver, ready: Ready) -> None:
        """From now on send the replies of this channel, those from before a restart first."""
        self._carriers[channel] = deliver, ready
        self._replicas.stand()
        if self._pumping is None:
            self._pumping = asyncio.create_task(self._pump.run())

    def waits(self) -> None:
        """A reply waits: here and now it is looked for, and wherever one sends."""
        self._pump.wake()
        if not self._replicas.carries():
            self._replicas.ring(OUTBOX)

    def wake(self) -> None:
        """Another process says so."""
        self._pump.wake()

    async def stop(self) -> None:
        """Leave what is not sent yet in the outbox."""
        pumping, self._pumping = self._pumping, None
        await ended(pumping)

    async def deliver(self, address: Address, outgoing: Outgoing) -> None:
        """By whoever carries for that channel."""
        carrier = self._carriers.get(address.channel)
        if carrier is None:
            report.alarm("reply_without_channel")
            return
        await carrier[0](address, outgoing)

    def _ready(self, address: Address) -> float:
        carrier = self._carriers.get(address.channel)
        if carrier is None:
            # It waits for a replica that has the channel; others do not wait for it.
            return NEVER if address.person else 0.0
        return carrier[1](address)


async def ended(task: asyncio.Task[None] | None) -> None:
    """Cancel it, and wait until it is over."""
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
