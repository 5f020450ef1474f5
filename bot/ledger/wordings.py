"""The texts of a listing, each with a name: `names`, `summary`, `organization`, and the label of
a contact, `label:phone:+380…`.

It finds a text and puts one in its place. What may stand there is decided elsewhere.
"""

from collections.abc import Container
from typing import Any, Final

from bot.ledger.model import Content
from referral_directory.keeping.fields import contacts_of, key_of

_PARTS: Final = ("names", "summary", "organization")


def texts(content: Content) -> dict[str, dict[str, str]]:
    """Every text that has an English, by part and language."""
    found = {part: dict(content[part]) for part in _PARTS if content.get(part)}
    for contact in contacts_of(content):
        if contact.get("label", {}).get("en"):
            found[_free(found, f"label:{key_of(contact)}")] = dict(contact["label"])
    return found


def with_text(content: Content, part: str, language: str, words: str) -> dict[str, Any]:
    """The content with that text in it. Raises `LookupError` when it has no such part."""
    if part in _PARTS:
        return {**content, part: {**content[part], language: words}}
    contacts: list[Content] = []
    named: set[str] = set()
    for contact in contacts_of(content):
        label = contact.get("label", {})
        name = _free(named, f"label:{key_of(contact)}") if label.get("en") else ""
        named.add(name)
        here = bool(name) and name == part
        contacts.append({**contact, "label": {**label, language: words}} if here else contact)
    if part not in named:
        raise LookupError("there is no such text")
    return {**content, "contacts": contacts}


def _free(taken: Container[str], name: str) -> str:
    """A number that stands twice has two labels: `label:phone:102`, `label:phone:102#2`."""
    count = 2
    free = name
    while free in taken:
        free, count = f"{name}#{count}", count + 1
    return free
