"""How much may come from one place in a while, without knowing or keeping who anybody is.

    where it came from  →  network or Tor circuit  →  HMAC under a key of ten minutes  →  its bucket

Every place has a bucket of tokens for each kind of request; an empty bucket says how long to wait.
It decides nothing about which requests are spared. It must not keep an address: there are only
keyed hashes, in memory, and with the key they are thrown away every ten minutes.
"""

import hmac
import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

MOST_PLACES: Final = 100_000
"""Buckets that are kept; the one that was unused longest goes first. About 20 MB."""
RENEW_SECONDS: Final = 600.0
"""How long a key lives, and with it whatever was counted under it."""
CIRCUITS: Final = ipaddress.ip_network("fc00::/7")
"""Addresses under which Tor hands on the number of a circuit (`HiddenServiceExportCircuitID`)."""


@dataclass(frozen=True, slots=True)
class Size:
    """A bucket: so many tokens when it is full, and so many that come back in a minute."""

    burst: int
    per_minute: float


ONE_PERSON: Final = Size(20, 20)
"""A Tor circuit is one person. Nobody reads and answers faster for long."""
MANY_PEOPLE: Final = Size(400, 400)
"""A network may be a clinic, a shelter, or the one address of a mobile carrier."""
SIZES: Final = {"circuit": ONE_PERSON, "network": MANY_PEOPLE}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request came from, as far as limits want to know."""

    kind: Literal["circuit", "network"]
    name: bytes = field(repr=False)


def place_of(address: str) -> Place | None:
    """The place of an address: its /24 (IPv4), its /56 (IPv6), or its circuit.

    None where the address says nothing about who asks: of this machine itself, or of none. A bucket
    that everyone shares would let one flood shut everyone out.
    """
    try:
        found = ipaddress.ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback or found.is_unspecified:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return Place("network", found.packed[:3])
    if found in CIRCUITS:
        return Place("circuit", found.packed)
    return Place("network", found.packed[:7])


class Limits:
    """The buckets of every place. Use from one thread."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        key: Callable[[], bytes] = lambda: secrets.token_bytes(32),
        most: int = MOST_PLACES,
    ) -> None:
        """`clock`: seconds that never go back. `key` makes a new key."""
        self._clock, self._make_key, self._most = clock, key, most
        self._key = key()
        self._renewed = clock()
        # Of a bucket only this is kept: when it will be full again, in seconds of the clock.
        self._full_at: OrderedDict[bytes, float] = OrderedDict()

    def __len__(self) -> int:
        """Buckets that are not full, at most."""
        return len(self._full_at)

    def take(self, place: Place, route: str) -> float:
        """Take a token for a kind of request: 0 when there was one, else seconds until there is.
        Who is refused loses nothing by it.
        """
        return self._ask(place, route, takes=True)

    def peek(self, place: Place, route: str) -> float:
        """The same, and takes none."""
        return self._ask(place, route, takes=False)

    def renew(self) -> None:
        """A new key. What was counted under the old one is forgotten."""
        self._key, self._renewed = self._make_key(), self._clock()
        self._full_at.clear()

    def _ask(self, place: Place, route: str, *, takes: bool) -> float:
        now = self._clock()
        if now - self._renewed >= RENEW_SECONDS:
            self.renew()
        size = SIZES[place.kind]
        each = 60 / size.per_minute
        bucket = self._name(place, route)
        full_at = max(self._full_at.get(bucket, now), now) + each
        wait = full_at - now - each * size.burst
        if wait > 1e-9:  # less is what adding fractions leaves over
            if bucket in self._full_at:
                self._full_at.move_to_end(bucket)
            return wait
        if takes:
            self._full_at[bucket] = full_at
            self._full_at.move_to_end(bucket)
            if len(self._full_at) > self._most:
                self._full_at.popitem(last=False)
        return 0.0

    def _name(self, place: Place, route: str) -> bytes:
        said = f"{place.kind} {route} ".encode() + place.name
        return hmac.digest(self._key, said, "sha256")[:8]


def whole_seconds(wait: float) -> int:
    """A wait as `Retry-After` says it: at least one second, and never too short."""
    return max(1, math.ceil(wait))
