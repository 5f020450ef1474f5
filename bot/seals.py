"""Marks for what leaves us and comes back: that we showed this button, in this chat.

It decides how long such a mark is good: as long as the key of the day it was made on lives. A mark
says nothing about the person, and is not kept.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable

from bot.vault import Epoch, KeyRingError, Vault

MAC_BYTES = 6
"""Eight characters. Who guesses can only ask us, each time over the network."""


class ButtonSeal:
    """Marks of the buttons of one bot on one channel."""

    def __init__(
        self, vault: Vault, epochs: Callable[[], tuple[Epoch, ...]], channel: str, bot: str
    ) -> None:
        """`epochs`: the live ones, today's first."""
        self._vault, self._epochs = vault, epochs
        self._channel, self._bot = f"button/{channel}", bot

    def mac(self, chat: bytes, text: str) -> str:
        """Eight characters for a text in this chat, under today's key. Raises `KeyRingError`."""
        return self._made(self._epochs()[0], chat, text)

    def fits(self, chat: bytes, text: str, mac: str) -> bool:
        """Whether it was made for this text in this chat on a day whose key lives."""
        told = mac.encode("utf-8", "replace")
        found = False
        for epoch in self._epochs():
            try:
                made = self._made(epoch, chat, text)
            except KeyRingError:
                continue  # destroyed a moment ago
            found |= hmac.compare_digest(made.encode(), told)
        return found

    def _made(self, epoch: Epoch, chat: bytes, text: str) -> str:
        # The chat's length is told too, so that no other chat and text read the same together.
        once = f"{len(chat)}:{chat.hex()}:{text}"
        mark = self._vault.mark(epoch, self._channel, self._bot, once)
        return urlsafe_b64encode(mark[:MAC_BYTES]).decode()
