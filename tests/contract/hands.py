"""What a person does on a channel and what they see there, said in the same way for every channel.

A channel's own look is taken away here: numbers, edges, page turns, words of the channel itself.
What is left must be the same on all.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from bot.channels.contract import Address

ISOLATES = "\u2066\u2067\u2068\u2069"
"""A terminal is not sent these; elsewhere they keep names from turning a sentence round."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer, as it can be read and pressed."""

    blocks: tuple[str, ...]
    """What was said, piece by piece."""
    labels: tuple[str, ...]
    """All that can be pressed, in order: cards, choices, the long list, the bar."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel itself took no notice of it, and said so; the conversation is where it was."""


def seen(blocks: Iterable[str], labels: Iterable[str]) -> Seen:
    """An answer, with one blank between words and no marks that cannot be seen."""
    return Seen(
        tuple(text for block in blocks if (text := plain(block))),
        tuple(plain(label) for label in labels),
    )


def plain(text: str) -> str:
    """The words alone."""
    return " ".join("".join(sign for sign in text if sign not in ISOLATES).split())


class Hands(ABC):
    """A person at one channel. Each method waits for the answer."""

    has_buttons: ClassVar[bool] = True
    """Whether a button of an earlier answer can still be pressed, or one be made up."""

    @abstractmethod
    async def come(self) -> Seen:
        """Arrive, as somebody new."""

    @abstractmethod
    async def press(self, place: int) -> Seen:
        """Press what stands at that place of `Seen.labels` in the newest answer."""

    @abstractmethod
    async def say(self, text: str) -> Seen:
        """Write."""

    @abstractmethod
    async def send_voice(self) -> Seen | Refused:
        """Send a voice message, as far as this can be done here."""

    async def press_old(self, place: int, answers_ago: int) -> Seen:
        """Press a button of an earlier answer."""
        raise NotImplementedError

    async def press_forged(self, key: str, mark: str) -> Seen:
        """Press a button that was never shown."""
        raise NotImplementedError

    @property
    @abstractmethod
    def address(self) -> Address:
        """Where this person is known."""

    @abstractmethod
    async def go(self) -> None:
        """Let go of the channel."""
