"""Files of a backup sealed to one reader, whose key is on no machine of the service.

It decides the form of such a file and of the two key files. Who takes a folder of backups away
reads no listing, no account and no audit in it; the service itself cannot open it any more.

    head ‖ length (2) ‖ HPKE (X25519, HKDF-SHA256, AES-256-GCM) of a fresh key ‖ parts
    part n = AES-256-GCM(that key, nonce = n (11) ‖ whether it is the last (1)), 1 MiB each
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from authored import Mistake, Mistakes
from bot.sealing.errors import BadKey, Unopenable
from bot.sealing.suites import check_public, generate, hpke_open, hpke_seal

SUFFIX: Final = ".sealed"
HEAD: Final = b"quietline backup sealed/v1\n"
PUBLIC: Final = "quietline-backup-public/v1"
PRIVATE: Final = "quietline-backup-private/v1"
PART: Final = 1 << 20
_TAG: Final = 16
_LENGTH: Final = 2


def make_key(private: Path) -> Path:
    """A new pair: the private half into that file (0600), the public one beside it, whose name is
    given. Raises `Mistakes` when one is there.
    """
    pair = generate()
    public = private.with_name(f"{private.name}.pub")
    _write(private, f"{PRIVATE} {pair.private.hex()}\n")
    _write(public, f"{PUBLIC} {pair.public.hex()}\n")
    return public


def public_in(file: Path) -> bytes:
    """To whom backups are sealed. Raises `Mistakes`."""
    public = _key(file, PUBLIC, "Name the file that ends with .pub; the other one stays away.")
    try:
        check_public(1, public)
    except BadKey:
        raise _mistake(file, "it holds no key", "Make another pair: keys backup-key") from None
    return public


def private_in(file: Path) -> bytes:
    """What opens them. Raises `Mistakes`."""
    return _key(file, PRIVATE, "Name the file without .pub that `keys backup-key` made.")


def seal_file(plain: Path, sealed: Path, public: bytes) -> None:
    """Writes `sealed` (0600, new) of `plain`. Raises `OSError`."""
    key = secrets.token_bytes(32)
    info = HEAD + sealed.name.encode()
    wrapped = hpke_seal(1, public, info, key)
    with plain.open("rb") as reading, _new(sealed) as out:
        out.write(HEAD + len(wrapped).to_bytes(_LENGTH, "big") + wrapped)
        for nonce, part in _parts(reading, PART):
            out.write(AESGCM(key).encrypt(nonce, part, info))
        out.flush()
        os.fsync(out.fileno())


def open_file(sealed: Path, plain: Path, private: bytes) -> None:
    """Writes `plain` (0600, new) of `sealed`. Raises `Mistakes` for another key and for anything
    that was changed, cut off or renamed; then nothing is left of `plain`.
    """
    info = HEAD + sealed.name.encode()
    try:
        with sealed.open("rb") as reading, _new(plain) as out:
            if reading.read(len(HEAD)) != HEAD:
                raise Unopenable
            length = int.from_bytes(reading.read(_LENGTH), "big")
            key = hpke_open(1, private, info, reading.read(length))
            for nonce, part in _parts(reading, PART + _TAG):
                out.write(AESGCM(key).decrypt(nonce, part, info))
    except (Unopenable, InvalidTag):
        plain.unlink(missing_ok=True)
        mend = "Name the key that it was sealed for: --key FILE"
        raise _mistake(sealed, "it does not open with that key, or was changed", mend) from None


def _parts(reading: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each part with its nonce; the last one is marked, so that none can be cut off unseen."""
    number, part = 0, reading.read(size)
    while True:
        following = reading.read(size)
        yield number.to_bytes(11, "big") + bytes([not following]), part
        if not following:
            return
        number, part = number + 1, following


def _new(file: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(file, flags, 0o600), "wb")


def _write(file: Path, said: str) -> None:
    try:
        with _new(file) as out:
            out.write(said.encode("ascii"))
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise _mistake(file, f"{error.strerror}", "Name a file that is not there yet.") from None


def _key(file: Path, kind: str, mend: str) -> bytes:
    try:
        said, _, key = file.read_text("ascii").strip().partition(" ")
        raw = bytes.fromhex(key)
    except (OSError, ValueError):
        said, raw = "", b""
    if said != kind or len(raw) != 32:
        raise _mistake(file, "it is not that half of a backup key", mend)
    return raw


def _mistake(where: Path, said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake(str(where), 0, 0, said, mend)])
