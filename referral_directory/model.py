"""What the room gives to the rest of the program: places, listings, a query and what was found for
it.

Plain frozen values. They decide nothing but what follows from themselves: whether somebody
answers, and where from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal

from referral_directory.codes import (
    ABROAD,
    ANSWERED,
    DIALLED,
    OCCUPIED,
    OLD_BEFORE,
    Answer,
    Cost,
    How,
    Kind,
    RunBy,
)
from referral_directory.hours import UNKNOWN, Hours, OpenState
from referral_directory.numbers import from_outside

Text = Mapping[str, str]
"""A text by language."""
LABELLED_DAYS: Final = 30
"""Days overdue after which a listing is labelled."""
HIDDEN_DAYS: Final = 90
"""Days overdue after which it is no longer shown to survivors."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a person can say they are."""

    code: str
    """ISO 3166-2 (`UA-63`), or `abroad`, or `occupied`."""
    names: Text
    aliases: Mapping[str, tuple[str, ...]]
    kind: Literal["region", "abroad", "occupied"]
    country: str
    online_only: bool = False
    """Calls do not work there: help comes online or by messenger."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country a person can say they are in."""

    code: str
    """ISO 3166-1 alpha-2: `LT`."""
    names: Text
    aliases: Mapping[str, tuple[str, ...]]
    zone: str
    """The IANA zone of its clocks, or of most of them."""
    spoken: tuple[str, ...] = ()
    """Languages that point to it when nobody said where they are."""
    home: str | None = None
    """For a country that took people in: the country they came from."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something a person can look for."""

    code: str
    names: Text
    urgent_hours: int | None = None
    restricted: bool = False
    """Shown only where the deploying organisation decided so."""
    pick: bool = False
    """Offered as a first choice."""
    beside: tuple[str, ...] = ()
    """Not what is meant by this need: who meets it only so, or is there for these first, comes
    after all others."""

    def only_beside(self, needs: tuple[str, ...]) -> bool:
        """Whether a listing with these needs meets this one (or a part of it) only beside."""
        own = [need for need in needs if _within(need, (self.code,))]
        if needs[0] not in own and _within(needs[0], self.beside):
            return True
        return all(_within(need, self.beside) for need in own)


def is_old(source_date: str | None) -> bool:
    """Whether a source with this date is to be labelled; without a date it is."""
    return source_date is None or source_date < OLD_BEFORE


@lru_cache(maxsize=8192)
def _within(need: str, codes: tuple[str, ...]) -> bool:
    return any(need == code or need.startswith(f"{code}.") for code in codes)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody in the deploying organisation stood up for a listing as it was on a day."""

    listing: str
    by: str = field(repr=False)
    how: How
    on: date
    content: str = ""
    """The hash of what was confirmed; a listing that says something else is not confirmed."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a service, good enough to be shown."""

    kind: Kind
    number: str
    """As it is to be shown: the national form of a number, a web address, an e-mail address."""
    uri: str | None
    """What a tap opens: `tel:`, `https:` or `mailto:`."""
    label: Text
    languages: tuple[str, ...]
    free: Answer
    abroad: Answer
    hours: Hours
    printed: str | None
    """The hours in the source's own words."""
    source_url: str
    source_date: str | None
    """`2024-07-01`, `2024-07` or `2024`; None when the source has no date."""
    recheck: bool = False
    """Its source, its own or the listing's, is undated or old: to be labelled, whatever the
    listing says."""
    country: str = ""
    """Where its number is dialled: ISO 3166-1 alpha-2, or `INT`."""
    short: bool = False
    """The number is dialled as it stands and means something in that country only."""
    only_there: bool = False
    """A number that a service has for people in this country; who is in another one has theirs."""

    def reaches(self, place: str | None) -> bool:
        """Whether it is to be shown to a person in a place.

        `occupied` means no calls; None, that nobody said where they are.
        """
        if place == OCCUPIED:
            return self.kind not in DIALLED
        if place is None:
            return True
        if place == ABROAD:
            return self.abroad != "no"
        return place[:2] == self.country or not (self.abroad == "no" or self.only_there)

    def number_for(self, place: str | None) -> str:
        """The number as somebody in a place must dial it, or find it in a messenger."""
        if place is None or place[:2] == self.country:
            return self.number
        return from_outside(self.number, self.country)


@dataclass(frozen=True, slots=True)
class Listing:
    """A service as it is shown. Only contacts that may be served are in it."""

    id: str
    country: str
    names: Text
    organization: Text
    summary: Text
    needs: tuple[str, ...]
    area: tuple[str, ...]
    occupied: bool
    who: Mapping[str, Answer]
    only: tuple[str, ...]
    welcomes: tuple[str, ...]
    traits: Mapping[str, Answer]
    """`anonymous`, `no_id`, `walk_in`, `accessible`, `no_police`: each three-valued."""
    phones: tuple[Contact, ...]
    """Numbers to call or write an SMS to."""
    channels: tuple[Contact, ...]
    """Messengers, chats, pages and e-mail."""
    printed: str | None
    """The hours of the whole listing, in the source's own words."""
    cost: Cost
    languages: tuple[str, ...]
    interpreted: tuple[str, ...]
    windows: Mapping[str, int]
    """Hours after an event within which a need is best met here."""
    run_by: RunBy
    priority: int
    pair: str | None
    capacity: tuple[str, datetime] | None
    """`open`, `waitlist`, `referral_only` or `full`.

    And the instant after which that is forgotten.
    """
    source_url: str
    source_date: str | None
    """`2024-07-01`, `2024-07` or `2024`; None when the source has no date."""
    source_printed: str | None
    recheck: bool
    confirmed: Confirmation | None = None
    due_on: date | None = None
    """When it is to be checked again."""
    address: str | None = None
    """Where it receives people, on one line; None where that is not public."""

    def overdue(self, today: date) -> bool:
        """Whether a check is so long overdue that it is to be said."""
        return self.due_on is not None and (today - self.due_on).days >= LABELLED_DAYS

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Numbers first, then the rest, as in the pack."""
        return self.phones + self.channels

    def oldest_source(self, place: str | None = None) -> tuple[str, str | None]:
        """The address and date of the oldest source of what is shown in a place.

        One without a date counts as older than any date. A card that shows one date shows this.
        """
        sources = [(self.source_url, self.source_date)]
        sources += [(c.source_url, c.source_date) for c in self.contacts if c.reaches(place)]
        return min(sources, key=lambda source: source[1] or "")

    def answering(self, place: str | None = None) -> tuple[Hours, ...]:
        """The hours that count in a place: of those who answer, else of pages and e-mail."""
        usable = [contact for contact in self.contacts if contact.reaches(place)]
        answered = [contact for contact in usable if contact.kind in ANSWERED]
        return tuple(dict.fromkeys(contact.hours for contact in answered or usable))

    def state(self, at: datetime, place: str | None = None) -> OpenState:
        """Whether any way to reach it is answered at an aware instant."""
        return state_of_all(self.answering(place), at)


def state_of_all(hours: tuple[Hours, ...], at: datetime) -> OpenState:
    """One state for several ways: open as long as one is, closed only when it is known of all."""
    states = [one.state(at) for one in hours]
    if always := [state for state in states if state.always]:
        return always[0]
    if any(state.open == "yes" for state in states):
        closing = [state.closes_at for state in states if state.open == "yes"]
        known = [instant for instant in closing if instant is not None]
        return OpenState("yes", closes_at=max(known) if len(known) == len(closing) else None)
    opening = [state.opens_at for state in states if state.opens_at is not None]
    opens_at = min(opening) if opening else None
    if not states or any(state.open == "unknown" for state in states):
        return UNKNOWN if opens_at is None else OpenState("unknown", opens_at=opens_at)
    reason = next((state.reason for state in states if state.reason), ())
    return OpenState("no", opens_at=opens_at, reason=reason)


@dataclass(frozen=True, slots=True)
class Query:
    """What a person is looking for; every part may be left out."""

    needs: tuple[str, ...] = ()
    place: str | None = field(default=None, repr=False)
    languages: tuple[str, ...] = ()
    who: frozenset[str] = field(default=frozenset(), repr=False)
    """Words of `codes.WHO` that the person said of themselves."""
    hours_since: tuple[int, int | None] | None = field(default=None, repr=False)
    """From, to; None when it was not said."""
    constraints: frozenset[str] = field(default=frozenset(), repr=False)
    """Words of `codes.CONSTRAINTS`."""


@dataclass(frozen=True, slots=True)
class Found:
    """A listing and the reasons, as codes of `reasons.py`, for which it stands where it stands."""

    listing: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """What is given to a person: at most three, one line that is open.

    And what had to be relaxed.
    """

    found: tuple[Found, ...]
    always: Found | None
    relaxed: tuple[str, ...]
