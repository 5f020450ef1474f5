"""How the fields of a listing are named, and which contact of one version is which of another.

It compares contacts only to know them again; what a difference means is decided elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

ADDRESSES: Final = ("number", "url", "email")
"""Where a contact leads: it has exactly one of them."""

Content = Mapping[str, Any]
"""A listing as `ListingShape` writes it in JSON, without what is left at its default."""


def contacts_of(content: Content) -> list[Content]:
    """The contacts of a listing, in order."""
    return list(content.get("contacts") or ())


def reached_by(contact: Content) -> str:
    """The number, URL or e-mail address of a contact, whichever it has; empty when none."""
    return next((str(contact[name]) for name in ADDRESSES if contact.get(name)), "")


def key_of(contact: Content) -> str:
    """What a contact is known by: `phone:+380…`, `web:https://…`."""
    return f"{contact.get('kind', '')}:{reached_by(contact)}"


def names_of(contacts: Sequence[Content]) -> list[str]:
    """Each contact as people see it, counted within its kind: `contacts[phone 1]`."""
    counted: dict[str, int] = {}
    names = []
    for contact in contacts:
        kind = str(contact.get("kind", ""))
        counted[kind] = counted.get(kind, 0) + 1
        names.append(f"contacts[{kind} {counted[kind]}]")
    return names


def matched(old: Sequence[Content], new: Sequence[Content]) -> dict[int, int]:
    """For each contact of `old` its place in `new`: by kind and address, then by kind and order.

    A contact that was taken out, or whose kind was changed, is left out.
    """
    pairs: dict[int, int] = {}
    for by_address in (True, False):
        free: dict[str, list[int]] = {}
        for place, contact in enumerate(new):
            if place not in pairs.values():
                free.setdefault(_known_by(contact, by_address=by_address), []).append(place)
        for place, contact in enumerate(old):
            waiting = free.get(_known_by(contact, by_address=by_address))
            if place not in pairs and waiting:
                pairs[place] = waiting.pop(0)
    return pairs


def leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every leaf of a value with its name: texts by language, hours by part, lists whole."""
    if isinstance(value, Mapping) and value:
        for key in sorted(value):
            yield from leaves(value[key], f"{name}.{key}")
    else:
        yield name, value


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value, keys included: what a free field may say anywhere."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def _known_by(contact: Content, *, by_address: bool) -> str:
    return key_of(contact) if by_address else str(contact.get("kind", ""))
