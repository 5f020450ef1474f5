"""A copy of the signing folder that may lie anywhere: sealed under a passphrase.

It decides what of the folder a second machine needs, and that nothing there is overwritten. Keys of
slips are not in it, since they are to be gone when their time is over; nor is the first key of the
audit, which belongs on a stick of its own. It must not keep a passphrase, nor say why a copy does
not open.

    head ‖ salt (16) ‖ nonce (12) ‖ AES-256-GCM-SIV(Argon2id(passphrase), files)
"""

import secrets
import unicodedata
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from bot.vault import SigningKeys, files
from bot.vault.errors import KeyDamaged, RingUnsafe

HEAD: Final = b"quietline signing/v1\n"
_SALT, _NONCE, _TAG = 16, 12, 16
_AUTHORITY: Final = "authority"
"""The folder of who may speak to a key service over a network: see `Authority`."""
_OF_AUTHORITY: Final = frozenset({"authority.key", "authority.pem", "names.json"})
_LEFT_OUT: Final = ("slip-", "audit.first")
_PASSING: Final = (".lock", ".new")
_MOST: Final = 65_536
"""Bytes of a file in it, at most."""


def sealed_copy(folder: Path, passphrase: str) -> bytes:
    """All of that folder that another machine needs to go on. Raises `KeyRingError`."""
    SigningKeys.open(folder, create=False)
    found = {name: files.get(folder, name, _MOST) or b"" for name in _names(folder)}
    if (folder / _AUTHORITY).is_dir():
        for name in sorted(_OF_AUTHORITY):
            content = files.get(folder / _AUTHORITY, name, _MOST)
            if content is not None:
                found[f"{_AUTHORITY}/{name}"] = content
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    plain = msgspec.msgpack.encode(found)
    return HEAD + salt + nonce + _cipher(passphrase, salt).encrypt(nonce, plain, HEAD + salt)


def put_back(file: Path, sealed: bytes, passphrase: str, folder: Path) -> int:
    """Makes that folder of such a copy; gives how many keys can sign or did. `file`: its name.

    Raises `KeyDamaged` when it does not open and `RingUnsafe` when there are keys already.
    """
    found = _opened(file, sealed, passphrase)
    files.make_directory(folder)
    if any(folder.glob("*.sign")):
        mend = "They vouch for what is published here: move that folder aside, or keep it."
        raise RingUnsafe(folder, "there are signing keys in it", mend)
    # The key that signs comes last but one, and its name last: a crash leaves nothing half in use.
    for name in sorted(found, key=lambda name: (name == "current", name.endswith(".sign"))):
        part, _, rest = name.rpartition("/")
        if part:
            files.make_directory(folder / part)
        files.put(folder / part, rest, found[name])
    return len(SigningKeys.open(folder, create=False).public())


def _opened(file: Path, sealed: bytes, passphrase: str) -> dict[str, bytes]:
    begin = len(HEAD)
    salt, nonce = sealed[begin : begin + _SALT], sealed[begin + _SALT : begin + _SALT + _NONCE]
    mend = "Type the words as they were shown, or take another copy."
    if not sealed.startswith(HEAD) or len(sealed) < begin + _SALT + _NONCE + _TAG:
        said = "it is no copy of signing keys"
        raise KeyDamaged(file, said, "Name a file of: ./quietline keys signing export FILE")
    try:
        body = sealed[begin + _SALT + _NONCE :]
        plain = _cipher(passphrase, salt).decrypt(nonce, body, HEAD + salt)
        found = msgspec.msgpack.decode(plain, type=dict[str, bytes])
    except (InvalidTag, msgspec.MsgspecError):
        raise KeyDamaged(file, "it does not open with that passphrase", mend) from None
    if not all(_known(name) for name in found):
        raise KeyDamaged(file, "it names files that are none of ours", mend)
    return found


def _names(folder: Path) -> list[str]:
    there = (one.name for one in folder.iterdir() if one.is_file())
    return sorted(name for name in there if _known(name))


def _known(name: str) -> bool:
    part, _, rest = name.rpartition("/")
    if part:
        return part == _AUTHORITY and rest in _OF_AUTHORITY
    return bool(rest) and not rest.startswith((".", *_LEFT_OUT)) and not rest.endswith(_PASSING)


def _cipher(passphrase: str, salt: bytes) -> AESGCMSIV:
    """RFC 9106 with 64 MiB: a third of a second for each try. Case and spaces do not count."""
    plain = " ".join(unicodedata.normalize("NFKC", passphrase).casefold().split())
    made = Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=1 << 16)
    return AESGCMSIV(made.derive(plain.encode()))
