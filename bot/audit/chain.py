"""How entries hang together: the hash of each, its seal, and the next key. Pure.

    hash n = SHA-256(hash n-1 ‖ entry n)      seal n = HMAC-SHA-256(key n, hash n)
    key n+1 = SHA-256("audit key/v1" ‖ key n)

The scheme is the forward-secure log of Schneier and Kelsey (1999) without its encryption.
"""

import hashlib
import hmac
import json
from typing import Final

from bot.audit.model import Entry

MOST_STEPS: Final = 100_000
"""Keys that are walked over at once: a row with a huge number, written behind the program's back,
must not keep anybody waiting.
"""
FIRST_HASH: Final = hashlib.sha256(b"audit/v1").digest()
"""What stands before the first entry."""


def hash_of(entry: Entry, before: bytes) -> bytes:
    """The 32 bytes that the next entry is bound to."""
    said = json.dumps([entry.number, entry.at, entry.staff, entry.act, entry.about, entry.why])
    return hashlib.sha256(before + said.encode("ascii")).digest()


def seal_of(key: bytes, hashed: bytes) -> bytes:
    """32 bytes that only the key of that entry makes."""
    return hmac.digest(key, hashed, "sha256")


def next_key(key: bytes) -> bytes:
    """The key of the entry after. There is no way back."""
    return hashlib.sha256(b"audit key/v1" + key).digest()


def check_of(key: bytes) -> bytes:
    """What may be kept beside a key to know that it is whole."""
    return hashlib.sha256(b"audit check/v1" + key).digest()[:8]
