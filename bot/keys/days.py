"""The days of a key service: which have a key, which comes next, and when a key is destroyed.

It decides by the time it is given, and by what the other service says. It never goes back a day,
never makes a key for a day that is over, and never drops a key that somebody was given, unless its
time has run out or a person ordered it. It speaks to nobody and keeps nothing on a disk.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.keys.clock import MOST_STEP
from bot.keys.memory import PAIR, Arena, fill
from bot.keys.wire import Hello
from bot.vault.keyring import DAY, LEAST_KEEP_HOURS

_NEXT: Final = b"quietline/next-day/v1"
_MOST_DAYS: Final = 60
"""A machine that slept for longer begins anew."""
_REMEMBERED: Final = 16
"""Lineages that were destroyed and are still named to whoever held a key of them."""


class Stand(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """How the days of a service stand, without a key."""

    lineage: bytes
    begun: int
    given: bool
    ended: tuple[bytes, ...]
    opened: int
    agreed: int
    over: int
    prints: dict[int, bytes]

    def __repr__(self) -> str:
        return "Stand()"


class Days:
    """Keys by day, in locked memory. For one thread.

    A lineage is a row of days that follow each other; it ends when all is destroyed.
    """

    def __init__(self, keep_hours: int, *, alone: bool) -> None:
        """`alone`: there is no other service to wait for. Raises `ValueError` for a short keep."""
        if keep_hours < LEAST_KEEP_HOURS:
            raise ValueError(f"keys are kept for at least {LEAST_KEEP_HOURS} hours")
        self.id = secrets.token_bytes(8)
        self.arena = Arena()
        self.alone, self.ready, self.given, self.apart = alone, False, False, False
        self.resumed = False
        """Begun with keys from before, and the other service was not heard yet."""
        self.lineage, self.begun = b"", 0
        self.ended: tuple[bytes, ...] = ()
        self.opened = self.agreed = self.over = -1
        """The day in use; the day to come whose key both hold; the last day that ran out."""
        self._keep = keep_hours * 3_600
        self._keys: dict[int, memoryview] = {}

    def look(self, now: float) -> tuple[int, ...]:
        """Brings the days up to that time; gives those whose keys were destroyed."""
        day = int(now // DAY)
        if self._keys and day > self.opened:
            self._roll(day)
        if not self._keys and self.alone:
            self.begin(now)
        due = sorted(epoch for epoch in self._keys if self._deadline(epoch) <= now)
        for epoch in due:
            self.arena.give_back(self._keys.pop(epoch))
            self.over = max(self.over, epoch)
        return tuple(due)

    def begin(self, now: float) -> None:
        """A first key, of a new lineage, where there is none."""
        self.lineage, self.begun, self.given = secrets.token_bytes(8), int(now * 1000), False
        self.opened = max(int(now // DAY), self.over + 1)
        self.agreed = -1
        fill(self._slot(self.opened))
        self.ready = self.alone

    def take(self, epoch: int, both: bytes | bytearray | memoryview) -> None:
        """A key from before this service was started. `resume` is to follow."""
        self._slot(epoch)[:] = both

    def resume(self, stand: Stand | None, newest: int) -> None:
        """Goes on with the keys that were taken. `stand`: None for keys of one machine's folder;
        `newest`: the last day of which a key was in use, -1 for none.

        With another service they count when that was heard, or is silent: see `go_on`.
        """
        if stand is None:
            self.lineage, self.opened = secrets.token_bytes(8) if self._keys else b"", newest
        else:
            self.lineage, self.begun, self.given = stand.lineage, stand.begun, stand.given
            self.ended, self.agreed, self.over = stand.ended, stand.agreed, stand.over
            self.opened = max(stand.opened, newest)
        if newest < 0:
            # Destroyed, and the service ended before it could say so.
            self.destroy_all()
            return
        self.given, self.ready, self.resumed = True, self.alone, not self.alone

    def go_on(self) -> None:
        """The other service is silent: what was kept counts."""
        self.ready, self.resumed = self.ready or self.resumed, False

    def stand(self) -> Stand:
        """How all is now."""
        prints = {epoch: print_of(slot) for epoch, slot in self._keys.items()}
        return Stand(
            *(self.lineage, self.begun, self.given, self.ended),
            *(self.opened, self.agreed, self.over, prints),
        )

    def left(self, now: float) -> dict[int, float]:
        """Seconds that each day in use has left."""
        live = (epoch for epoch in self._keys if epoch <= self.opened)
        return {epoch: self._deadline(epoch) - now for epoch in live}

    def slots(self, epochs: Sequence[int]) -> list[memoryview]:
        """Where the keys of these days lie. Raises `KeyError`."""
        return [self._keys[epoch] for epoch in epochs]

    def hello(self, now: float) -> Hello:
        """How we stand, for the other service."""
        return Hello(
            *(self.id, now, self.lineage, self.begun, self.given, self.ended, self.opened),
            *(self.agreed, {epoch: print_of(slot) for epoch, slot in self._keys.items()}),
        )

    def destroy_all(self) -> tuple[int, ...]:
        """Wipes every key. The next one is of another lineage."""
        epochs = tuple(sorted(epoch for epoch in self._keys if epoch <= self.opened))
        while self._keys:
            self.arena.give_back(self._keys.popitem()[1])
        if self.lineage:
            self.ended = (*self.ended, self.lineage)[-_REMEMBERED:]
        self.lineage, self.begun, self.agreed = b"", 0, -1
        self.ready = self.given = self.resumed = False
        return epochs

    def meet(self, other: Hello, now: float) -> tuple[int, ...]:
        """Takes what the other service says; gives the days whose keys we are to fetch from it.

        Its clock is to be within an hour of ours: see `off`.
        """
        if self.lineage and self.lineage in other.ended:
            self.destroy_all()
        self.ended = tuple(dict.fromkeys((*self.ended, *other.ended)))[-_REMEMBERED:]
        elder = self.id < other.id
        if not self._keys:
            if not other.lineage and elder:
                self.begin(now)
            if not other.lineage or other.lineage in self.ended:
                return ()
            self.lineage, self.begun, self.given = other.lineage, other.begun, other.given
            self.opened = other.opened
        elif other.lineage != self.lineage:
            return self._strangers(other, elder=elder)
        self.apart = self.alone = False
        self.given = self.given or other.given
        return self._same(other, now, elder=elder)

    def put(self, epochs: Sequence[int], slots: Sequence[memoryview]) -> None:
        """Takes keys that were fetched from the other service."""
        for epoch, slot in zip(epochs, slots, strict=True):
            self._slot(epoch)[:] = slot

    def _same(self, other: Hello, now: float, *, elder: bool) -> tuple[int, ...]:
        if (
            other.opened > self.opened
            and other.opened in self._keys
            and print_of(self._keys[other.opened]) == other.prints.get(other.opened)
        ):
            self.opened, self.agreed = other.opened, -1
        ahead = max(self.opened, other.opened) + 1
        if (
            elder
            and other.opened == self.opened
            and self.ready
            and ahead not in self._keys
            and other.prints
        ):
            fill(self._slot(ahead))
        ours = {epoch: print_of(slot) for epoch, slot in self._keys.items()}
        fetch = []
        for epoch, theirs in other.prints.items():
            if self._deadline(epoch) <= now or epoch <= self.over or epoch > ahead:
                continue
            if epoch not in ours:
                fetch.append(epoch)
            elif ours[epoch] != theirs:
                if epoch <= self.opened:
                    self.apart = True
                elif not elder or epoch <= other.opened:
                    fetch.append(epoch)
        if ahead in ours and ours[ahead] == other.prints.get(ahead):
            self.agreed = ahead
        if self.opened in ours and ours[self.opened] == other.prints.get(self.opened):
            self.ready, self.resumed = True, False
        return tuple(fetch)

    def _strangers(self, other: Hello, *, elder: bool) -> tuple[int, ...]:
        """Two lineages. What nobody was given gives way; otherwise a person decides."""
        if not other.lineage or other.lineage in self.ended:
            return ()
        if self.given and other.given:
            self.apart = True
        elif not self.given and (other.given or not elder):
            self.destroy_all()
            self.ended, self.alone = self.ended[:-1], False
        return ()

    def _roll(self, day: int) -> None:
        """A new day. With two services its key is the one that both hold, or, when they could not
        speak, one that follows from the last: so both have the same, and none was lost.
        """
        newest = self.agreed if self.agreed == self.opened + 1 else self.opened
        for epoch in [epoch for epoch in self._keys if epoch > newest]:
            self.arena.give_back(self._keys.pop(epoch))
        # Without another service every day has a key of chance.
        if day - newest > _MOST_DAYS:
            self.destroy_all()
            return
        if self.alone:
            newest = day
            if day not in self._keys:
                fill(self._slot(day))
        while newest < day:
            label = _NEXT + (newest + 1).to_bytes(8, "big")
            HKDF(SHA256(), PAIR, None, label).derive_into(
                self._keys[newest], self._slot(newest + 1)
            )
            newest += 1
        self.opened, self.agreed = day, -1

    def _slot(self, epoch: int) -> memoryview:
        if epoch not in self._keys:
            self._keys[epoch] = self.arena.take()
        return self._keys[epoch]

    def _deadline(self, epoch: int) -> int:
        return epoch * DAY + self._keep

    def __repr__(self) -> str:
        return "Days()"


def off(other: Hello, now: float) -> bool:
    """Whether the other's clock is too far from ours to be counted with."""
    return abs(other.now - now) > MOST_STEP


def print_of(slot: bytearray | memoryview) -> bytes:
    """By what two know that they hold the same key."""
    return hashlib.sha256(slot).digest()[:16]
