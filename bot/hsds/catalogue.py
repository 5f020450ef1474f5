"""What partners may ask for, ready in memory: made when something is published, never by a request.

It decides which listings exist for a partner on a day. What was once made of a listing is used
again as long as the listing says the same.
"""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

from bot.hsds.following import Publication
from bot.ledger.model import PublishedRow
from referral_directory.exchange.hsds_book import Book, Facts, may_be_served
from referral_directory.exchange.hsds_ids import organization_id, service_id, uuid_of
from referral_directory.exchange.hsds_out import list_record, place_id, service_record
from referral_directory.exchange.hsds_terms import term_id, told
from referral_directory.exchange.rows import Content
from referral_directory.keeping import Stage, stage_of

GONE: Final[frozenset[Stage]] = frozenset({"hidden", "suspended", "retired", "draft"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One listing, with what is asked for by."""

    row: PublishedRow = field(repr=False)
    service: str
    """Its id as a service."""
    organization: str
    """The id of its organisation."""
    owner: str
    """The name of its organisation."""
    place: str
    """Its id as a service at a location."""
    name: str
    terms: tuple[str, ...]
    """The ids of all terms that it is told with."""
    changed: date
    """The day it last changed; the last of all days when that is not known."""
    words: bytes = field(repr=False)
    """What a search looks in: folded, as UTF-8."""

    @property
    def id(self) -> str:
        """Its id in the directory."""
        return self.row.id

    def stands_as(self, other: "Entry") -> bool:
        """Whether both are found in the same place and by the same."""
        return (self.service, self.organization, self.owner, self.name, self.terms) == (
            *(other.service, other.organization, other.owner, other.name, other.terms),
        )

    @property
    def content(self) -> Content:
        """What it says."""
        return read(self.row)


@dataclass(frozen=True, slots=True)
class Organization:
    """One organisation, by what its listings say."""

    id: str
    name: str
    """As it is searched: folded."""
    entries: tuple[int, ...]
    """The places of its listings in the catalogue."""


class Catalogue:
    """All that is served on a day. Nothing in one is changed."""

    def __init__(
        self,
        publication: Publication,
        book: Book,
        today: date,
        before: "Catalogue | None" = None,
    ) -> None:
        """`before`: the one that was made last; what still holds of it is used again."""
        self.book, self.today, self.generation = book, today, publication.generation
        before = before if before is not None and before.book is book else None
        known = before.made if before is not None else {}
        rows: Mapping[str, PublishedRow] = before.rows if before is not None else {}
        self.rows: Mapping[str, PublishedRow] = publication.rows
        """What it was made of."""
        self.made: dict[str, Entry | None] = {}
        """What was made of each row, served or not; for the next catalogue."""
        new: list[str] = []
        for name, row in publication.rows.items():
            if row.content is None:
                continue
            if rows.get(name) is row:
                self.made[name] = known[name]
            else:
                self.made[name] = _entry(row, book)
                new.append(name)
        self._redirects = {
            uuid_of("service", name): row.redirect_to
            for name, row in publication.rows.items()
            if row.redirect_to is not None
        }
        self.entries: Sequence[Entry]
        if before is None or not self._stands(before, new):
            shown = [one for one in self.made.values() if one is not None and self._is_shown(one)]
            shown.sort(key=lambda entry: (entry.name, entry.service))
            self.entries = tuple(shown)

    def _stands(self, before: "Catalogue", new: Sequence[str]) -> bool:
        """Takes over the order and what is looked up by, when none of that is another now."""
        if before.today != self.today or before.made.keys() != self.made.keys():
            return False
        entries = list(before.entries)
        for name in new:
            old, now = before.made[name], self.made[name]
            if old is None or now is None or not old.stands_as(now) or not self._is_shown(now):
                return False
            if (at := before.by_service.get(now.service)) is None:
                return False
            entries[at] = now
        self.entries = tuple(entries)
        self.by_service, self.by_place = before.by_service, before.by_place
        self.by_term, self.organizations = before.by_term, before.organizations
        self.by_organization = before.by_organization
        return True

    def told_with(self, word: str) -> Iterator[int]:
        """The places of the listings whose words have that word, in order."""
        text, ends = self._text
        sought, at = word.encode(), 0
        while (at := text.find(sought, at)) >= 0:
            place = bisect_right(ends, at)
            yield place
            at = ends[place]

    def prepare_search(self) -> None:
        """Makes what a search looks through, so that no request pays for it."""
        _ = self._text

    @cached_property
    def _text(self) -> tuple[bytes, Sequence[int]]:
        """The words of all listings as one text, and where those of each end.

        One look through 60 MB takes less than a hundred thousand looks through a little.
        """
        words = [entry.words for entry in self.entries]
        ends = list(accumulate(len(one) + 1 for one in words))
        return b"\n".join(words) + b"\n", ends

    def facts(self, entry: Entry) -> Facts:
        """What is known of a listing besides what it says."""
        row = entry.row
        return Facts(
            country=row.country,
            confirmed_on=row.confirmed.on if row.confirmed else None,
            stale=self._stage(entry) == "stale",
            changed=row.changed,
        )

    def listed(self, entry: Entry) -> dict[str, Any]:
        """A listing as a list of services shows it."""
        return list_record(entry.id, entry.content, self.facts(entry), self.today)

    def record(self, entry: Entry) -> dict[str, Any]:
        """The full service record of a listing."""
        return service_record(entry.id, entry.content, self.facts(entry), self.book, self.today)

    @cached_property
    def by_service(self) -> Mapping[str, int]:
        """The place of each listing by the id of its service."""
        return {entry.service: at for at, entry in enumerate(self.entries)}

    @cached_property
    def by_place(self) -> Mapping[str, int]:
        """The place of each listing by the id of its service at a location."""
        return {entry.place: at for at, entry in enumerate(self.entries)}

    @cached_property
    def by_term(self) -> Mapping[str, Sequence[int]]:
        """The places of the listings that are told with a term, in order."""
        found: dict[str, list[int]] = {}
        for at, entry in enumerate(self.entries):
            for term in entry.terms:
                found.setdefault(term, []).append(at)
        return found

    @cached_property
    def organizations(self) -> Sequence[Organization]:
        """The organisations in the order of their names."""
        found: dict[str, list[int]] = {}
        for at, entry in enumerate(self.entries):
            found.setdefault(entry.organization, []).append(at)
        made = [
            Organization(name, folded(self.entries[its[0]].owner), tuple(its))
            for name, its in found.items()
        ]
        return sorted(made, key=lambda one: (one.name, one.id))

    @cached_property
    def by_organization(self) -> Mapping[str, Organization]:
        """The organisations by their ids."""
        return {one.id: one for one in self.organizations}

    def moved(self, service: str) -> str | None:
        """The id of the service that a service was merged into, when that one is served."""
        name = self._redirects.get(service)
        made = self.made.get(name) if name is not None else None
        return made.service if made is not None and made.service in self.by_service else None

    def _stage(self, entry: Entry) -> Stage:
        return stage_of(
            published=True,
            suspended=False,
            retired=False,
            due_on=entry.row.due_on,
            today=self.today,
        )

    def _is_shown(self, entry: Entry) -> bool:
        return self._stage(entry) not in GONE


def read(row: PublishedRow) -> dict[str, Any]:
    """What a published row says."""
    content: dict[str, Any] = json.loads(row.content or b"{}")
    return content


def folded(text: str) -> str:
    """A text as it is searched: whatever its letters are written with, and their case."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _entry(row: PublishedRow, book: Book) -> Entry | None:
    content = read(row)
    if not may_be_served(content):
        return None
    texts = [
        *content["names"].values(),
        *content["organization"].values(),
        *content["summary"].values(),
        *(str(one.get("number") or "") for one in content.get("contacts") or ()),
    ]
    terms = (term_id(taxonomy, code) for taxonomy, code, *_ in told(content, book.terms))
    return Entry(
        row=row,
        service=service_id(row.id, content),
        organization=organization_id(content),
        owner=content["organization"]["en"],
        place=place_id(row.id),
        name=folded(content["names"]["en"]),
        terms=tuple(dict.fromkeys(terms)),
        changed=row.changed.date() if row.changed else date.max,
        words=folded(" ".join(texts)).encode(),
    )
