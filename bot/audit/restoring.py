"""How a book goes on after entries at its end are gone: pure.

    backup ends with entry 60 · entries 61 to 99 are lost · the key that is left is key 100
    61  audit.gap        "61-99"             sealed with key 100, written by whoever writes next
    62  audit.restored   "61-99 BACKUP"      sealed and signed, written when a person says so

It decides how the two entries name what is lost, and what is signed. A gap alone is a cut; a gap
that a signed entry names is a restore, and is told for ever. Keys are counted over the gap, so that
whatever is written after it can be verified.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from bot.audit.chain import hash_of
from bot.audit.model import MOST, Entry

GAP, RESTORED = "audit.gap", "audit.restored"
SERVICE: Final = "service"
"""Who writes a gap down: whichever process wrote next."""
MOST_NAME: Final = 40
MOST_REASON: Final = 150
"""Letters of the name of a backup, and of why it was put back."""
_LABEL: Final = b"audit restored/v1"
_SIGNED: Final = " signed "
_SIGNATURE: Final = 64


class Gap(NamedTuple):
    """The keys, counted from 1, whose entries are gone: the first and the last of them."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """How many entries are gone."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


def gap_in(about: str) -> Gap | None:
    """The gap that an entry names; None when it names none."""
    first, _, last = about.partition(" ")[0].partition("-")
    if not (first.isascii() and first.isdecimal() and last.isascii() and last.isdecimal()):
        return None
    gap = Gap(int(first), int(last))
    return gap if 1 <= gap.first <= gap.last else None


def backup_in(about: str) -> str:
    """The name of the backup that an entry of a restore names."""
    return about.partition(" ")[2]


def lost(entries: Iterable[Entry]) -> int:
    """How many entries all gaps among these stand for."""
    gaps = (gap_in(entry.about) for entry in entries if entry.act == GAP)
    return sum(gap.size for gap in gaps if gap is not None)


def unrecorded(entries: Iterable[Entry]) -> Gap | None:
    """The newest gap, when no entry of a restore names it; `entries` in their order."""
    newest: Gap | None = None
    for entry in entries:
        named = gap_in(entry.about)
        if entry.act == GAP:
            newest = named
        elif entry.act == RESTORED and named == newest:
            newest = None
    return newest


def signed_over(entry: Entry, before: bytes) -> bytes:
    """What is signed of an entry that has no signature yet: it fits in this place alone."""
    return _LABEL + hash_of(entry, before)


def with_signature(entry: Entry, key_id: str, signature: bytes) -> Entry:
    """The entry with its signature, after the reason."""
    said = urlsafe_b64encode(signature).rstrip(b"=").decode("ascii")
    why = f"{entry.why}{_SIGNED}{key_id} {said}"
    if len(why) > MOST["why"]:
        raise ValueError("a reason and a signature do not fit in an entry")
    return replace(entry, why=why)


def without_signature(entry: Entry) -> tuple[Entry, str, bytes] | None:
    """The entry as it was signed, the id of the key and the signature; None when it has none."""
    why, there, rest = entry.why.rpartition(_SIGNED)
    key_id, _, said = rest.partition(" ")
    try:
        signature = urlsafe_b64decode(said.encode("ascii") + b"==")
    except ValueError:
        return None
    if not there or len(signature) != _SIGNATURE:
        return None
    return replace(entry, why=why), key_id, signature


def reason_of(entry: Entry) -> str:
    """Why an entry was written, without a signature."""
    bare = without_signature(entry) if entry.act == RESTORED else None
    return bare[0].why if bare else entry.why
