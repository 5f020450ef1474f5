"""The texts of a listing, each with a name: `names`, `summary`, `organization`, and the label of
a contact, `label:phone:+380…`.

It finds a text and puts one in its place. What may stand there is decided elsewhere.
"""

from collections import Counter
from typing import Any, Final

from bot.ledger.model import Content
from referral_directory.keeping.fields import contacts_of, key_of, matched

_PARTS: Final = ("names", "summary", "organization")


def texts(content: Content) -> dict[str, dict[str, str]]:
    """Every text that has an English, by part and language."""
    found = {part: dict(content[part]) for part in _PARTS if content.get(part)}
    contacts = contacts_of(content)
    for name, contact in zip(_labels(contacts), contacts, strict=True):
        if name:
            found[name] = dict(contact["label"])
    return found


def moved(before: Content, after: Content) -> dict[str, str]:
    """How the label of each contact is named now, where its number or address was corrected."""
    old, new = contacts_of(before), contacts_of(after)
    was, now = _labels(old), _labels(new)
    pairs = {was[here]: now[there] for here, there in matched(old, new).items()}
    return {name: later for name, later in pairs.items() if name and later and name != later}


def relabelled(
    said: dict[str, dict[str, str]], before: Content, after: Content
) -> dict[str, dict[str, str]]:
    """The texts of before under the names that they have after."""
    names = moved(before, after)
    return {names.get(part, part): text for part, text in said.items()}


def with_text(content: Content, part: str, language: str, words: str) -> dict[str, Any]:
    """The content with that text in it. Raises `LookupError` when it has no such part."""
    if part in _PARTS:
        return {**content, part: {**content[part], language: words}}
    contacts = contacts_of(content)
    named = _labels(contacts)
    if not part or part not in named:
        raise LookupError("there is no such text")
    place = named.index(part)
    contacts[place] = {
        **contacts[place],
        "label": {**contacts[place]["label"], language: words},
    }
    return {**content, "contacts": contacts}


def _labels(contacts: list[Content]) -> list[str]:
    """The name of each contact's label; empty where it has no English one.

    A number that stands twice has two: `label:phone:102`, `label:phone:102#2`.
    """
    counted: Counter[str] = Counter()
    names = []
    for contact in contacts:
        name = f"label:{key_of(contact)}" if contact.get("label", {}).get("en") else ""
        counted[name] += 1
        names.append(f"{name}#{counted[name]}" if name and counted[name] > 1 else name)
    return names
