"""The vault: names that mean nothing outside a day, sealing, keys that are destroyed in time.

This room knows bytes, days and keys. It knows nothing of sessions, tables, channels or words.
"""

from bot.vault.errors import (
    ClockWentBack,
    KeyDamaged,
    KeyRingError,
    NoKey,
    RingMissing,
    RingUnsafe,
    RingUnusable,
    TooLong,
    Unopenable,
    VaultError,
)
from bot.vault.keyring import Clock, Epoch, KeyRing
from bot.vault.ring import Ring, Signing, is_over
from bot.vault.sealing import LARGEST, SIZES
from bot.vault.signing import SigningKeys
from bot.vault.vault import Alias, Vault, first_sequence

__all__ = [
    "LARGEST",
    "SIZES",
    "Alias",
    "Clock",
    "ClockWentBack",
    "Epoch",
    "KeyDamaged",
    "KeyRing",
    "KeyRingError",
    "NoKey",
    "Ring",
    "RingMissing",
    "RingUnsafe",
    "RingUnusable",
    "Signing",
    "SigningKeys",
    "TooLong",
    "Unopenable",
    "Vault",
    "VaultError",
    "first_sequence",
    "is_over",
]
