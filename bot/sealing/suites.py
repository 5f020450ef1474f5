"""The two suites, and what each does with bytes: make keys, seal to one, open, sign, check.

It decides which algorithms there are; it knows nothing of chats, staff or texts. HPKE is base mode
of RFC 9180 as the library does it; this file only turns raw bytes into its keys and back.

    suite 1   DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM   signs with Ed25519
    suite 2   DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM    signs with ECDSA P-256, SHA-256

A private half is 32 bytes, the number in big-endian for P-256; a public half is 32 bytes, or 65 for
P-256 (uncompressed). A signature is 64 bytes; of ECDSA r ‖ s, as browsers write it. Keep in step
with `sealing.js`.
"""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM
from cryptography.hazmat.primitives.hpke import Suite as Hpke
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.sealing.errors import BadKey, Unopenable

Suite = Literal[1, 2]
"""1: X25519. 2: P-256, where a browser has no X25519."""
SUITES: Final[tuple[Suite, ...]] = (1, 2)

PUBLIC_BYTES: Final = {1: 32, 2: 65}
SIGNATURE_BYTES: Final = 64

_PRIVATE_BYTES: Final = 32
_TAG_BYTES: Final = 16
_HPKE: Final = {
    1: Hpke(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
    2: Hpke(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM),
}
_CURVE: Final = SECP256R1()
_ECDSA: Final = ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class Pair:
    """Two halves of a key, raw."""

    suite: Suite
    private: bytes = field(repr=False)
    public: bytes = field(repr=False)


def generate(suite: Suite = 1) -> Pair:
    """A new pair of that suite, to seal to and open with."""
    if suite == 1:
        private = X25519PrivateKey.generate()
        return Pair(1, private.private_bytes_raw(), private.public_key().public_bytes_raw())
    return Pair(2, *_p256_raw(generate_private_key(_CURVE)))


def check_public(suite: int, public: bytes) -> Suite:
    """The suite again when it is one and the bytes are a public half of it. Raises `BadKey`."""
    if suite not in SUITES:
        raise BadKey
    _public(suite, public)
    return suite


def hpke_bytes(suite: Suite, length: int) -> int:
    """How long that many bytes are once `hpke_seal` sealed them: the suite, a key, a tag more."""
    return 1 + PUBLIC_BYTES[suite] + length + _TAG_BYTES


def hpke_seal(suite: Suite, public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """Suite (one byte) ‖ encapsulated key ‖ ciphertext. Raises `BadKey`."""
    return bytes((suite,)) + _HPKE[suite].encrypt(plaintext, _public(suite, public), info)


def hpke_open(suite: Suite, private: bytes, info: bytes, sealed: bytes) -> bytes:
    """What `hpke_seal` was given. Raises `Unopenable`, the same for every reason.

    Whichever byte was changed, as much is done before it is refused: no time tells which.
    """
    head, length = _HEADS[suite], PUBLIC_BYTES[suite]
    end = 1 + length
    fits = compare_digest(head + sealed[len(head) : end], sealed[:end])
    if suite == 2:
        fits &= _on_curve(sealed[2:end])
    # What is no key is opened with one whose private half nobody has: in vain. Both are read.
    sent = (_NOBODYS[suite] + sealed[1:end])[length * fits :][:length]
    try:
        key: X25519PrivateKey | EllipticCurvePrivateKey
        key = X25519PrivateKey.from_private_bytes(private) if suite == 1 else _p256(private)
        return _HPKE[suite].decrypt(sent + sealed[end:], key, info)
    except (InvalidTag, ValueError):
        # `from None` would keep it in `__context__`; the library's errors hold no bytes.
        raise Unopenable from None


def signing_pair(suite: Suite) -> Pair:
    """A new pair of that suite, to sign with."""
    if suite == 1:
        private = Ed25519PrivateKey.generate()
        return Pair(1, private.private_bytes_raw(), private.public_key().public_bytes_raw())
    return generate(2)


def p256_pair(seed: bytes) -> Pair:
    """The P-256 pair that follows from 48 random bytes, evenly spread (FIPS 186-5, A.2.1)."""
    number = int.from_bytes(seed, "big") % (_ORDER - 1) + 1
    return Pair(2, *_p256_raw(derive_private_key(number, _CURVE)))


def sign(suite: Suite, private: bytes, data: bytes) -> bytes:
    """A signature of 64 bytes over exactly that."""
    if suite == 1:
        return Ed25519PrivateKey.from_private_bytes(private).sign(data)
    r, s = decode_dss_signature(_p256(private).sign(data, _ECDSA))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def signed(suite: Suite, public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether that key signed exactly that; False for keys and signatures that are none, too."""
    if len(signature) != SIGNATURE_BYTES or len(public) != PUBLIC_BYTES[suite]:
        return False
    try:
        if suite == 1:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
        else:
            r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
            key = EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
            key.verify(encode_dss_signature(r, s), data, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(suite: Suite, public: bytes) -> X25519PublicKey | EllipticCurvePublicKey:
    if len(public) != PUBLIC_BYTES[suite]:
        raise BadKey
    try:
        if suite == 2:
            return EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
        key = X25519PublicKey.from_public_bytes(public)
        # A key of small order gives everyone the same secret: refused when it is met.
        _PROBE.exchange(key)
    except ValueError:
        raise BadKey from None
    return key


def _on_curve(point: bytes) -> bool:
    """Whether 64 bytes are a point of P-256. A library would refuse others before all else."""
    x, y = int.from_bytes(point[:32], "big"), int.from_bytes(point[32:], "big")
    return ((y * y - x * x * x + 3 * x - _B) % _P == 0) & (x < _P) & (y < _P)


def _p256(private: bytes) -> EllipticCurvePrivateKey:
    if len(private) != _PRIVATE_BYTES:
        raise ValueError("not 32 bytes")
    return derive_private_key(int.from_bytes(private, "big"), _CURVE)


def _p256_raw(key: EllipticCurvePrivateKey) -> tuple[bytes, bytes]:
    number = key.private_numbers().private_value
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return number.to_bytes(_PRIVATE_BYTES, "big"), public


_PROBE: Final = X25519PrivateKey.generate()
_ORDER: Final = _CURVE.group_order
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""Of the curve: y² = x³ - 3x + B, modulo P (SP 800-186)."""
_HEADS: Final = {1: b"\x01", 2: b"\x02\x04"}
"""With what every sealed message begins; 4: both halves of a point follow."""
_NOBODYS: Final = {suite: generate(suite).public for suite in SUITES}
