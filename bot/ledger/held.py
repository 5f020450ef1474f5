"""A record as a transaction holds it: all that decides what is published of it, in one value.

It decides what follows from a record (what is shown, when it is due, what lists say of it) and
reads no table. Change it with `replace` and put it back: the transaction writes what follows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, cast

from bot.ledger.known import Known
from bot.ledger.model import Check, Content, Draft, How
from bot.ledger.plain import found_by, hash_of, plain, read, written
from referral_directory.keeping import critical, due_on, part_hash, parts, reachable

_NOT_SERVED: Final = ("notes", "accepted", "carried")
"""What staff keep beside a listing. `carried` stays for partners who asked in its own shape."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A content with its id, and its salted hash in the chain."""

    id: int
    hash: str
    content: Content = field(repr=False)


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """The open proposal of a record."""

    version: int
    base: int
    kept: Kept
    authors: tuple[str, ...]
    why: str = field(repr=False)
    since: str
    source: str = ""
    lifts: bool = False
    """Whether the suspension ends with it."""
    absorbs: tuple[str, ...] = ()
    """Records that are merged into this one with it."""

    @property
    def digest(self) -> str:
        """What an approval is given to."""
        return hash_of([self.kept.content, self.base, self.lifts, list(self.absorbs)])

    def shown(self, record: str) -> Draft:
        """The draft as everyone else sees it."""
        return Draft(
            record=record,
            version=self.version,
            digest=self.digest,
            base=self.base,
            content=self.kept.content,
            authors=self.authors,
            why=self.why,
            since=date.fromisoformat(self.since),
            source=self.source,
            lifts=self.lifts,
            absorbs=self.absorbs,
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A record whole."""

    id: str
    country: str
    source: str
    revision: int = 0
    kept: Kept | None = None
    """What stands; None for a record with only a draft."""
    published: bool = False
    suspended: int = 0
    redirect: str | None = None
    changed: str = ""
    """The day of the last revision, ISO."""
    checks: Mapping[str, tuple[str, str, str, str]] = field(default_factory=dict, repr=False)
    """For `part\\nhash`: hash of the part, who, how, on which day."""
    tasks: int = 0
    draft: HeldDraft | None = None

    @property
    def content(self) -> Content:
        """What stands; of a record with only a draft, what the draft says."""
        if self.kept is not None:
            return self.kept.content
        if self.draft is None:
            raise LookupError("a record has a content or a draft")
        return self.draft.kept.content

    def checked(self, content: Content) -> tuple[Check, ...]:
        """The checks that count for a content: of parts that say what they said then."""
        if not self.checks:
            return ()
        found = []
        for part, value in parts(content).items():
            given = self.checks.get(f"{part}\n{part_hash(value)}")
            if given is not None:
                _, by, how, on = given
                found.append(Check(part, by, cast(How, how), date.fromisoformat(on)))
        return tuple(found)

    def state(self) -> str:
        """The hash of all of it."""
        kept = self.kept
        proposal = self.draft
        return hash_of(
            [
                *(self.id, self.country, self.source, self.revision, self.published),
                *(self.suspended, self.redirect, self.changed, self.tasks),
                {key: list(value) for key, value in self.checks.items()},
                [kept.id, kept.hash] if kept else None,
                [
                    *(proposal.version, proposal.base, proposal.kept.id, proposal.kept.hash),
                    *(list(proposal.authors), proposal.why, proposal.since, proposal.source),
                    *(proposal.lifts, list(proposal.absorbs)),
                ]
                if proposal
                else None,
            ]
        )


def served(held: Held) -> Content | None:
    """What survivors are served from, without what is not public; None when nothing is.

    It does not look at the day: who serves hides what is 90 days overdue.
    """
    content = held.content
    if (
        held.kept is None
        or not held.published
        or held.suspended
        or held.redirect is not None
        or content.get("status", "active") != "active"
        or content.get("visibility", "public") != "public"
        or content.get("vetting") in {"suspended", "refused"}
    ):
        return None
    said = without_hidden(content)
    for name in _NOT_SERVED[:2]:
        said.pop(name, None)
    said["contacts"] = [
        {name: value for name, value in contact.items() if name != "notes"}
        for contact in said.get("contacts", ())
    ]
    return said


def without_hidden(content: Content) -> dict[str, Any]:
    """The content without contacts and an address that are less public than the listing."""
    said = dict(content)
    if "contacts" in said:
        said["contacts"] = [c for c in said["contacts"] if not _is_hidden(c)]
    if _is_hidden(said.get("address") or {}):
        del said["address"]
    return said


def hidden_of(content: Content) -> tuple[list[tuple[int, Any]], Any]:
    """The hidden contacts with their places, and the address when it is hidden."""
    contacts = [
        (place, contact)
        for place, contact in enumerate(content.get("contacts") or ())
        if _is_hidden(contact)
    ]
    address = content.get("address") or {}
    return contacts, address if _is_hidden(address) else None


def with_hidden(content: Content, before: Content) -> dict[str, Any]:
    """A content by somebody who could not see what is hidden, with what was hidden put back."""
    contacts, address = hidden_of(before)
    said = dict(content)
    if contacts:
        kept = list(said.get("contacts") or ())
        for place, contact in contacts:
            if contact not in kept:
                kept.insert(place, contact)
        said["contacts"] = kept
    if address is not None and "address" not in said:
        said["address"] = address
    if (contacts or address is not None) and "carried" in before and "carried" not in said:
        # Who may not see what is hidden saw no record that came from elsewhere and may say it.
        said["carried"] = before["carried"]
    return said


def _is_hidden(one: Mapping[str, Any]) -> bool:
    return bool(one.get("visibility", "public") != "public")


def listed(held: Held) -> dict[str, Any]:
    """The columns of a record that follow from the rest."""
    content = held.content
    name = str(content["names"]["en"])
    organization = str(content["organization"]["en"])
    return {
        "name": name,
        "sort": plain(name),
        "organization": organization,
        "org": plain(organization),
        "visibility": content.get("visibility", "public"),
        "retired": content.get("status") == "closed" or held.redirect is not None,
        "shown": served(held) is not None,
        "due_on": due_day(held),
    }


def due_day(held: Held) -> str | None:
    """When the listing is to be checked again, ISO.

    None while it is not published, and while nobody vouches for a part that matters: a day of
    somebody's act that was no check must not stand for one.
    """
    if not held.published or held.kept is None:
        return None
    content = held.kept.content
    checks = held.checked(content)
    wanted = critical(content) or reachable(content)
    if not wanted or not {check.part for check in checks}.issuperset(wanted):
        return None
    day = due_on(content, checks, date.min)
    return day.isoformat() if day else None


def tags(held: Held, known: Known) -> Iterator[tuple[str, str]]:
    """What a record is filtered by."""
    content = held.content
    areas, needs = dict.fromkeys(content["area"]), dict.fromkeys(content["needs"])
    for area in areas:
        yield "area", area
    for area in known.around(areas) - areas.keys():
        yield "around", area
    for need in needs:
        yield "need", need
    for above in dict.fromkeys(need.partition(".")[0] for need in needs):
        if above not in needs:
            yield "above", above
    for language in dict.fromkeys(content["languages"]):
        yield "language", language


def words(held: Held) -> dict[str, str]:
    """What a record is found by: by everyone, and by those who may see what is not public."""
    content = held.content
    contacts, address = hidden_of(content)
    hidden = {"contacts": [contact for _, contact in contacts], "address": address or {}}
    return {
        "record": held.id,
        "text": found_by(held.id, without_hidden(content)),
        "hidden": found_by("", hidden) if contacts or address else "",
    }


def checks_json(held: Held) -> str:
    """The checks as they are kept."""
    return written({key: list(value) for key, value in held.checks.items()})


def checks_from(text: str) -> dict[str, tuple[str, str, str, str]]:
    """The checks of that JSON."""
    return {key: (v[0], v[1], v[2], v[3]) for key, v in read(text).items()}
