"""The vault: names for people that mean nothing outside a day, and sealing under that day's key.

It decides how a name is made and which key opens what. It must not log, keep an address, a
plaintext or a key, or tell anyone why something did not open.
"""

import hmac
import os
from functools import cache
from typing import NewType

from bot.vault import sealing
from bot.vault.errors import NoKey, Unopenable
from bot.vault.keyring import Epoch
from bot.vault.ring import Ring

Alias = NewType("Alias", bytes)
"""16 bytes: the only name of a person that is stored. It changes with the epoch."""

_FIRST_SEQUENCE_BYTES = 5


def first_sequence() -> int:
    """A random number below 2^40 to count a new session from: it hides how many turns there were.

    Draw a new one whenever a session moves to another epoch, or it would link the two names.
    """
    return int.from_bytes(os.urandom(_FIRST_SEQUENCE_BYTES), "big")


class Vault:
    """Aliases, marks and sealing with the keys of one ring. Holds nothing else."""

    __slots__ = ("_ring",)

    def __init__(self, ring: Ring) -> None:
        """The ring is asked each time, so that a destroyed key is gone at once."""
        self._ring = ring

    def alias(self, epoch: Epoch, channel: str, bot: str, person: bytes) -> Alias:
        """The name of that person in that epoch. Raises `NoKey`."""
        told = _stem(b"alias/v1", channel, bot) + _measured(person)
        return Alias(hmac.digest(self._ring.pepper(epoch), told, "sha256")[:16])

    def mark(self, epoch: Epoch, channel: str, bot: str, once: str) -> bytes:
        """16 bytes that stand for one delivery, so that a second one is known. Raises `NoKey`.

        A delivery repeated after midnight has another mark: look for those of every live epoch.
        """
        told = (
            b"mark/v1" + _measured(_utf8(channel)) + _measured(_utf8(bot)) + _measured(_utf8(once))
        )
        return hmac.digest(self._ring.pepper(epoch), told, "sha256")[:16]

    def seal(
        self, table: str, alias: bytes, epoch: Epoch, sequence: int, secret: bytes, plaintext: bytes
    ) -> bytes:
        """The plaintext sealed to that row of that table. Raises `NoKey` or `TooLong`."""
        where = sealing.place(table, alias, epoch, sequence)
        return sealing.seal(self._ring.key(epoch), secret, where, plaintext)

    def open(
        self, table: str, alias: bytes, epoch: Epoch, sequence: int, secret: bytes, sealed: bytes
    ) -> bytes:
        """What was sealed there. Raises `Unopenable` for a wrong key, place or byte alike."""
        try:
            key = self._ring.key(epoch)
            where = sealing.place(table, alias, epoch, sequence)
            return sealing.unseal(key, secret, where, sealed)
        except (NoKey, ValueError, TypeError):
            # A row that was tampered with may hold anything, also what is no bytes or no number.
            raise Unopenable from None

    def __repr__(self) -> str:
        return "Vault()"


@cache
def _stem(label: bytes, channel: str, bot: str) -> bytes:
    """The part that is the same for everyone on a channel of ours: there are only a few."""
    return label + _measured(_utf8(channel)) + _measured(_utf8(bot))


def _measured(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def _utf8(text: str) -> bytes:
    # Lone surrogates may come from outside; an encoding error would carry the text in its message.
    return text.encode("utf-8", "surrogatepass")
