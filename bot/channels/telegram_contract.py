"""What the Telegram channel needs besides a `Conversation`, as small parts that others build.

It must not hold code that does anything. A chat is named by its id in digits, as bytes: it is the
`Address.person` of the channel, so it is never stored in the clear and never logged. Message ids
are Telegram's: whole numbers that grow within a chat, good only together with the chat and bot.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

CHANNEL = "telegram"
"""`Address.channel` of this channel."""


class Seal(Protocol):
    """Marks buttons, so that nobody can press one that we did not show in that chat."""

    def mac(self, chat: bytes, text: str) -> str:
        """Eight characters of `A-Za-z0-9_-` for a text in this chat, under today's key."""
        ...

    def fits(self, chat: bytes, text: str, mac: str) -> bool:
        """Whether `mac` is of this text in this chat under any key that still lives; takes the
        same time whatever the answer.
        """
        ...


class Erased(Protocol):
    """What became of the messages of a chat."""

    @property
    def too_old(self) -> int:
        """Messages that Telegram lets nobody but the person delete any more."""
        ...

    @property
    def later(self) -> int:
        """Messages that were not reached now; the sweeper goes on with them."""
        ...


class Remover(Protocol):
    """The Telegram channel, for whoever deletes."""

    async def remove(self, chat: bytes, message_ids: Sequence[int]) -> Sequence[int]:
        """Delete these messages, in calls of 100, in step with what else is sent. Gives those that
        are done with: deleted, or refused for good (too old, chat closed to us). The others were
        not reached, and can be tried again. Never raises but for being cancelled.
        """
        ...


class Footprints(Protocol):
    """Remembers, sealed, which messages lie in a chat, for as long as they can be deleted there.

    Telegram lets a bot delete messages of both sides for 48 hours; those older than 47 are not
    tried any more. No method raises when the store fails: it is noted, and the sweep goes on.
    """

    async def note(
        self,
        chat: bytes,
        message_ids: Sequence[int],
        *,
        soon: bool = False,
        sent: float | None = None,
    ) -> None:
        """These messages now lie in the chat. Durable on return. `soon`: the next sweep takes them,
        however young they are (they were to be deleted a minute later, had nothing come between).
        `sent`: seconds since 1970, for those that came late.
        """
        ...

    async def cleared(self, chat: bytes, message_ids: Sequence[int]) -> None:
        """These are deleted, or will never be: forget them."""
        ...

    async def erase(self, chat: bytes, remover: Remover) -> Erased:
        """Delete all that lies in the chat now, and forget it."""
        ...


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How the channel behaves here."""

    languages: tuple[str, ...]
    """Codes that `say` speaks; the first is spoken where the device names none of them."""
    public_url: str = ""
    """Where the safer page is; empty where there is none."""
    clear_hours: int = 24
    """Hours until messages are deleted by themselves."""
    burst: int = 40
    """Messages that a chat may send at any speed; after those, 20 a minute."""
    fade_seconds: float = 60.0
    """How long the last words after erasing stay."""


Say = Callable[[str, str, Mapping[str, str]], str]
"""`(language, key, fillers) → words`, of the catalogue of the user interface."""

Urgent = Callable[[str], bool]
"""Whether typed text asks for help now, or to leave: such words are never passed over."""
