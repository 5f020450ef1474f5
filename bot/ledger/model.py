"""The words of the ledger: what it gives and takes (what it refuses is in `refusals.py`).

Plain frozen values. They decide nothing. A listing's content is always the JSON form of
`referral_directory.pack.ListingShape` (`model_dump(mode="json", exclude_defaults=True)`), so that
one shape holds for packs, imports, the console and what is published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from bot.ledger.refusals import (
    Invalid,
    LedgerError,
    NoSuchRecord,
    Refusal,
    Refused,
    Stale,
    Tampered,
)
from referral_directory.model import Confirmation

__all__ = [
    "Actor",
    "Check",
    "Content",
    "Draft",
    "Fault",
    "How",
    "Invalid",
    "LedgerError",
    "ListQuery",
    "NoSuchRecord",
    "Page",
    "Problem",
    "Published",
    "PublishedRow",
    "PurgeAsked",
    "Record",
    "Refusal",
    "Refused",
    "Revision",
    "Row",
    "Stage",
    "Stale",
    "Tampered",
    "Task",
    "TextCell",
    "TextState",
    "Told",
]

Content = Mapping[str, Any]
"""A listing as `ListingShape` writes it in JSON, without what is left at its default."""

Stage = Literal["draft", "verified", "due", "stale", "hidden", "suspended", "retired"]
"""`draft`: never published. `due`: to be checked. `stale`: 30 days overdue, labelled. `hidden`: 90
days overdue, no longer shown to survivors. It follows from the facts and the day; nobody sets it.
"""
Problem = Literal["no_answer", "wrong", "unsafe"]
"""What was said of a listing: nobody answered, the number was wrong, it was unsafe."""
Told = Literal["survivor", "operator", "service"]
How = Literal["call", "visit", "letter"]
TextState = Literal["missing", "draft", "machine", "reviewed", "approved", "stale"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a member of staff, or a part of the program (`pack`, `command`)."""

    id: str
    """The same for all sessions of one person."""
    areas: tuple[str, ...] = ()
    """Codes of countries and regions (`UA`, `UA-63`) that they keep; empty: all of them."""
    restricted: bool = False
    """Whether they may see records and fields that are not public."""
    vets: bool = False
    """Whether they may propose another vetting: who runs a place, and whether it is safe."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The one open proposal to change a record, or to publish it for the first time."""

    record: str
    version: int
    """Counts every change of the draft. Who approves names the version and digest they saw."""
    digest: str
    """SHA-256, hex, of the content, what it is based on and what else it does. An approval of
    anything else is refused."""
    base: int
    """The revision it was begun from; 0 for a new record."""
    content: Content = field(repr=False)
    authors: tuple[str, ...]
    """Everyone who had a hand in it; none of them may approve it."""
    why: str = field(repr=False)
    since: date
    source: str = ""
    """The id of the import that made it, if one did."""
    lifts: bool = False
    """Whether it also ends the suspension."""
    absorbs: tuple[str, ...] = ()
    """Records that are merged into this one with it."""
    conflicts: tuple[str, ...] = ()
    """After `rebase`: fields that both sides changed; they say what the draft said."""


@dataclass(frozen=True, slots=True)
class Check:
    """A verification of one part of a listing: who, when, how. Void once that part changes."""

    part: str = field(repr=False)
    """`contact:phone:+380…`, `hours`, `who`, `area`, `languages`, `cost` or `address`."""
    by: str
    how: How
    on: date


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of the history of a record; nothing is ever taken out of it."""

    sequence: int
    """Its place in the chain of all acts."""
    number: int | None
    """Which revision of the content it made; None when it made none (a check, a suspension)."""
    act: str
    by: str
    second: str | None
    on: date
    why: str = field(repr=False)
    content: Content | None = field(repr=False)
    """None when it made no content, or when the whole of it was purged."""
    redacted: tuple[str, ...] = ()
    """Fields that a purge took out of this content."""
    told: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What else belongs to the act: `parts` and `how` of a check, `authors` of a publication…"""


@dataclass(frozen=True, slots=True)
class Row:
    """A record as a line of a list."""

    id: str
    name: str
    organization: str
    country: str
    area: tuple[str, ...]
    needs: tuple[str, ...]
    languages: tuple[str, ...]
    stage: Stage
    due_on: date | None
    published: bool
    visibility: str
    has_draft: bool
    open_tasks: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record whole, as staff see it."""

    row: Row
    revision: int
    """The revision that stands; 0 when there is only a draft."""
    content: Content = field(repr=False)
    """What stands; of a record with only a draft, what the draft says."""
    published: Content | None = field(repr=False)
    """What survivors see the listing from; None when it is not published."""
    draft: Draft | None
    checks: tuple[Check, ...]
    """Those that still count."""
    suspended_why: str | None = field(repr=False)
    tasks: tuple["Task", ...]
    redirects: tuple[str, ...]
    """Ids of records that were merged into this one."""
    source: str
    """`pack:ua`, `import:…` or `console`."""
    draft_checks: tuple[Check, ...] = ()
    """Those that count for what the open draft says."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """What is served of a record, after its signature was looked at."""

    id: str
    content: bytes | None = field(repr=False)
    """JSON of `ListingShape`, as it was signed; None when nothing is served: not published,
    suspended, retired, merged, not public, or changed by hand."""
    country: str
    confirmed: Confirmation | None
    """The oldest of the checks that count; None when a contact was never checked."""
    due_on: date | None
    """The label (30 days later) and the hiding (90 days later) are worked out by who serves."""
    changed: datetime | None = None
    """When what is published last changed: the day, at midnight UTC."""
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What is served, or what changed of it."""

    generation: int
    rows: tuple[PublishedRow, ...]
    alarms: tuple[str, ...]
    """Ids of records that were changed in the database by hand: they are not served."""


@dataclass(frozen=True, slots=True)
class PurgeAsked:
    """Somebody wants words taken out of a record and its history; a second person does it."""

    seq: int
    record: str
    fields: tuple[str, ...] = field(repr=False)
    by: str
    on: date
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the ledger that does not follow from its history."""

    code: Literal["head", "chain", "content", "record", "shelf", "stray"]
    where: str
    """The number of the act or content, or the id of the record."""
    said: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something to look at, opened by a report. It says nothing of who reported."""

    id: int
    record: str
    problem: Problem
    told: Told
    contact: str = field(repr=False)
    """The part of the listing that it is about, or empty."""
    count: int
    """How often the same was said while it was open."""
    since: date
    state: Literal["open", "done"]
    done_by: str | None = None
    answer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list shows; every part may be left out."""

    text: str = ""
    """Words in the name, organisation, number or address, in any case and script folding."""
    stage: tuple[Stage, ...] = ()
    need: str = ""
    """The need or any part of it."""
    area: str = ""
    """Covers this country or region."""
    language: str = ""
    organization: str = ""
    source: str = ""
    due_before: date | None = None
    draft: bool | None = None
    task: bool | None = None
    order: Literal["name", "due", "changed"] = "name"
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class TextCell:
    """One text of one record in one language, on the translators' board."""

    record: str
    part: str
    """`names`, `summary`, `organization`, or `label:phone:+380…`."""
    language: str
    state: TextState
    source: str = field(repr=False)
    """The English it is, or is to be, a translation of."""
    text: str = field(repr=False)
    translator: str | None = None
    reviewer: str | None = None
