"""How every act is bound to the one before it, and everything that is served to one signature.

It decides what is hashed and what is signed, and nothing else: no table, no key.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from bot.ledger.plain import hash_of, read

PAGES: Final = 1024
FIRST: Final = "0" * 64
"""What stands before the first act."""


class Signer(Protocol):
    """Who signs and remembers: `bot.vault.SigningKeys`."""

    def sign(self, data: bytes) -> tuple[str, bytes]:
        """The id of the key, and its signature."""

    def verify(self, key_id: str, data: bytes, signature: bytes) -> bool:
        """Whether a key of ours signed exactly that."""

    def mark(self, name: str) -> int:
        """The highest number that was seen of that; -1 before the first."""

    def raise_mark(self, name: str, number: int) -> None:
        """Remembers that number unless a higher one was seen."""

    def lower_mark(self, name: str, number: int) -> None:
        """Takes an older number as right."""


def page_of(record: str) -> int:
    """On which page of the shelf a record stands."""
    return int.from_bytes(hashlib.sha256(record.encode()).digest()[:4]) % PAGES


def act_hash(act: Mapping[str, Any]) -> str:
    """The hash of an act: everything but its words and its content, whose hashes it has."""
    return hash_of(
        [
            *(act["seq"], act["record"], act["kind"], act["by"], act["second"], act["day"]),
            *(act["number"], act["content"], act["content_hash"], act["said_hash"]),
            act["previous"],
        ]
    )


LEAF: Final = (
    *("id", "revision", "body", "country", "due_on", "by", "how", "on", "changed"),
    *("redirect", "state", "generation"),
)


def leaf_of(row: Mapping[str, Any]) -> str:
    """The hash of a row of the shelf."""
    return leaf([row[name] for name in LEAF])


def leaf(values: Sequence[Any]) -> str:
    """The hash of a row of the shelf, its columns as in `LEAF`; the body as text or as bytes."""
    body = values[2].encode() if isinstance(values[2], str) else values[2]
    said = hashlib.sha256(body).hexdigest() if isinstance(body, bytes) else body
    return hash_of([*values[:2], said, *values[3:]])


def page_digest(leaves: str) -> str:
    """The hash of a page: of the JSON of its leaves, as it is kept."""
    return hashlib.sha256(leaves.encode()).hexdigest()


def leaves_from(text: str) -> dict[str, str]:
    """The leaves of a page, by record. What is no such JSON has none."""
    try:
        found = read(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def root_of(digests: Iterable[tuple[int, str]]) -> str:
    """The hash of all pages, given in order."""
    return hash_of([list(one) for one in digests])


def head_bytes(head: Mapping[str, Any]) -> bytes:
    """What is signed."""
    names = ("ledger", "generation", "acts", "last", "contents", "root")
    return b"quietline ledger 1\n" + hash_of([head[name] for name in names]).encode()
