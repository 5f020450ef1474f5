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
from bot.handoff.tries import Tries
from bot.slips import tables
from bot.slips.keys import WEEK, WEEKS, SlipKeys
from bot.slips.pace import Pace, guesses
from bot.slips.words import Lists, Reading, keys_of
from bot.storage import Group, Store
from bot.vault import KeyRingError

SAID: Final = ("arrived", "full", "refused", "closed")
"""What a service can say of a slip."""
SIZE: Final = 256
"""Bytes of what is sealed, whatever the service: sizes tell nothing."""
_HEAD: Final = 3
_NONCE: Final = 12

Served = Callable[[str], bool]
"""Whether a listing may be told of now."""
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
    first: bool = field(default=False, repr=False)
    """Whether it was the first slip that was taken in its conversation: only that one counts."""
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
    """All slips of a service. For several threads."""

    store: Store
    keys: SlipKeys
    lists: Lists
    guesses: Tries = field(default_factory=guesses)
    pace: Pace = field(default_factory=Pace)

    def make(
        self, group: Group, listing: str, language: str, *, first: bool = True
    ) -> tuple[str, ...] | None:
        """The words of a new slip for that listing, kept with the group. `first`: see `Found`.

        None when none can be made now: too many were, or the keys cannot be reached.
        """
        if len(listing.encode()) > SIZE - _HEAD or not self.pace.take():
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
            nonce, plain = secrets.token_bytes(_NONCE), _padded(listing, first=first)
            sealed = nonce + AESGCMSIV(seal).encrypt(nonce, plain, _bound(lookup, until))
            if group.run(tables.ADD, [(lookup, until, sealed)]) == 1:
                return drawn.words

    def find(self, text: str, place: bytes, served: Served) -> Found:
        """The slip that typed words are, left as it is. `place` says who tries: any bytes that stay
        the same for them, or none.

        What cannot be five words counts as no try. Raises `StoreError` or `KeyRingError`.
        """
        return self._find(text, place, served, lambda *_: True)

    def redeem(self, text: str, place: bytes, served: Served, counted: Counted, said: str) -> Found:
        """The same, and the slip is used up with that word of `SAID`: of two who do so at once, one
        finds it and the other finds nothing.
        """
        if said not in SAID:
            raise ValueError("a service says one of the words of SAID")

        def take(group: Group, lookup: bytes, slip: Found) -> bool:
            if not group.ask(tables.TAKE, (lookup,)):
                return False  # somebody else was quicker
            if slip.first:
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
        self, text: str, place: bytes, served: Served, take: Callable[[Group, bytes, Found], bool]
    ) -> Found:
        typed = self.lists.read(text)
        if not typed.readings:
            return Found("words", count=typed.count, wrong=typed.unknown)
        if not self.guesses.may(place):
            return _WAIT
        # Made before the transaction: they cost milliseconds, and others wait for the writer.
        live = self.keys.live()
        tried = [(one, *keys_of(one, key)) for one in typed.readings for _, key in live]
        today = self.keys.today()
        with self.store.group() as group:
            for reading, lookup, seal in tried:
                for until, sealed in group.ask(tables.FIND, (lookup,)):
                    slip = _opened(reading, lookup, seal, until, sealed)
                    good = slip is not None and today < until and served(slip.listing)
                    if slip is not None and good and take(group, lookup, slip):
                        return slip
        self.guesses.lose(place)
        return _UNKNOWN


def _opened(
    reading: Reading, lookup: bytes, seal: bytes, until: int, sealed: bytes
) -> Found | None:
    try:
        plain = AESGCMSIV(seal).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(lookup, until))
    except (InvalidTag, ValueError, OverflowError) as error:
        report.alarm("slip_unopenable", error)
        return None
    size = int.from_bytes(plain[1:_HEAD])
    listing = plain[_HEAD : _HEAD + size].decode()
    return Found("good", reading.words, listing, first=plain[0] == 1, until=until)


def _padded(listing: str, *, first: bool) -> bytes:
    raw = listing.encode()
    return (bytes([first]) + len(raw).to_bytes(2) + raw).ljust(SIZE, b"\0")


def _bound(lookup: bytes, until: int) -> bytes:
    """What a row is bound to, so that rows cannot be swapped or made to last longer."""
    return b"slip/v1" + lookup + until.to_bytes(4)
