"""The roster: who may answer now, and with which keys, signed by the organisation.

It decides what a roster must be to be believed. It does not decide who is on it, and it never
mends: one wrong signature, one key that ran out, and the whole is refused.

A roster is JSON, whose very bytes are signed, under both suites:

    {"v": 1, "issued": seconds, "serial": n, "staff": [{"certificate": {"ed25519", "p256", "who",
     "until", "signer", "signature"}, "prekeys": [{"x25519", "p256", "until", "signature"}]}]}

Bytes stand in it as base64. Over a roster: "quietline/roster/v1" ‖ the bytes. Over a certificate:
"quietline/certificate/v1" ‖ ed25519 ‖ p256 ‖ until, 8 bytes ‖ who. Keep in step with `roster.js`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from bot.sealing.envelope import Receiver
from bot.sealing.errors import BadKey, NotTrusted
from bot.sealing.identity import Identity, Prekey, check_prekey, signed_by_both
from bot.sealing.suites import Suite, check_public

ROSTER_SECONDS: Final = 24 * 3600
"""A roster is believed for so long after it was issued."""
AHEAD_SECONDS: Final = 24 * 3600
"""And so long before: a phone's clock may be set to another day's."""
APART: Final = 120_000
"""Milliseconds, as serials are. Each replica signs for itself and gives what it signed for half a
minute: whoever comes from one to the next is handed a roster that is a little older.
"""
PREKEY_SECONDS: Final = 80 * 3600
"""A prekey that lasts longer than this from `issued` is refused: it would outlive the promise."""

_ROSTER: Final = b"quietline/roster/v1"
_CERTIFICATE: Final = b"quietline/certificate/v1"
_ORGANISATION: Final = b"quietline/organisation/v1"
_GROUPS: Final = 8


@dataclass(frozen=True, slots=True)
class OrganisationKeys:
    """The public halves of the organisation that runs the helpline."""

    ed25519: bytes = field(repr=False)
    p256: bytes = field(repr=False)

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Whether it signed exactly that, under both suites."""
        return signed_by_both(self.ed25519, self.p256, data, signature)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the organisation says of an identity: that it is one of theirs, and its pseudonym."""

    identity: Identity
    who: str
    """The pseudonym that people see."""
    until: int
    """Seconds since 1970."""
    signer: str
    """Which of the organisation's Ed25519 keys signed; only the organisation itself asks."""
    signature: bytes = field(repr=False)

    @property
    def data(self) -> bytes:
        """What is signed."""
        one = self.identity
        return (
            _CERTIFICATE
            + one.ed25519
            + one.p256
            + self.until.to_bytes(8, "big")
            + (self.who.encode())
        )


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One member of staff who may be sealed to now."""

    certificate: Certificate
    prekeys: tuple[Prekey, ...]


@dataclass(frozen=True, slots=True)
class SignedRoster:
    """A roster as it goes out: its bytes and the organisation's signature, 128 bytes."""

    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that was checked. Only `read_roster` makes one."""

    issued: int
    serial: int
    entries: tuple[OnDuty, ...]

    def receivers(self, suite: Suite, now: float) -> tuple[Receiver, ...]:
        """Everyone's live keys of that suite; none when nobody is on duty."""
        return tuple(
            key.receiver(suite)
            for entry in self.entries
            for key in entry.prekeys
            if key.until > now
        )

    def signer(self, identity: bytes) -> Certificate:
        """Who has that id. Raises `NotTrusted` when nobody has."""
        for entry in self.entries:
            if entry.certificate.identity.id == identity:
                return entry.certificate
        raise NotTrusted("unknown")


def read_roster(
    data: bytes, signature: bytes, keys: OrganisationKeys, now: float, *, after: int = 0
) -> Roster:
    """A roster that this organisation signed, that is of today, and of a serial that is not more
    than `APART` below `after`, the highest that was seen.

    `now` is seconds since 1970. Raises `NotTrusted`: nothing of it is used when anything is wrong.
    """
    if not keys.signed(_ROSTER + data, signature):
        raise NotTrusted("signature")
    try:
        read = _decode(data)
    except msgspec.DecodeError:
        raise NotTrusted("shape") from None
    if not now - ROSTER_SECONDS < read.issued <= now + AHEAD_SECONDS:
        raise NotTrusted("stale")
    if read.serial < after - APART:
        raise NotTrusted("older")
    entries = tuple(_entry(one, keys, read.issued, now) for one in read.staff)
    ids = [entry.certificate.identity.id for entry in entries]
    ids += [key.id for entry in entries for key in entry.prekeys]
    if len(set(ids)) != len(ids):
        raise NotTrusted("shape")
    return Roster(read.issued, read.serial, entries)


def write_roster(entries: Sequence[OnDuty], issued: int, serial: int) -> tuple[bytes, bytes]:
    """The bytes of a roster, and the bytes to sign for it."""
    staff = [_Staff(_certificate(entry), _prekeys(entry)) for entry in entries]
    data = msgspec.json.encode(_Roster(1, issued, serial, staff))
    return data, _ROSTER + data


def fingerprint(keys: OrganisationKeys) -> str:
    """Eight groups of five digits, to compare with print: digits are read in every script."""
    digest = hashlib.sha512(_ORGANISATION + keys.ed25519 + keys.p256).digest()
    parts = (digest[5 * n : 5 * n + 5] for n in range(_GROUPS))
    return " ".join(f"{int.from_bytes(part, 'big') % 100_000:05}" for part in parts)


class _Certificate(msgspec.Struct, forbid_unknown_fields=True):
    ed25519: bytes
    p256: bytes
    who: str
    until: int
    signer: str
    signature: bytes


class _Prekey(msgspec.Struct, forbid_unknown_fields=True):
    x25519: bytes
    p256: bytes
    until: int
    signature: bytes


class _Staff(msgspec.Struct, forbid_unknown_fields=True):
    certificate: _Certificate
    prekeys: list[_Prekey]


class _Roster(msgspec.Struct, forbid_unknown_fields=True):
    v: int
    issued: int
    serial: int
    staff: list[_Staff]


_DECODER: Final = msgspec.json.Decoder(_Roster)


def _decode(data: bytes) -> _Roster:
    read = _DECODER.decode(data)
    if read.v != 1 or read.issued < 0 or read.serial < 0:
        raise NotTrusted("shape")
    return read


def _entry(read: _Staff, keys: OrganisationKeys, issued: int, now: float) -> OnDuty:
    one = read.certificate
    if not 0 <= one.until < 2**53 or any(not 0 <= key.until < 2**53 for key in read.prekeys):
        raise NotTrusted("shape")
    identity = Identity(one.ed25519, one.p256)
    certificate = Certificate(identity, one.who, one.until, one.signer, one.signature)
    if not keys.signed(certificate.data, certificate.signature):
        raise NotTrusted("signature")
    if certificate.until <= now:
        raise NotTrusted("expired")
    prekeys = tuple(
        Prekey(key.x25519, key.p256, key.until, identity.id, key.signature) for key in read.prekeys
    )
    for key in prekeys:
        check_prekey(key, identity, now)
        if key.until > issued + PREKEY_SECONDS:
            raise NotTrusted("shape")
        _check_halves(key)
    return OnDuty(certificate, prekeys)


def _check_halves(key: Prekey) -> None:
    try:
        check_public(1, key.x25519)
        check_public(2, key.p256)
    except BadKey:
        raise NotTrusted("shape") from None


def _certificate(entry: OnDuty) -> _Certificate:
    one = entry.certificate
    public = one.identity
    return _Certificate(public.ed25519, public.p256, one.who, one.until, one.signer, one.signature)


def _prekeys(entry: OnDuty) -> list[_Prekey]:
    return [_Prekey(key.x25519, key.p256, key.until, key.signature) for key in entry.prekeys]
