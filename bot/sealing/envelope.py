"""One message, sealed: to everyone who may answer (`in`, `note`) or to the one who wrote.

It decides how a text becomes bytes that say only a size, and what those bytes are bound to. It
keeps nothing, reads no clock, and does not know who may read: the caller names the receivers.

    to the desk    body = version 1 ‖ commitment 32 ‖ AES-256-GCM(key, nonce, padded, context) + 16
                   key ‖ nonce ‖ commitment = HKDF-SHA256(K, no salt, "quietline/body/v1" ‖ context)
                   wrap = suite ‖ HPKE(K to one receiver, info = context ‖ suite), one a receiver
    to a person    suite ‖ HPKE(padded, info = context ‖ suite)
    context        "quietline/chat/v1" ‖ length of id, 2 bytes ‖ id ‖ direction ‖ number, 8 bytes
    padded         length, 2 bytes ‖ UTF-8 ‖ zeros, in all 256, 1024 or 4096 bytes

K is 32 fresh random bytes for each message, so its nonce never comes twice; the commitment stops a
body that opens under two keys, with two texts. Keep in step with `sealing.js`.
"""

import hmac
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.sealing.errors import TooLong, Unopenable
from bot.sealing.suites import SUITES, Suite, hpke_bytes, hpke_open, hpke_seal

Direction = Literal["in", "out", "own", "note"]
"""`in`: person to desk. `out`: desk to person. `own`: the person's words, kept for themselves.
`note`: from one member of staff to another.
"""

SIZES: Final = (256, 1024, 4096)
"""Bytes of a padded text. Few sizes, so that a length tells little."""
MOST_BYTES: Final = SIZES[-1] - 2
"""Bytes of the longest text."""

_DIRECTIONS: Final[Mapping[str, int]] = {"in": 1, "out": 2, "own": 3, "note": 4}
_TO_DESK: Final = frozenset({"in", "note"})
_CHAT_LABEL: Final = b"quietline/chat/v1"
_BODY_LABEL: Final = b"quietline/body/v1"
_VERSION: Final = b"\x01"
_NONCES: Final = (slice(33, 45), slice(32, 44))
"""Of what is derived: as many bytes to decrypt in vain with, and the nonce."""
_KEY_BYTES: Final = 32
_BODY_EXTRA: Final = 1 + 32 + 16
_BODY_SIZES: Final = frozenset(_BODY_EXTRA + size for size in SIZES)
_LARGEST_NUMBER: Final = 2**53 - 1
"""The largest whole number that a browser counts without a mistake."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a message belongs. It opens there and nowhere else."""

    chat: bytes = field(repr=False)
    """The chat's id, at most 255 bytes; of a note, its own id."""
    direction: Direction
    number: int
    """Counts from 1 within a chat and a direction."""

    def encode(self) -> bytes:
        """The same as bytes, which no other context has. Raises `ValueError` out of range."""
        if not 1 <= self.number <= _LARGEST_NUMBER or len(self.chat) > 255:
            raise ValueError("a number or an id is out of range")
        length, kind = len(self.chat), _DIRECTIONS[self.direction]
        return _CHAT_LABEL + struct.pack(f">H{length}sBQ", length, self.chat, kind, self.number)


@dataclass(frozen=True, slots=True)
class Receiver:
    """One key that a message is sealed to."""

    key: bytes
    """Its id, 8 bytes; see `Prekey`."""
    suite: Suite
    public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message for the desk: one body, and its key once for each receiver, by the key's id."""

    body: bytes = field(repr=False)
    wraps: Mapping[bytes, bytes] = field(repr=False)


def seal_for_desk(context: Context, text: str, receivers: Sequence[Receiver]) -> Envelope:
    """The text, sealed once, its key wrapped to each receiver. Directions `in` and `note`.

    Raises `TooLong`, `BadKey`, and `ValueError` for another direction or no receiver: what nobody
    can read is not taken.
    """
    _check(context, to_desk=True)
    if not receivers:
        raise ValueError("there is nobody to seal to")
    where, padded, key = context.encode(), pad(text), os.urandom(_KEY_BYTES)
    material = _material(key, where)
    box = AESGCM(material[:32]).encrypt(material[32:44], padded, where)
    return Envelope(_VERSION + material[44:] + box, _wraps(where, key, receivers))


def open_at_desk(
    context: Context,
    body: bytes,
    wrap: bytes,
    suite: Suite,
    private: bytes,
    *,
    seen: int = 0,
) -> str:
    """The text again. Raises `Unopenable`, also for a number that is not above `seen`."""
    _check(context, to_desk=True)
    _check_new(context, seen)
    if len(body) not in _BODY_SIZES:
        raise Unopenable
    where = context.encode()
    material = _material(_unwrapped(where, wrap, suite, private), where)
    # Version and commitment in one comparison, and no branch on what it says: where they do not
    # fit, the rest is decrypted in vain, so that no time tells which byte was changed.
    fits = hmac.compare_digest(_VERSION + material[44:], body[:33])
    nonce = material[_NONCES[fits]]
    try:
        padded = AESGCM(material[:32]).decrypt(nonce, body[33:], where)
    except InvalidTag:
        raise Unopenable from None
    if not fits:
        # Whoever wrote it could make it open with the other nonce: it is refused still.
        raise Unopenable
    return unpad(padded)


def rewrap(
    context: Context, wrap: bytes, suite: Suite, private: bytes, receivers: Sequence[Receiver]
) -> Mapping[bytes, bytes]:
    """The same message's key for other receivers, by the key's id: a transfer, the end of a shift.

    Raises `Unopenable` or `BadKey`.
    """
    _check(context, to_desk=True)
    where = context.encode()
    return _wraps(where, _unwrapped(where, wrap, suite, private), receivers)


def seal_for_person(context: Context, text: str, suite: Suite, public: bytes) -> bytes:
    """The text, sealed to one key. Directions `out` and `own`. Raises `TooLong` or `BadKey`."""
    _check(context, to_desk=False)
    return hpke_seal(suite, public, _info(context.encode(), suite), pad(text))


def open_for_person(
    context: Context, sealed: bytes, suite: Suite, private: bytes, *, seen: int = 0
) -> str:
    """The text again. Raises `Unopenable`, also for a number that is not above `seen`."""
    _check(context, to_desk=False)
    _check_new(context, seen)
    return unpad(hpke_open(suite, private, _info(context.encode(), suite), sealed))


def looks_sealed(body: bytes) -> bool:
    """Whether bytes have the shape of a body. A text in the clear has not."""
    return len(body) in _BODY_SIZES and body[:1] == _VERSION


def looks_wrapped(wrap: bytes) -> bool:
    """Whether bytes have the shape of a wrap."""
    return any(_shaped(wrap, suite, _KEY_BYTES) for suite in SUITES)


def looks_sealed_for_person(sealed: bytes) -> bool:
    """Whether bytes have the shape of what `seal_for_person` gives."""
    return any(_shaped(sealed, suite, size) for suite in SUITES for size in SIZES)


def pad(text: str) -> bytes:
    """Length, UTF-8, zeros up to the next of `SIZES`. Raises `TooLong`."""
    # Half a character, as a cut-off emoji leaves it, becomes "?": a browser does alike.
    plain = text.encode("utf-8", "replace")
    length = len(plain)
    for size in SIZES:
        if length <= size - 2:
            return length.to_bytes(2, "big") + plain + bytes(size - 2 - length)
    raise TooLong(MOST_BYTES)


def unpad(padded: bytes) -> str:
    """What `pad` was given. Raises `Unopenable` when size, length, fill or UTF-8 do not fit."""
    end = 2 + int.from_bytes(padded[:2], "big")
    if len(padded) not in SIZES or padded.count(0, end) != len(padded) - end:
        raise Unopenable
    try:
        return padded[2:end].decode()
    except UnicodeDecodeError:
        # Not `from None`: that would keep the text in `__context__`.
        pass
    raise Unopenable


def _material(key: bytes, where: bytes) -> bytes:
    """32 bytes of a key, 12 of a nonce, 32 of a commitment."""
    return HKDF(SHA256(), 76, None, _BODY_LABEL + where).derive(key)


def _info(where: bytes, suite: Suite) -> bytes:
    return where + bytes((suite,))


def _wraps(where: bytes, key: bytes, receivers: Sequence[Receiver]) -> dict[bytes, bytes]:
    return {to.key: hpke_seal(to.suite, to.public, _info(where, to.suite), key) for to in receivers}


def _unwrapped(where: bytes, wrap: bytes, suite: Suite, private: bytes) -> bytes:
    if len(wrap) != hpke_bytes(suite, _KEY_BYTES):
        raise Unopenable
    return hpke_open(suite, private, _info(where, suite), wrap)


def _shaped(sealed: bytes, suite: Suite, length: int) -> bool:
    return sealed[:1] == bytes((suite,)) and len(sealed) == hpke_bytes(suite, length)


def _check(context: Context, *, to_desk: bool) -> None:
    # A wrap and a reply are both HPKE: their directions keep the one from passing for the other.
    if (context.direction in _TO_DESK) != to_desk:
        raise ValueError("this direction is not sealed in that way")


def _check_new(context: Context, seen: int) -> None:
    if context.number <= seen:
        raise Unopenable
