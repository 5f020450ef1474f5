"""Keys on their way: sealed to whoever asked, so that no buffer of a library ever holds one bare.

X25519 for one exchange, HKDF-SHA256, AES-256-GCM. The way itself (a socket of one user, TLS) is
what keeps others out; this keeps what is left in memory after a key was destroyed worthless.
"""

from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.keys.memory import PAIR

_LABEL: Final = b"quietline/keys-on-their-way/v1"
_NONCE: Final = bytes(12)
"""The key is for one message, so the nonce may be anything."""
_TAG: Final = 16


class Unwrappable(ValueError):
    """What came is not what was asked for."""

    def __init__(self) -> None:
        super().__init__("what came does not open")


class Asking:
    """One who asks for keys, once."""

    __slots__ = ("_private",)

    def __init__(self) -> None:
        """With a key of this one question."""
        self._private = X25519PrivateKey.generate()

    @property
    def public(self) -> bytes:
        """32 bytes to send along with the question."""
        return self._private.public_key().public_bytes_raw()

    def open(self, theirs: bytes, sealed: bytes, slots: Sequence[memoryview]) -> None:
        """Puts what came into these places, in order. Raises `Unwrappable`."""
        whole = bytearray(PAIR * len(slots))
        try:
            key = _agreed(self._private, theirs, self.public + theirs)
            try:
                AESGCM(key).decrypt_into(_NONCE, sealed, None, whole)
            finally:
                key[:] = bytes(len(key))
            for number, slot in enumerate(slots):
                with memoryview(whole)[number * PAIR : (number + 1) * PAIR] as one:
                    slot[:] = one
        except (InvalidTag, ValueError, TypeError):
            raise Unwrappable from None
        finally:
            whole[:] = bytes(len(whole))

    def __repr__(self) -> str:
        return "Asking()"


def wrap(public: bytes, slots: Sequence[memoryview]) -> tuple[bytes, bytes]:
    """Our public half, and these keys sealed to `public`. Raises `Unwrappable`."""
    private = X25519PrivateKey.generate()
    ours = private.public_key().public_bytes_raw()
    whole = bytearray(PAIR * len(slots))
    sealed = bytearray(len(whole) + _TAG)
    try:
        key = _agreed(private, public, public + ours)
        for number, slot in enumerate(slots):
            whole[number * PAIR : (number + 1) * PAIR] = slot
        try:
            AESGCM(key).encrypt_into(_NONCE, whole, None, sealed)
        finally:
            key[:] = bytes(len(key))
    except ValueError:
        raise Unwrappable from None
    finally:
        whole[:] = bytes(len(whole))
    return ours, bytes(sealed)


def _agreed(private: X25519PrivateKey, public: bytes, both: bytes) -> bytearray:
    key = bytearray(32)
    shared = private.exchange(X25519PublicKey.from_public_bytes(public))
    HKDF(SHA256(), len(key), None, _LABEL + both).derive_into(shared, key)
    return key
