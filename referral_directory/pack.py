"""The shape of the files in `packs/`: what may be written, and what a value left out means.

It says what is well formed. Whether codes exist and what may be shown is decided elsewhere.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from referral_directory.codes import (
    ANSWERED,
    DIALLED,
    Answer,
    CapacityState,
    Confidence,
    Cost,
    HolidayPolicy,
    Kind,
    RunBy,
    Status,
    Vetting,
    Visibility,
    Who,
)
from referral_directory.hours import read_rules, zone_of

SUMMARY_LENGTH: Final = 280
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z")
_NUMBER = re.compile(r"(\+[1-9][0-9]{6,14}|[0-9]{2,6}|0[0-9]{6,12})\Z")
_CODE = re.compile(r"([a-z]{2}|intl)-[a-z0-9]+(-[a-z0-9]+)*\Z")


def _as_text(value: Any) -> Any:
    """Numbers that YAML reads where a word is meant: a year, a short number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _https(url: str) -> str:
    if not re.match(r"https?://[^\s/]+\.[^\s/]+", url):
        raise ValueError("is not a web address, like https://example.org")
    return url


def _day(text: str) -> str:
    if not _DATE.match(text):
        raise ValueError("is not a date like 2024-07-01, 2024-07 or 2024; other words: 'printed'")
    date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    return text


def _short(text: str) -> str:
    if len(text) > SUMMARY_LENGTH:
        raise ValueError(
            f"has {len(text)} characters; at most {SUMMARY_LENGTH} are read on a phone"
        )
    return text


def _zone(name: str) -> str:
    zone_of(name)
    return name


Word = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Text = dict[Language, Word]
Url = Annotated[str, AfterValidator(_https)]
Zone = Annotated[str, AfterValidator(_zone)]
YesNo = Literal["yes", "no"]


class Shape(BaseModel):
    """What is written, and nothing besides."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceShape(Shape):
    """Where a fact was read, and when it was written there."""

    url: Url
    date: Annotated[str, BeforeValidator(_as_text), AfterValidator(_day)] | None = None
    printed: Word | None = None


class ClosureShape(Shape):
    """Closed on these dates, both included."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    reason: Text = {}

    @model_validator(mode="after")
    def _in_order(self) -> "ClosureShape":
        if self.last < self.first:
            raise ValueError("ends before it begins")
        return self


class HoursShape(Shape):
    """Hours as printed, and as rules where the words are clear."""

    printed: Word
    rules: str | None = None
    zone: Zone | None = None
    holidays: HolidayPolicy | None = None
    closed: tuple[ClosureShape, ...] = ()

    @field_validator("rules")
    @classmethod
    def _readable(cls, rules: str | None) -> str | None:
        if rules is not None:
            read_rules(rules)
        return rules


def _hours(value: Any) -> Any:
    return {"printed": value, "rules": value} if isinstance(value, str) else value


HoursText = Annotated[HoursShape, BeforeValidator(_hours)]


class ContactShape(Shape):
    """One way to reach a service."""

    kind: Kind
    number: Annotated[str, BeforeValidator(_as_text)] | None = None
    shown: Word | None = None
    url: Url | None = None
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    label: Text = {}
    hours: HoursText | None = None
    languages: tuple[Language, ...] = ()
    free: Answer = "unknown"
    abroad: Answer | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    confidence: Confidence | None = None
    source: SourceShape | None = None
    recheck: bool = False
    visibility: Visibility | None = None
    """Left out: as its listing's. Whatever is not public is never shown to survivors."""
    notes: Word | None = None

    @field_validator("number")
    @classmethod
    def _digits(cls, number: str | None) -> str | None:
        if number is not None and not _NUMBER.match(number):
            raise ValueError("is neither +380... without spaces nor 2 to 6 digits")
        return number

    @model_validator(mode="after")
    def _one_address(self) -> "ContactShape":
        given = {name for name in ("number", "url", "email") if getattr(self, name) is not None}
        if self.kind in DIALLED:
            wanted = [{"number"}]
        elif self.kind == "email":
            wanted = [{"email"}]
        elif self.kind in ANSWERED - {"chat"}:
            wanted = [{"number"}, {"url"}]
        else:
            wanted = [{"url"}]
        if given not in wanted:
            names = " or ".join(next(iter(one)) for one in wanted)
            raise ValueError(f"a contact of kind '{self.kind}' has one '{names}' and nothing else")
        return self


class AddressShape(Shape):
    """Where a service receives people. Never the house of a shelter: the place where one is met."""

    line: Word
    city: Word
    region: Word | None = None
    postal_code: Annotated[str, BeforeValidator(_as_text)] | None = None
    visibility: Visibility = "public"


class WhoShape(Shape):
    """Whom a service receives."""

    woman: Answer = "unknown"
    man: Answer = "unknown"
    other_gender: Answer = "unknown"
    adult: Answer = "unknown"
    under18: Answer = "unknown"
    captivity: Answer = "unknown"
    lgbtqi: Answer = "unknown"
    disability: Answer = "unknown"
    displaced: Answer = "unknown"
    family: Answer = "unknown"
    military: Answer = "unknown"


class CapacityShape(Shape):
    """Whether there is room, and when that was said."""

    state: CapacityState
    as_of: datetime

    @field_validator("as_of")
    @classmethod
    def _with_zone(cls, as_of: datetime) -> datetime:
        if as_of.tzinfo is None:
            raise ValueError("needs a time zone, like 2026-11-20T10:00+02:00")
        return as_of


class ListingShape(Shape):
    """A service as it is published."""

    names: Text
    organization: Text
    status: Status = "active"
    needs: Annotated[tuple[str, ...], Field(min_length=1)]
    area: Annotated[tuple[str, ...], Field(min_length=1)]
    occupied: YesNo = "no"
    who: WhoShape = WhoShape()
    only: tuple[Who, ...] = ()
    welcomes: tuple[Who, ...] = ()
    contacts: tuple[ContactShape, ...] = ()
    address: AddressShape | None = None
    hours: HoursText | None = None
    cost: Cost = "unknown"
    anonymous: Answer = "unknown"
    no_id: Answer = "unknown"
    walk_in: Answer = "unknown"
    accessible: Answer = "unknown"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    interpreted: tuple[Language, ...] = ()
    windows: dict[str, Annotated[int, Field(gt=0, le=8760)]] = {}
    summary: dict[Language, Annotated[Word, AfterValidator(_short)]]
    visibility: Visibility = "public"
    vetting: Vetting = "not_yet"
    run_by: RunBy = "unknown"
    reports_to_police: Answer = "unknown"
    priority: Annotated[int, Field(ge=0, le=9)] = 0
    pair: Word | None = None
    source: SourceShape | None = None
    also: tuple[Word, ...] = ()
    recheck: bool = False
    confidence: Confidence = "page"
    capacity: CapacityShape | None = None
    accepted: dict[Word, Word] = {}
    notes: Word | None = None
    carried: dict[str, Any] = {}
    """What came with it from another directory and is not ours to use: given back as it was when
    it is exported in the shape it came in. Never shown, and never `metadata` or a person."""

    @field_validator("names", "organization", "summary")
    @classmethod
    def _english(cls, text: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        if "en" not in text:
            raise ValueError(f"'{info.field_name}' needs at least English ('en')")
        return text


class ListingsFile(Shape):
    """A file of listings, by id."""

    listings: dict[str, ListingShape]

    @field_validator("listings")
    @classmethod
    def _ids(cls, listings: dict[str, ListingShape]) -> dict[str, ListingShape]:
        for name in listings:
            if not _CODE.match(name):
                raise ValueError(f"'{name}' is not an id like ua-name-of-service")
        return listings
