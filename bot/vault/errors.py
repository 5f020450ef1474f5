"""What can go wrong in the vault. No message here names a person, an alias or a key.

VaultError
├── Unopenable        a sealed blob did not open; one message, whatever the reason was
├── NoKey             the key of that day is destroyed or was never made
├── TooLong           more to seal than the largest size holds
└── KeyRingError      the key ring cannot be used; names the path and how to mend it
    ├── RingMissing   there is no such directory
    ├── RingUnsafe    wrong owner, wrong mode, a symbolic link
    ├── KeyDamaged    a file in it does not hold what it should
    ├── RingUnusable  the disk is full, read-only or failing
    └── ClockWentBack the clock shows a time before keys that are there or already destroyed
"""

from pathlib import Path


class VaultError(Exception):
    """Anything the vault could not do."""


class Unopenable(VaultError):
    """A sealed blob did not open. It never says why: whoever tampers learns nothing."""

    def __init__(self) -> None:
        super().__init__("What is sealed here does not open.")


class NoKey(VaultError):
    """There is no live key for that epoch, so nothing can be named or sealed under it."""

    def __init__(self) -> None:
        super().__init__("There is no live key for that day.")


class TooLong(VaultError):
    """The plaintext is longer than the largest size. Holds no word of it, and not its length."""

    def __init__(self, largest: int) -> None:
        super().__init__(f"More than {largest} bytes cannot be sealed at once.")


class KeyRingError(VaultError):
    """The key ring at `path` cannot be used. `mend` is a sentence or a command that helps."""

    def __init__(self, path: Path, problem: str, mend: str) -> None:
        self.path = path
        self.mend = mend
        super().__init__(f"key ring {path}: {problem}. {mend}")


class RingMissing(KeyRingError):
    """There is no directory at that path."""


class RingUnsafe(KeyRingError):
    """Someone else owns it, could read it or could have put it there."""


class KeyDamaged(KeyRingError):
    """A file of the ring is too short, too long, empty of randomness or not what it should be."""


class RingUnusable(KeyRingError):
    """The system would not read, write or delete there."""


class ClockWentBack(KeyRingError):
    """The clock is behind the ring by more than small corrections explain."""
