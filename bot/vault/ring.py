"""What the rest of the program asks of keys, wherever they are: a folder here, a service elsewhere.

It decides nothing. Whoever needs keys takes a `Ring` or a `Signing` and must not ask which it is.
Every call may raise `KeyRingError` when what holds the keys cannot be used now.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from bot.vault.keyring import Epoch


def is_over(epoch: object, today: int, oldest: int) -> bool:
    """Whether a row of that day need not open: its key is due to be gone, or another machine is in
    the next day already. All else that does not open was touched. `epoch`: as it lies there.
    """
    return isinstance(epoch, int) and (epoch < oldest or epoch == today + 1)


class Ring(Protocol):
    """Keys by day; `KeyRing` is the form of one machine. Any thread may ask."""

    def today(self) -> Epoch:
        """The epoch to seal under now."""
        ...

    def live(self) -> tuple[Epoch, ...]:
        """The epochs that can be opened now, today first."""
        ...

    def pepper(self, epoch: Epoch) -> bytes:
        """The 32 bytes that names of that day are made with. Not to be kept. Raises `NoKey`."""
        ...

    def key(self, epoch: Epoch) -> bytes:
        """The 32 bytes that that day is sealed with. Not to be kept. Raises `NoKey`."""
        ...

    def refresh(self) -> None:
        """Learns at once which days live, where another process may know it earlier."""
        ...

    def destroy_expired(self) -> tuple[Epoch, ...]:
        """Destroys every key whose time has run out; gives their epochs, oldest first.

        Where a service decides that, gives what this process dropped since it was last asked.
        """
        ...

    def destroy_all(self) -> None:
        """Destroys every key: all that was sealed is closed for good. Asked again, it makes one."""
        ...

    def close(self) -> None:
        """Forgets what is held in this process, without destroying a key. Not to be asked after."""
        ...


class Signing(Protocol):
    """Keys that listings, rosters and accounts are vouched for with; `SigningKeys` is a folder."""

    def sign(self, data: bytes) -> tuple[str, bytes]:
        """The id of the key that signs now, and its signature (64 bytes)."""
        ...

    def verify(self, key_id: str, data: bytes, signature: bytes) -> bool:
        """Whether one of these keys, now or before, signed exactly that."""
        ...

    def public(self) -> Mapping[str, bytes]:
        """The 32 public bytes of every key, by id: what others need to verify."""
        ...

    @property
    def current(self) -> str:
        """The id of the key that signs now."""
        ...

    def rotate(self) -> str:
        """Makes a new key that signs from now on, and gives its id. The old ones still verify."""
        ...

    def secret(self, name: str) -> bytes:
        """32 random bytes of that name, made when missing. Not to be kept in the data."""
        ...

    def mark(self, name: str) -> int:
        """The highest number that was seen of that; -1 before the first."""
        ...

    def raise_mark(self, name: str, number: int) -> None:
        """Remembers that number unless a higher one was seen."""
        ...

    def lower_mark(self, name: str, number: int) -> None:
        """Takes an older number as right: after a backup was put back on purpose."""
        ...

    def kept(self, name: str) -> bytes | None:
        """What was kept in that small file, at most 64 bytes; None when there is none."""
        ...

    def keep(self, name: str, content: bytes) -> None:
        """Keeps it in that small file, durably; what was there is gone."""
        ...

    def drop(self, name: str) -> None:
        """Removes that small file, after writing over it."""
        ...

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Whoever else asks for that name, in any process, waits until the block is over."""
        ...
