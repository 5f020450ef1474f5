"""Why a listing stands where it stands in a search, or why it is not given at all.

It asks the real search and nothing else: once of all that is served, and of this listing by itself
with one part of the question after another left out. It decides no order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from bot.console.shown import country_files
from bot.ledger.model import Content
from referral_directory import Directory, Found, Live, Query, Referral
from referral_directory.codes import INTERNATIONAL
from referral_directory.directory import Entry
from referral_directory.listing import withheld
from referral_directory.pack import ListingShape

ROUNDS: Final = 12
"""How often the search is asked for what comes next: three listings each time."""


class Served(Protocol):
    """What is served now."""

    def search(self, query: Query, at: datetime) -> Referral:
        """At most three listings."""
        ...

    def without(self, ids: Iterable[str]) -> "Served":
        """The same with some listings left out."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a listing stands for one question at one instant."""

    place: int | None
    """1 for what is given first; None when it is not given, or later than was looked."""
    before: tuple[Found, ...]
    """What is given before it, best first."""
    found: Found | None
    """It, with its reasons; None when it is not given."""
    relaxed: tuple[str, ...]
    """What the search gave up before it came to it."""
    as_line: bool
    """It is given as the one line that is always open."""


def standing(served: Served, name: str, query: Query, at: datetime) -> Standing:
    """Where a listing stands in what is served (`at` is aware)."""
    before: list[Found] = []
    first = referral = served.search(query, at)
    as_line = first.always is not None and first.always.listing == name
    for _ in range(ROUNDS):
        for found in referral.found:
            if found.listing == name:
                return Standing(len(before) + 1, tuple(before), found, referral.relaxed, as_line)
            before.append(found)
        if not referral.found:
            break
        served = served.without(one.listing for one in referral.found)
        referral = served.search(query, at)
    line = first.always if as_line else None
    return Standing(None, tuple(before), line, first.relaxed, as_line)


@dataclass(frozen=True, slots=True)
class Alone:
    """What the search says of one listing when there is no other."""

    withheld: str
    """Why it is never served, in English words; empty when it may be."""
    found: Found | None = None
    relaxed: tuple[str, ...] = ()
    stopped_by: tuple[str, ...] = ()
    """Parts of the question that keep it away: `need`, `place`, `who`, `constraints`; `all` when
    it is several of them together.
    """


def alone(directory: Directory, name: str, content: Content, query: Query, at: datetime) -> Alone:
    """What the search says of a content, served or not (`at` is aware)."""
    written = ListingShape.model_validate(content)
    if why := withheld(written):
        return Alone(why)
    files = country_files(directory)
    codes = (code if code == INTERNATIONAL else code[:2] for code in written.area)
    file = next((files[code] for code in codes if code in files), next(iter(files.values())))
    entries = {name: Entry(written, file, "", 0)}
    live: Live = replace(directory, entries=entries).serving(None)
    referral = live.search(query, at)
    for found in (*referral.found, *([referral.always] if referral.always else ())):
        return Alone("", found, referral.relaxed)
    stopped = tuple(
        part
        for part, easier in _easier(query)
        if live.search(easier, at).found or live.search(easier, at).always
    )
    return Alone("", None, (), stopped or ("all",))


def _easier(query: Query) -> Iterator[tuple[str, Query]]:
    """The question without one of its parts."""
    if query.needs:
        yield "need", replace(query, needs=())
    if query.place is not None:
        yield "place", replace(query, place=None)
    if query.who:
        yield "who", replace(query, who=frozenset())
    if query.constraints:
        yield "constraints", replace(query, constraints=frozenset())
