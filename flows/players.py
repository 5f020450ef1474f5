"""Who plays a written-down conversation: what one turn of a person is, for `flows.conversations`.

The composition root makes it from the parts that serve people; nothing is decided here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from flows.coverage import WatchedTable


class Player(Protocol):
    """One conversation with the real dialogue, begun at the start of the script.

    Each method takes one turn. When an errand is due, the turn ends; `returned` brings it back.
    """

    def words(self, text: str) -> None:
        """The person typed this."""

    def choose(self, key: str) -> None:
        """The person pressed this choice of the present step."""

    def pick(self, value: str) -> None:
        """The person picked this from the list, or from what was found."""

    def returned(self, outcome: str, values: Mapping[str, tuple[str, ...]]) -> None:
        """The errand that is due came back, or what was typed for a human or as a word code.
        Raises `LookupError` when none is, or not this way.
        """

    def happened(self, news: str, values: Mapping[str, tuple[str, ...]]) -> None:
        """Something changed at the desk. Raises `LookupError` when nobody is told of it."""

    def press_stale(self) -> None:
        """The person pressed a button of an earlier message."""

    def send(self, kind: str) -> None:
        """The person sent something that is not text: voice, photo, file, location, contact."""

    @property
    def state(self) -> str:
        """Where the person is now: `flow/step`."""

    @property
    def slots(self) -> Mapping[str, str]:
        """What is remembered."""

    @property
    def choices(self) -> Sequence[str]:
        """The keys of the choices that are shown, in order."""

    @property
    def said(self) -> str:
        """Everything that was said in the last turn, in the person's language."""

    @property
    def note(self) -> str:
        """The name of the note said in the last turn; empty when there was none."""

    @property
    def ended(self) -> bool:
        """Whether the last turn erased everything."""


MakePlayer = Callable[[WatchedTable, str, datetime | None], Player]
"""`(table, language, now) → a conversation that moves on this very table`."""
