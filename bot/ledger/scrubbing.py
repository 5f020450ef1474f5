"""Takes words out of a content, and out of every other text in which they are said again.

It decides what counts as the same: a number in any spacing, a text or an address in any case. What
stays is still a listing. It reads and writes no table.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from bot.ledger.model import Content, Refused
from referral_directory.keeping.fields import ADDRESSES, contacts_of, key_of, texts_in

GONE: Final = "…"
"""What stands where something was taken out."""
_MAY: Final = ("names", "organization", "summary", "address", "notes", "hours", "also", "source")
"""Fields that hold words of somebody's; the others are codes."""
_LEAST: Final = 4
"""Characters of a text that is looked for elsewhere too: shorter ones are in every sentence."""
_DIGITS: Final = 9
"""Last digits of a number that are its own in every way of writing it."""


@dataclass(frozen=True, slots=True)
class Scrub:
    """What is taken out: contacts by what they are known by, fields, and every repetition."""

    contacts: frozenset[str] = field(repr=False)
    fields: tuple[tuple[str, ...], ...]
    _words: re.Pattern[str] | None = field(repr=False)

    @classmethod
    def of(cls, fields: Iterable[str], contents: Iterable[Content]) -> Self:
        """What those fields say in any of the contents: `contact:phone:+380…`, `address`,
        `address.line`, `notes`, `summary.uk`, or a text itself as `text:…`. Raises `Refused`.
        """
        contacts, paths, values = set(), [], set()
        for name in dict.fromkeys(fields):
            if name.startswith("contact:"):
                contacts.add(name.removeprefix("contact:"))
            elif name.startswith("text:") and len(name) >= len("text:") + _LEAST:
                values.add(name.removeprefix("text:"))
            elif name.partition(".")[0] in _MAY:
                paths.append(tuple(name.split(".")))
            else:
                mend = "Name a contact, an address, notes or another field of words."
                raise Refused("wrong_stage", "that field holds nothing to take out", mend)
        if not (contacts or paths or values):
            raise Refused("wrong_stage", "nothing was named to take out", "Name a field.")
        for content in contents:
            for contact in contacts_of(content):
                if key_of(contact) in contacts:
                    values |= {str(contact[n]) for n in (*ADDRESSES, "shown") if n in contact}
            for path in paths:
                values |= {t for t in _said_at(content, path) if len(t) >= _LEAST}
        values |= {key.partition(":")[2] for key in contacts}
        return cls(frozenset(contacts), tuple(paths), _pattern(values))

    @property
    def names(self) -> tuple[str, ...]:
        """What was taken out, without saying it again."""
        kinds = sorted({f"contact:{key.partition(':')[0]}" for key in self.contacts})
        return (*kinds, *(".".join(path) for path in self.fields))

    def text(self, text: str) -> str:
        """The text without any of it."""
        return self._words.sub(GONE, text) if self._words else text

    def hits(self, text: str) -> bool:
        """Whether any of it is said there."""
        return self._words is not None and self._words.search(text) is not None

    def value(self, value: Any) -> Any:
        """Any JSON value without it; keys that say it go with what they hold."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {k: self.value(v) for k, v in value.items() if not self.hits(str(k))}
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value

    def content(self, content: Content) -> dict[str, Any]:
        """The content without it; what came along from elsewhere goes too."""
        said = json.loads(json.dumps(content))
        for path in self.fields:
            _take_out(said, path)
        contacts = [c for c in said.get("contacts", ()) if not self._leads_there(c)]
        if "contacts" in said:
            said["contacts"] = contacts
        said.pop("carried", None)
        for holder in (said, *contacts):
            if self.hits(str((holder.get("source") or {}).get("url", ""))):
                del holder["source"]
        cleaned: dict[str, Any] = self.value(said)
        return cleaned

    def _leads_there(self, contact: Mapping[str, Any]) -> bool:
        if key_of(contact) in self.contacts:
            return True
        return any(self.hits(str(contact[name])) for name in ADDRESSES if name in contact)


def _said_at(content: Content, path: tuple[str, ...]) -> Iterator[str]:
    found: Any = content
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        yield from (text for inner in found.values() for text in texts_in(inner))
    else:
        yield from texts_in(found)


def _take_out(said: dict[str, Any], path: tuple[str, ...]) -> None:
    holder: Any = said
    for name in path[:-1]:
        holder = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or path[-1] not in holder:
        return
    if path[0] in {"names", "organization", "summary"}:
        # A listing without its English is none: the words go, their place stays.
        if len(path) == 1:
            holder[path[0]] = {"en": GONE}
        elif path[1] == "en":
            holder["en"] = GONE
        else:
            del holder[path[1]]
    elif path[0] in {"address", "hours", "source"}:
        del said[path[0]]
    else:
        del holder[path[-1]]


def _pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    found = sorted({one for value in values if value for one in _ways(value)}, key=len)
    return re.compile("|".join(reversed(found)), re.IGNORECASE) if found else None


def _ways(value: str) -> Iterator[str]:
    yield re.escape(value)
    # As it stands within JSON, when a table of another room keeps it so.
    yield re.escape(json.dumps(value, ensure_ascii=False)[1:-1])
    digits = re.sub("[^0-9]", "", value)
    if len(digits) >= 6 and re.fullmatch(r"[0-9+()\s./-]+", value):
        own = digits[-_DIGITS:]
        spaced = r"[\s().-]{0,3}".join(own)
        yield rf"\+?[0-9\s().-]{{0,8}}{spaced}"
