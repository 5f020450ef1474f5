"""The parts of a listing that somebody can verify, and which of them must be before it is shown.

A part is what one question on the telephone answers. A verification holds for what the part said
that day: it is kept with the part's hash, and is void when the hash is another. Labels, notes and
sources are no part: words beside a number may be mended without calling it again.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from referral_directory.keeping.fields import Content, contacts_of, key_of

_OF_A_CONTACT: Final = (
    *("kind", "number", "shown", "url", "email"),
    *("hours", "languages", "free", "abroad", "country"),
)
_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "hours": ("hours",),
    "who": ("who", "only", "welcomes"),
    "area": ("area", "occupied"),
    "languages": ("languages", "interpreted"),
    "cost": ("cost",),
}
"""Fields that one question answers, by part."""


def parts(content: Content) -> Mapping[str, Any]:
    """What can be verified, and what it says: `contact:phone:+380…`, `hours`, `who`, `area`,
    `languages`, `cost`, `address`. Only what the listing has.
    """
    found: dict[str, Any] = {}
    for contact in contacts_of(content):
        said = {name: contact[name] for name in _OF_A_CONTACT if name in contact}
        part = f"contact:{key_of(contact)}"
        # Two contacts may share a number, at other hours: one call verifies both.
        found[part] = {"first": found[part], "and": said} if part in found else said
    for part, fields in _TOGETHER.items():
        told = {name: content[name] for name in fields if content.get(name)}
        if told:
            found[part] = told
    if content.get("address"):
        address = content["address"]
        found["address"] = {name: address[name] for name in address if name != "visibility"}
    return found


def part_hash(value: Any) -> str:
    """The same for the same words in any order of keys (64 hex digits)."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def hashes(content: Content) -> Mapping[str, str]:
    """Every part with its hash."""
    return {part: part_hash(value) for part, value in parts(content).items()}


def critical(content: Content) -> tuple[str, ...]:
    """The parts that must be verified before survivors see the listing, in its order.

    Every contact that would be shown, and the address when it would be.
    """
    if content.get("visibility", "public") != "public":
        return ()
    shown = [c for c in contacts_of(content) if _is_shown(c, content)]
    found = dict.fromkeys(f"contact:{key_of(contact)}" for contact in shown)
    address = content.get("address") or {}
    if address and address.get("visibility", "public") == "public":
        found["address"] = None
    return tuple(found)


def reachable(content: Content) -> tuple[str, ...]:
    """Every contact and the address, shown or not: what operators rely on."""
    found = dict.fromkeys(f"contact:{key_of(contact)}" for contact in contacts_of(content))
    if content.get("address"):
        found["address"] = None
    return tuple(found)


def _is_shown(contact: Content, content: Content) -> bool:
    """As `listing.servable` says of the shape; a missing source is not made up for here."""
    confidence = contact.get("confidence") or content.get("confidence", "page")
    public = contact.get("visibility") or content.get("visibility", "public")
    return bool(public == "public" and confidence != "unverified")
