"""Slips: made for a person in her turn, looked up and used up once by a service.

It decides whether words are a slip that is good now, and that each is used once. A row is found by
a keyed name of its words and opens with them alone, so nobody can list what is out, not even the
program. A slip that was used is deleted: of it stays a count. It must not know who took it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from bot import report
from bot.slips import tables
from bot.slips.guesses import Guesses, Pace
from bot.slips.keys import WEEK, WEEKS, SlipKeys, monday
from bot.slips.words import Lists, Reading, keys_of
from bot.storage import Group, Store
from bot.vault import KeyRingError

SAID: Final = ("arrived", "full", "refused", "closed")
"""What a service can say of a slip."""
SIZE: Final = 256
"""Bytes of what is sealed, whatever the service: sizes tell nothing."""
_NONCE: Final = 12

Counted = Callable[[Group, str], None]
"""Is told of an outcome, in the transaction that uses the slip up."""


@dataclass(frozen=True, slots=True)
class Found:
    """What typed words led to."""

    outcome: Literal["good", "unknown", "wait", "words"]
    """`unknown`: wrong, used, void, or of a service that is not listed now: never said which.
    `wait`: too many wrong tries lately, it was not looked at. `words`: not five words of ours.
    """
    words: tuple[str, ...] = field(default=(), repr=False)
    """The words as they were meant."""
    listing: str = field(default="", repr=False)
    until: int = 0
    """The Monday from which it is void, in days since 1970."""
    count: int = 0
    """How many words there were; with `words`."""
    wrong: tuple[int, ...] = ()
    """Which of five words are none of ours, counted from 1; with `words`."""


_UNKNOWN: Final = Found("unknown")
_WAIT: Final = Found("wait")


@dataclass(frozen=True, slots=True)
class Slips:
    """All slips of a service."""

    store: Store
    keys: SlipKeys
    lists: Lists
    guesses: Guesses = field(default_factory=Guesses)
    pace: Pace = field(default_factory=Pace)

    def make(self, group: Group, listing: str, language: str) -> tuple[str, ...] | None:
        """The words of a new slip for that listing, kept with the group.

        None when none can be made now: too many were, or the keys cannot be reached.
        """
        if len(listing.encode()) > SIZE - 2 or not self.pace.take():
            return None
        try:
            week, key = self.keys.make()
        except KeyRingError as error:
            # Nobody's turn fails for it.
            report.alarm("slip_keys_unreachable", error)
            return None
        until = week + WEEK * WEEKS
        while True:
            drawn = self.lists.draw(language)
            lookup, seal = keys_of(drawn, key)
            nonce = secrets.token_bytes(_NONCE)
            sealed = nonce + AESGCMSIV(seal).encrypt(nonce, _padded(listing), _bound(lookup, until))
            if group.run(tables.ADD, [(lookup, until, sealed)]) == 1:
                return drawn.words

    def find(self, text: str, place: bytes, served: Callable[[str], bool]) -> Found:
        """The slip that typed words are, left as it is. `place` says who tries: any bytes that stay
        the same for them, or none. `served`: whether a listing may be told of now.

        What cannot be five words counts as no try. Raises `StoreError` or `KeyRingError`.
        """
        return self._find(text, place, served, lambda *_: True)

    def redeem(
        self, text: str, place: bytes, served: Callable[[str], bool], counted: Counted, said: str
    ) -> Found:
        """The same, and the slip is used up with that word of `SAID`: of two who do so at once, one
        finds it and the other finds nothing.
        """
        if said not in SAID:
            raise ValueError("a service says one of the words of SAID")

        def take(group: Group, lookup: bytes) -> bool:
            if not group.ask(tables.TAKE, (lookup,)):
                return False  # somebody else was quicker
            counted(group, said)
            return True

        return self._find(text, place, served, take)

    def sweep(self) -> int:
        """Deletes the slips that are void, then destroys the keys that are due; gives how many rows
        went. Raises `StoreError` or `KeyRingError`.
        """
        today = self.keys.today()
        with self.store.group() as group:
            gone = group.run(tables.SWEEP, [(today,)])
        self.keys.destroy_due()
        return gone

    def _find(
        self,
        text: str,
        place: bytes,
        served: Callable[[str], bool],
        take: Callable[[Group, bytes], bool],
    ) -> Found:
        typed = self.lists.read(text)
        if not typed.readings:
            return Found("words", count=typed.count, wrong=typed.unknown)
        if not self.guesses.may(place):
            return _WAIT
        # Made before the transaction: they cost milliseconds, and others wait for the writer.
        tried = [
            (reading, *keys_of(reading, key))
            for reading in typed.readings
            for _, key in self.keys.live()
        ]
        with self.store.group() as group:
            for reading, lookup, seal in tried:
                for until, sealed in group.ask(tables.FIND, (lookup,)):
                    slip = self._opened(reading, lookup, seal, until, sealed)
                    if slip is not None and served(slip.listing) and take(group, lookup):
                        return slip
        self.guesses.lose(place)
        return _UNKNOWN

    def _opened(
        self, reading: Reading, lookup: bytes, seal: bytes, until: int, sealed: bytes
    ) -> Found | None:
        if until <= monday(self.keys.today()):
            return None
        try:
            plain = AESGCMSIV(seal).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(lookup, until))
        except (InvalidTag, ValueError) as error:
            report.alarm("slip_unopenable", error)
            return None
        size = int.from_bytes(plain[:2])
        return Found("good", reading.words, plain[2 : 2 + size].decode(), until)


def _padded(listing: str) -> bytes:
    raw = listing.encode()
    return (len(raw).to_bytes(2) + raw).ljust(SIZE, b"\0")


def _bound(lookup: bytes, until: int) -> bytes:
    """What a row is bound to, so that rows cannot be swapped or made to last longer."""
    return b"slip/v1" + lookup + until.to_bytes(4)
