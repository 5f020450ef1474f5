"""A record that comes back: which parts of a listing it changes.

It decides field by field. `ours` is what we would read out of our own record of the listing; where
the record says the same, the listing stays as it is, with all that HSDS has no room for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from referral_directory.exchange.hsds_book import as_uri
from referral_directory.exchange.rows import Content

_LISTS = ("needs", "area", "languages", "only", "welcomes")
_MAPS = ("names", "organization", "summary", "who")


def taken_over(
    stands: Content, theirs: Mapping[str, Any], ours: Mapping[str, Any]
) -> dict[str, Any]:
    """The listing that stands with what a record says otherwise."""
    made = dict(stands)
    for key in (*theirs, *(key for key in ours if key not in theirs)):
        new, old = theirs.get(key), ours.get(key)
        if new == old:
            continue
        if key == "contacts":
            made[key] = _contacts(stands.get(key) or (), new or (), old or ())
        elif key in _LISTS:
            hidden = [one for one in stands.get(key) or () if one not in (old or ())]
            made[key] = [*(new or ()), *(one for one in hidden if one not in (new or ()))]
        elif key in _MAPS:
            changed = {k: v for k, v in (new or {}).items() if v != (old or {}).get(k)}
            gone = {k for k in old or {} if k not in (new or {})}
            kept = {k: v for k, v in (stands.get(key) or {}).items() if k not in gone}
            made[key] = kept | changed
        elif new is None:
            made.pop(key, None)
        else:
            made[key] = new
    return made


def _contacts(
    stand: Sequence[Mapping[str, Any]],
    theirs: Sequence[Mapping[str, Any]],
    ours: Sequence[Mapping[str, Any]],
) -> list[Mapping[str, Any]]:
    """Theirs in their order, each with what we know of it besides; ours that they never saw."""
    standing = {_key(one): one for one in stand}
    seen = {_key(one): one for one in ours}
    made: list[Mapping[str, Any]] = []
    for one in theirs:
        key = _key(one)
        known, before = standing.get(key), seen.get(key)
        if known is None:
            made.append(one)
        elif before is None:
            made.append({**one, **known})
        else:
            changed = {k: v for k, v in one.items() if v != before.get(k)}
            gone = {k for k in before if k not in one}
            made.append({k: v for k, v in known.items() if k not in gone} | changed)
    never = seen.keys() | {_key(one) for one in made}
    return made + [one for one in stand if _key(one) not in never]


def _key(contact: Mapping[str, Any]) -> tuple[str, str]:
    """What makes two contacts one. A web address is as HSDS has it, whatever its letters."""
    url = str(contact.get("url") or "")
    return str(contact["kind"]), str(
        contact.get("number") or contact.get("email") or as_uri(url) or url
    )
