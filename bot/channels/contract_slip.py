"""What the page for services asks of a referral slip, and what it is told: a part of `contract`.

It decides nothing. Words that were typed live for one call.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

SLIP_SAYINGS: Final = ("arrived", "full", "refused", "closed")
"""What a service can answer."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What typed words are."""

    outcome: Literal["good", "unknown", "wait", "words"]
    """`good`: it can be answered, or was answered just now. `unknown`: whatever opens nothing.
    `wait`: too many wrong tries. `words`: not five words of a slip.
    """
    words: str = field(default="", repr=False)
    """The words as they were meant, with spaces between them."""
    name: str = field(default="", repr=False)
    """The name of the service, where it is harmless to show it to whoever found a paper."""
    count: int = 0
    """How many words there were; with `words`."""
    wrong: tuple[int, ...] = ()
    """Which of five are none of ours, counted from 1; with `words`."""


class Slips(Protocol):
    """Looks slips up for services. `place`: who tries, as any bytes that stay the same, or none.

    Both block for some milliseconds, and raise `Unavailable`.
    """

    def look(self, words: str, place: bytes, language: str) -> Slip:
        """What the words are; nothing changes."""
        ...

    def answer(self, words: str, said: str, place: bytes) -> Slip:
        """Uses the slip up with one of `SLIP_SAYINGS`."""
        ...
