"""A listing as the cells of one row, so that reading them again gives the same listing.

It shows what is public unless told otherwise; what is marked `never_export` it never writes. The
order of a contact among those of its kind is kept, so that a hidden one leaves its columns empty.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from referral_directory.exchange.cells import tidy, written_items, written_pairs
from referral_directory.exchange.rows import Content

_DEFAULTS: Final = {"status": "active", "visibility": "public", "vetting": "not_yet"}
"""Written even where a listing leaves them out: a person looks for them."""
_TEXTS: Final = {"names": "name", "organization": "organization", "summary": "summary"}
_LISTS: Final = frozenset({"needs", "area", "languages", "interpreted", "only", "welcomes", "also"})
_PAIRS: Final = frozenset({"windows", "accepted"})
_NOT_IN_TABLES: Final = frozenset({"contacts", "carried"})
"""`carried` belongs to the shape it came in; a row leaves it as it is."""


def cells_of(content: Content, *, restricted: bool = True) -> dict[str, str]:
    """The cells of a listing by the key of their column, without those that would be empty.

    `restricted`: with what is not public; never what may not be exported at all.
    """
    cells: dict[str, str] = dict(_DEFAULTS)
    for name, value in content.items():
        if name in _NOT_IN_TABLES:
            continue
        if name == "address" and not _shown(value, content, restricted=restricted):
            continue
        _put(cells, "", name, value)
    seen: dict[str, int] = {}
    for contact in content.get("contacts", ()):
        kind = contact["kind"]
        seen[kind] = seen.get(kind, 0) + 1
        if _shown(contact, content, restricted=restricted):
            _put_contact(cells, f"{kind}_{seen[kind]}", contact)
    return {key: text for key, value in cells.items() if (text := tidy(value))}


def exportable(content: Content, *, restricted: bool) -> bool:
    """Whether a listing may leave the house in a table at all."""
    visibility = content.get("visibility", "public")
    return bool(visibility == "public" or (restricted and visibility != "never_export"))


def _shown(part: Mapping[str, Any], content: Content, *, restricted: bool) -> bool:
    visibility = part.get("visibility") or content.get("visibility", "public")
    return bool(visibility == "public" or (restricted and visibility != "never_export"))


def _put_contact(cells: dict[str, str], head: str, contact: Mapping[str, Any]) -> None:
    for name, value in contact.items():
        if name in {"number", "url", "email"}:
            cells[head] = value
        elif name == "label":
            for language, text in value.items():
                cells[f"{head}_label_{language}"] = text
        elif name != "kind":
            _put(cells, f"{head}_", name, value)


def _put(cells: dict[str, str], head: str, name: str, value: Any) -> None:
    if name in _TEXTS:
        for language, text in value.items():
            cells[f"{_TEXTS[name]}_{language}"] = text
    elif name in _LISTS:
        cells[f"{head}{name}"] = written_items(value)
    elif name in _PAIRS:
        cells[f"{head}{name}"] = written_pairs(value)
    elif name == "hours":
        for part, told in value.items():
            key = f"{head}hours" if part == "printed" else f"{head}hours_{part}"
            cells[key] = _closures(told) if part == "closed" else told
    elif isinstance(value, dict):
        for part, told in value.items():
            cells[f"{head}{name}_{part}"] = str(told)
    elif isinstance(value, bool):
        cells[f"{head}{name}"] = "yes" if value else "no"
    else:
        cells[f"{head}{name}"] = str(value)


def _closures(closures: list[Mapping[str, Any]]) -> str:
    if any(closure.get("reason") for closure in closures):
        return json.dumps(closures, ensure_ascii=False)
    return "; ".join(f"{closure['from']}/{closure['to']}" for closure in closures)
