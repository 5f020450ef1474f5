"""People who ask for a human, as a channel without a page of its own sees them."""

import asyncio
import itertools
from dataclasses import dataclass, field

from bot.app import Service
from bot.channels.contract import Address, Heard, Incoming, Outgoing, Pressed

NUMBERS = itertools.count(1)


@dataclass
class Person:
    """Somebody at a page without JavaScript, or in a messenger."""

    service: Service
    channel: str = "web"
    address: Address = field(init=False)
    delivered: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        number = next(NUMBERS).to_bytes(32, "big")
        secret = number if self.channel == "web" else b""
        self.address = Address(self.channel, "site", number, secret)
        if self.channel != "web":
            self.service.carry(self.channel, self._deliver)

    async def _deliver(self, address: Address, out: Outgoing) -> None:
        if address.person == self.address.person:
            self.delivered.append(said(out))

    async def do(self, heard: Heard) -> Outgoing:
        """One input, and what they are shown after it."""
        push = self.channel != "web"
        once = f"n{next(NUMBERS)}"
        incoming = Incoming(self.address, heard, once=once, language="en", push=push)
        out = await self.service.take(incoming)
        return out or await self.look()

    async def look(self) -> Outgoing:
        return await self.service.look(self.address, "en")

    async def choose(self, *keys: str) -> Outgoing:
        """Press what is on the screen, one after another."""
        out = await self.look()
        for key in keys:
            assert key in [option.key for option in out.options], (key, out.options)
            out = await self.do(Pressed(key, out.mark))
        return out

    async def hears(self, text: str) -> None:
        """Wait until that was brought."""
        for _ in range(200):
            if any(text in one for one in self.delivered):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{text!r} was never said: {self.delivered}")

    async def ask(self) -> Outgoing:
        """Ask for a human and agree."""
        await self.do(Pressed("!human", ""))
        return await self.choose("yes", "noted")


def said(out: Outgoing) -> str:
    return "\n".join(line.text for block in out.blocks for line in block.lines)


def lines(out: Outgoing) -> list[tuple[str, str]]:
    assert out.chat is not None
    return [(line.by, line.text) for line in out.chat.lines]


def words_of(out: Outgoing) -> str:
    """The six words on the screen."""
    (card,) = [block for block in out.blocks if block.kind == "card"]
    return card.lines[0].text
