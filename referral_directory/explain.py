"""Why a listing stands where it stands, as codes.

It reads them off the numbers of the ranking and decides nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from referral_directory.codes import GENDERS, WHO
from referral_directory.columns import CLOSE_TO, MARKS, WHO_BITS, Profile
from referral_directory.coverage import Span
from referral_directory.index import Index
from referral_directory.model import LABELLED_DAYS, Found, Query
from referral_directory.opening import CLOSED, NOT_KNOWN, OPEN
from referral_directory.ranking import FIT, NEED, REACH, WINDOW, Person, Tiers


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that holds for all listings in one search."""

    person: Person
    languages: Tiers
    at: datetime
    windows: Tiers
    hours: Sequence[int]
    capacities: Tiers
    today: int


class Explanation:
    """Words a listing of one index for one query."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def found(self, key: int, row: int, span: Span, moment: Moment, query: Query) -> Found:
        """A listing with its reasons."""
        return Found(self._index.id_of(row), tuple(self._reasons(key, row, span, moment, query)))

    def _reasons(
        self, key: int, row: int, span: Span, moment: Moment, query: Query
    ) -> Iterator[str]:
        index, column = self._index, self._index.columns
        limit = moment.hours[column["windows"][row]] if query.hours_since else 0
        if limit:
            yield f"{'window_passed' if (key >> WINDOW) & 1 else 'urgent'}:{limit}"
        reach = (key >> REACH) & 3
        if reach == OPEN:
            always = index.openings.always(int(column["hours"][row]), span.mode)
            yield "always_open" if always else "open_now"
        else:
            yield {NOT_KNOWN: "hours_unknown", CLOSED: "closed_now"}[reach]
        spoken = index.tables.languages[column["languages"][row]]
        if query.languages:
            yield from self._language(query.languages, spoken.spoken, spoken.interpreted)
        yield span.where
        if (key >> NEED) & 3 >= CLOSE_TO:
            yield "related_need"
        profile = index.tables.profiles[column["profile"][row]]
        for word in WHO:
            if profile.welcomes & WHO_BITS[word] and word in query.who:
                yield f"welcomes:{word}"
        if (key >> FIT) & 1:
            yield from (f"meant_for:{word}" for word in _meant_for(profile))
        marks = int(column["marks"][row])
        yield from (mark for i, mark in enumerate(MARKS) if marks >> i & 1)
        due = int(column["due"][row])
        if due and due + LABELLED_DAYS <= moment.today:
            yield "overdue"

    @staticmethod
    def _language(
        wanted: tuple[str, ...], spoken: tuple[str, ...], interpreted: tuple[str, ...]
    ) -> Iterator[str]:
        for language in wanted:
            if language in spoken:
                yield f"speaks:{language}"
                return
        for language in wanted:
            if language in interpreted:
                yield f"interpreter:{language}"
                return
        yield "other_language"


def _meant_for(profile: Profile) -> Iterator[str]:
    """Whom a service is meant for, when it is not for all.

    Those it names, else those it receives.
    """
    named = profile.only or profile.receives
    if not profile.only and not profile.refuses & sum(WHO_BITS[word] for word in GENDERS):
        named &= ~sum(WHO_BITS[word] for word in GENDERS)
    yield from (word for word in WHO if named & WHO_BITS[word] and word != "adult")
