"""Who answers: a member of staff's identity on one device, the keys of a shift, and signed replies.

It decides what is signed and how a signature is checked. It holds no roster and knows no
organisation: whether an identity is to be believed is said in `roster.py`.

    identity      Ed25519 and P-256; id = SHA-256("quietline/identity/v1" ‖ both)[:8]
    prekey        X25519 and P-256, until a time; id = SHA-256("quietline/prekey/v1" ‖ both)[:8]
    signature     Ed25519 ‖ ECDSA P-256, 128 bytes, both over the same: whoever lacks one of the two
                  algorithms checks the other
    over a prekey "quietline/prekey/v1" ‖ identity's id ‖ x25519 ‖ p256 ‖ until, 8 bytes
    over a reply  "quietline/reply/v1" ‖ context ‖ SHA-256(sealed)

Keep in step with `roster.js` and `sealing.js`.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from bot.sealing.envelope import Context, Receiver
from bot.sealing.errors import NotTrusted
from bot.sealing.suites import SIGNATURE_BYTES, Suite, generate, sign, signed, signing_pair

ID_BYTES: Final = 8
BOTH_BYTES: Final = 2 * SIGNATURE_BYTES
"""Bytes of a signature as it is kept and sent."""

_IDENTITY: Final = b"quietline/identity/v1"
_PREKEY: Final = b"quietline/prekey/v1"
_REPLY: Final = b"quietline/reply/v1"


@dataclass(frozen=True, slots=True)
class Identity:
    """The public halves of who signs: one member of staff on one device."""

    ed25519: bytes = field(repr=False)
    p256: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """8 bytes that follow from the keys."""
        return hashlib.sha256(_IDENTITY + self.ed25519 + self.p256).digest()[:ID_BYTES]

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Whether it signed exactly that, under both suites."""
        return signed_by_both(self.ed25519, self.p256, data, signature)


@dataclass(frozen=True, slots=True)
class IdentityPair:
    """An identity with its private halves. They live in a browser; here only in tests and demos."""

    ed25519: bytes = field(repr=False)
    p256: bytes = field(repr=False)
    public: Identity

    def sign(self, data: bytes) -> bytes:
        """A signature under both suites, 128 bytes."""
        return sign(1, self.ed25519, data) + sign(2, self.p256, data)


@dataclass(frozen=True, slots=True)
class Prekey:
    """The public halves of what a shift opens with, signed by the identity that made them."""

    x25519: bytes = field(repr=False)
    p256: bytes = field(repr=False)
    until: int
    """Seconds since 1970; the private halves are destroyed then."""
    identity: bytes
    """Id of who made it."""
    signature: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """8 bytes that follow from the keys."""
        return hashlib.sha256(_PREKEY + self.x25519 + self.p256).digest()[:ID_BYTES]

    def receiver(self, suite: Suite = 1) -> Receiver:
        """What a message is sealed to under that suite."""
        return Receiver(self.id, suite, self.x25519 if suite == 1 else self.p256)


@dataclass(frozen=True, slots=True)
class PrekeyPair:
    """A prekey with its private halves, by suite. They live in a browser; here only in tests."""

    public: Prekey
    private: dict[Suite, bytes] = field(repr=False)


def make_identity() -> IdentityPair:
    """A new identity."""
    one, two = signing_pair(1), signing_pair(2)
    return IdentityPair(one.private, two.private, Identity(one.public, two.public))


def make_prekey(identity: IdentityPair, until: int) -> PrekeyPair:
    """A new prekey of that identity, until that second since 1970."""
    one, two, owner = generate(1), generate(2), identity.public.id
    signature = identity.sign(_prekey_data(owner, one.public, two.public, until))
    public = Prekey(one.public, two.public, until, owner, signature)
    return PrekeyPair(public, {1: one.private, 2: two.private})


def check_prekey(prekey: Prekey, identity: Identity, now: float) -> None:
    """Nothing when that identity signed it and it has not run out. Raises `NotTrusted`."""
    data = _prekey_data(identity.id, prekey.x25519, prekey.p256, prekey.until)
    if prekey.identity != identity.id or not identity.signed(data, prekey.signature):
        raise NotTrusted("signature")
    if prekey.until <= now:
        raise NotTrusted("expired")


def sign_reply(context: Context, sealed: bytes, identity: IdentityPair) -> bytes:
    """A signature that ties sealed bytes to who wrote them and where they belong, 128 bytes."""
    return identity.sign(_reply_data(context, sealed))


def check_reply(context: Context, sealed: bytes, signature: bytes, identity: Identity) -> None:
    """Nothing when that identity signed it for that place. Raises `NotTrusted`."""
    if not identity.signed(_reply_data(context, sealed), signature):
        raise NotTrusted("signature")


def signed_by_both(ed25519: bytes, p256: bytes, data: bytes, signature: bytes) -> bool:
    """Whether both keys signed exactly that."""
    if len(signature) != BOTH_BYTES:
        return False
    one, two = signature[:SIGNATURE_BYTES], signature[SIGNATURE_BYTES:]
    return signed(1, ed25519, data, one) and signed(2, p256, data, two)


def _prekey_data(identity: bytes, x25519: bytes, p256: bytes, until: int) -> bytes:
    return _PREKEY + identity + x25519 + p256 + until.to_bytes(8, "big")


def _reply_data(context: Context, sealed: bytes) -> bytes:
    return _REPLY + context.encode() + hashlib.sha256(sealed).digest()
