"""What goes wrong on the way to Telegram, on demand.

    telegram.fail("sendMessage", Fault.too_many(2), times=3)
    telegram.fail("sendMessage", Fault.hang(), chat=chat)

A fault is used up by the calls that it hits, the oldest first.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.botapi.refusals import BLOCKED, Refused, too_many

Kind = Literal["refuse", "page", "hang", "cut", "lose"]
ANY = "*"
"""Stands for every method."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with one call."""

    kind: Kind
    refused: Refused | None = None
    status: int = 502
    seconds: float = 3600

    @classmethod
    def too_many(cls, retry_after: int) -> "Fault":
        """429: nothing is done; the bot is to wait so many seconds."""
        return cls("refuse", too_many(retry_after))

    @classmethod
    def server(cls, code: int = 500) -> "Fault":
        """5xx in JSON: nothing is done."""
        return cls("refuse", Refused(code, "Internal Server Error"))

    @classmethod
    def page(cls, status: int = 502) -> "Fault":
        """5xx with a page in HTML, as from a server in front: nothing is done."""
        return cls("page", status=status)

    @classmethod
    def blocked(cls) -> "Fault":
        """403: the person blocked the bot."""
        return cls("refuse", Refused(403, BLOCKED))

    @classmethod
    def refuse(cls, code: int, description: str) -> "Fault":
        """Any other refusal."""
        return cls("refuse", Refused(code, description))

    @classmethod
    def hang(cls, seconds: float = 3600) -> "Fault":
        """No answer and nothing is done; after that time the connection is cut."""
        return cls("hang", seconds=seconds)

    @classmethod
    def cut(cls) -> "Fault":
        """The connection is cut before anything is done."""
        return cls("cut")

    @classmethod
    def lose(cls) -> "Fault":
        """It is done, and the connection is cut before the answer."""
        return cls("lose")


@dataclass(slots=True)
class Waiting:
    """A fault and whom it will hit."""

    method: str
    fault: Fault
    times: int
    chat: int | None
    hit: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it has hit for the last time."""


class Faults:
    """What is still to go wrong."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    def add(self, method: str, fault: Fault, times: int, chat: int | None) -> Waiting:
        """Let it go wrong so many times. `method`: `ANY` for every one."""
        waiting = Waiting(method, fault, times, chat)
        self._waiting.append(waiting)
        return waiting

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def take(self, method: str, params: dict[str, Any]) -> Fault | None:
        """What goes wrong with this call, used up by it."""
        for waiting in self._matching(method, params):
            waiting.times -= 1
            if waiting.times <= 0:
                self._waiting.remove(waiting)
                waiting.hit.set()
            return waiting.fault
        return None

    def _matching(self, method: str, params: dict[str, Any]) -> Iterator[Waiting]:
        for waiting in list(self._waiting):
            chat = waiting.chat is None or str(waiting.chat) == str(params.get("chat_id", ""))
            if waiting.method.lower() in {ANY, method.lower()} and chat:
                yield waiting
