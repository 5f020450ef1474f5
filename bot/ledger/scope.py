"""Who may see what: areas of a person, and what is not public.

It decides by the actor alone. Out of scope and not there are one answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from bot.ledger.held import Held, hidden_of, without_hidden
from bot.ledger.known import Known
from bot.ledger.model import Actor, Content, Draft
from referral_directory.keeping.fields import key_of

_WORDS: Final = frozenset({"part", "text"})
"""What an act on one text says of it."""


def may_see(actor: Actor, held: Held, known: Known) -> bool:
    """Whether the record is there for this person."""
    return in_areas(actor, held.content, known) and (actor.restricted or not is_restricted(held))


def in_areas(actor: Actor, content: Content, known: Known) -> bool:
    """Whether a listing lies in the areas that the person keeps."""
    return not actor.areas or not known.around(content["area"]).isdisjoint(actor.areas)


def is_restricted(held: Held) -> bool:
    """Whether the record as it stands is not public."""
    return bool(held.content.get("visibility", "public") != "public")


def is_delicate(held: Held) -> bool:
    """Whether anything of the record is not public, so that a look at it is written down."""
    contents = [held.content, *([held.draft.kept.content] if held.draft else [])]
    return is_restricted(held) or any(hidden_of(one) != ([], None) for one in contents)


@dataclass(frozen=True, slots=True)
class Eyes:
    """What one person sees of one record, of what it says now and of what it ever said.

    A contact that is not public now was perhaps public once: its old self is not shown either.
    """

    everything: bool
    contacts: frozenset[str] = field(default=frozenset(), repr=False)
    """`phone:+380…` of contacts that are not shown."""
    address: bool = True

    @classmethod
    def of(cls, actor: Actor, held: Held) -> Self:
        """The eyes of that person on that record."""
        if actor.restricted:
            return cls(everything=True)
        contents = [held.content, *([held.draft.kept.content] if held.draft else [])]
        hidden = [hidden_of(content) for content in contents]
        keys = frozenset(key_of(contact) for contacts, _ in hidden for _, contact in contacts)
        return cls(
            everything=False, contacts=keys, address=all(address is None for _, address in hidden)
        )

    def see(self, content: Content) -> Content:
        """The content as they may see it."""
        if self.everything:
            return content
        said = _public(content)
        if self.contacts and "contacts" in said:
            said["contacts"] = [c for c in said["contacts"] if key_of(c) not in self.contacts]
        if not self.address:
            said.pop("address", None)
        if self.contacts or not self.address:
            said.pop("carried", None)
        return said

    def and_of(self, before: Iterable[Content], now: Content) -> Self:
        """The same eyes for what the record said before: what was hidden then stays so, unless
        everybody may see it now.
        """
        if self.everything:
            return self
        hidden = {key_of(one) for said in before for _, one in hidden_of(said)[0]}
        shown = {key_of(one) for one in without_hidden(now).get("contacts", ())}
        return replace(self, contacts=self.contacts | (hidden - shown))

    def may_read(self, part: str) -> bool:
        """Whether they may know of that part (`contact:phone:+380…`, `label:…`, `address`)."""
        if part == "address":
            return self.address
        about = part.removeprefix("contact:").removeprefix("label:").partition("#")[0]
        return about not in self.contacts

    def told(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """What belongs to an act, without what names a part that they may not know of."""
        found = dict(said)
        if not self.may_read(str(found.get("part", ""))):
            found = {name: value for name, value in found.items() if name not in _WORDS}
        if not self.may_read(str(found.get("contact", ""))):
            found["contact"] = ""
        if "parts" in found:
            found["parts"] = {p: h for p, h in found["parts"].items() if self.may_read(p)}
        if "fields" in found:
            found["fields"] = [name for name in found["fields"] if self.may_read(str(name))]
        return found


def shown_draft(actor: Actor, held: Held) -> Draft | None:
    """The open draft as this person may see it."""
    if held.draft is None:
        return None
    draft = held.draft.shown(held.id)
    return replace(draft, content=Eyes.of(actor, held).see(draft.content))


def seen(actor: Actor, content: Content) -> Content:
    """The content as this person may see it, by what it says itself."""
    return content if actor.restricted else _public(content)


def _public(content: Content) -> dict[str, Any]:
    """The content without what is hidden in it, nor the record it came in, which may say it too."""
    said = without_hidden(content)
    if hidden_of(content) != ([], None):
        said.pop("carried", None)
    return said
