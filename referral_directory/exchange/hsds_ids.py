"""The ids of HSDS records: always the same for the same thing, on every machine.

An id that came with a record stands; everything else gets one that follows from what it is. It
decides nothing else, and reads no listing but for the ids it carries.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from referral_directory.exchange.rows import Content

NAMESPACE: Final = UUID("6f1d3b0a-52c7-5c8e-9f4e-3d0a7e5b9c21")
"""Of all our ids. Changing it would give every record of every partner a new id."""
CARRIED: Final = "hsds"
"""Under this key of `carried` stands the record as it came, without what we never keep."""


def uuid_of(*parts: str) -> str:
    """The id of a thing that is named by its kind and what is its own: `("phone", id, number)`."""
    # As uuid.uuid5 makes it, in a third of its time: an index has several for each listing.
    digest = hashlib.sha1(NAMESPACE.bytes + "\x1f".join(parts).encode(), usedforsecurity=False)
    raw = bytearray(digest.digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x50, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def as_uuid(value: object) -> str | None:
    """An id in its usual form, or None when it is none."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        return None


def carried(content: Content) -> Mapping[str, Any]:
    """The HSDS record that came with a listing; empty when it came another way."""
    kept = content.get("carried") or {}
    record = kept.get(CARRIED) if isinstance(kept, Mapping) else None
    return record if isinstance(record, Mapping) else {}


def service_id(name: str, content: Content) -> str:
    """The id of the service of a listing: the one it came with, or one of ours."""
    return as_uuid(carried(content).get("id")) or uuid_of("service", name)


def organization_key(content: Content) -> str:
    """What makes listings those of one organisation: its English name, spaces and case aside."""
    names = content.get("organization") or {}
    return " ".join(str(names.get("en", "")).split()).casefold()


def organization_id(content: Content) -> str:
    """The id of the organisation of a listing; the one it came with while its name is the same."""
    came = carried(content).get("organization")
    if isinstance(came, Mapping):
        same = " ".join(str(came.get("name", "")).split()).casefold() == organization_key(content)
        if same and (its := as_uuid(came.get("id"))):
            return its
    return uuid_of("organization", organization_key(content))
