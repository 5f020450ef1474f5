"""How bytes are sealed and opened under one key. It holds no key, asks no disk, and reads the clock
for no other purpose than that it stands elsewhere in a copy of this machine.

    blob = version 1 ‖ salt 32 ‖ nonce 12 ‖ commitment 32 ‖ AES-256-GCM-SIV(padded plaintext) + 16
    okm  = HKDF-SHA256(key ‖ SHA-256(secret), salt, "session/v1" ‖ place, 64)
           its first half encrypts, its second half is the commitment

The commitment is compared in constant time before anything is decrypted, because GCM-SIV alone
would open a crafted blob under two keys. Where it does not fit the rest is decrypted all the same,
with a nonce that does not fit either: which byte was changed does not show in the time. A salt and
nonce that came twice would show that two texts are equal, and nothing more.
Keep in step with `SIZES`: a stored column shows only these lengths plus 93.
"""

import hashlib
import hmac
import os
import struct
from struct import Struct
from time import time_ns

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.vault.errors import TooLong, Unopenable

SIZES = (512, 1024, 2048, 4096, 8192)
"""Bytes of a padded plaintext. Few sizes, so that a length tells little."""
LARGEST = SIZES[-1] - 4
"""Bytes of the longest plaintext."""

_VERSION = b"\x01"
_SCHEMA = 1
_LABEL = b"session/v1"
_SALT = slice(1, 33)
_RANDOM = slice(1, 45)
_FRONT = slice(0, 77)
_BOX = slice(77, None)
_TWICE = 1 + (1 << 96)
"""Times a moment: at the end of the salt and of the nonce."""
_NONCES = (slice(32, 44), slice(33, 45))
"""As many bytes to decrypt in vain with, and the nonce."""
_HEAD = 77
_TAG = 16
_LENGTHS = frozenset(_HEAD + size + _TAG for size in SIZES)
_SHA256 = SHA256()
_NO_SECRET = hashlib.sha256(b"").digest()
"""Of messengers: most of what is sealed."""
_PLACE = Struct(">IHQ")


def place(table: str, alias: bytes, epoch: int, sequence: int) -> bytes:
    """Where a blob belongs, as bytes that no other place has. It is authenticated and never stored.

    Raises `ValueError` when a name is over 255 bytes or a number below zero or too large.
    """
    name = table.encode()
    try:
        return b"%c%b%c%b%b" % (
            *(len(name), name, len(alias), alias),
            _PLACE.pack(epoch, _SCHEMA, sequence),
        )
    except (OverflowError, struct.error):
        raise ValueError("a name or a number is out of range") from None


def seal(key: bytes, secret: bytes, where: bytes, plaintext: bytes) -> bytes:
    """The plaintext, padded and sealed to that place. Raises `TooLong` above `LARGEST` bytes."""
    padded = pad(plaintext)
    # A machine that was copied with its memory draws what its copy draws: the moment tells them
    # apart, and shows as little as what it is mixed with.
    random = (int.from_bytes(os.urandom(44), "big") ^ time_ns() * _TWICE).to_bytes(44, "big")
    salt, nonce = random[:32], random[32:]
    material = HKDF(_SHA256, 64, salt, _LABEL + where).derive(_keyed(key, secret))
    box = AESGCMSIV(material[:32]).encrypt(nonce, padded, where)
    return b"".join((_VERSION, random, material[32:], box))


def unseal(key: bytes, secret: bytes, where: bytes, blob: bytes) -> bytes:
    """The plaintext again. Raises `Unopenable`, the same for every reason."""
    if len(blob) not in _LENGTHS:
        raise Unopenable
    material = HKDF(_SHA256, 64, blob[_SALT], _LABEL + where).derive(_keyed(key, secret))
    # All that stands before the ciphertext in one comparison, and no branch on what it says.
    fits = hmac.compare_digest(_VERSION + blob[_RANDOM] + material[32:], blob[_FRONT])
    nonce = blob[_NONCES[fits]]
    try:
        padded = AESGCMSIV(material[:32]).decrypt(nonce, blob[_BOX], where)
    except InvalidTag:
        raise Unopenable from None
    if not fits:
        # Whoever made the blob could make it open with the other nonce: it is refused still.
        raise Unopenable
    return unpad(padded)


def pad(plaintext: bytes) -> bytes:
    """Length, plaintext, zeros up to the next of `SIZES`. Raises `TooLong`."""
    length = len(plaintext)
    for size in SIZES:
        if length <= size - 4:
            return length.to_bytes(4, "big") + plaintext + bytes(size - 4 - length)
    raise TooLong(LARGEST)


def unpad(padded: bytes) -> bytes:
    """What `pad` was given. Raises `Unopenable` when its length lies or its fill is not zeros."""
    end = 4 + int.from_bytes(padded[:4], "big")
    if padded.count(0, end) != len(padded) - end:
        raise Unopenable
    return padded[4:end]


def _keyed(key: bytes, secret: bytes) -> bytes:
    return key + (hashlib.sha256(secret).digest() if secret else _NO_SECRET)
