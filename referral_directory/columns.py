"""What the index keeps of one listing: where to look for it, whom it receives, its score.

It decides these from words that were read already. It reads no text and knows no row.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from referral_directory.codes import ABROAD, CONSTRAINTS, DIALLED, INTERNATIONAL, OCCUPIED, WHO
from referral_directory.model import Listing, Need
from referral_directory.opening import HourSets

FROM_ABROAD: Final = "~abroad"
"""Serves people inside, and has some contact that works from outside. In the index this and
`abroad` stand with the country whose people they are for: `abroad:UA`."""
NO_DATE: Final = 0
"""A source without a date, or to be checked again: as old as can be."""
EXACT, PART, CLOSE_TO, BESIDE = range(4)
"""How a listing meets a need: it, a part of it, something close, and only what stands beside it."""

WHO_BITS: Final = {word: 1 << i for i, word in enumerate((*WHO, *CONSTRAINTS))}

Windows = tuple[tuple[str, int], ...]
Capacity = tuple[str, float]
"""The state, and the instant (seconds since 1970) after which it is forgotten."""


@dataclass(frozen=True, slots=True)
class Languages:
    """What is spoken there, and what through an interpreter."""

    spoken: tuple[str, ...]
    interpreted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Whom a service receives, as bits of `WHO_BITS`."""

    refuses: int
    receives: int
    only: int
    welcomes: int


class Facts(msgspec.Struct, frozen=True, gc=False):
    """All that a search must know of one listing."""

    country: str
    hours: HourSets
    areas: tuple[str, ...]
    """Under which it is looked for."""
    tiers: tuple[tuple[str, int], ...]
    """Needs, and how it meets them: `EXACT`, `PART` or `BESIDE`."""
    languages: Languages
    profile: Profile
    windows: Windows
    capacity: Capacity | None
    score: int
    day: int
    organization: int
    pair: str | None
    marks: int


def areas(listing: Listing) -> tuple[str, ...]:
    """The areas under which a listing is looked for: only those from which it can be reached."""
    outside = [contact for contact in listing.contacts if contact.abroad == "yes"]
    return covered(
        listing.area,
        listing.country,
        online=listing.occupied and any(one.kind not in DIALLED for one in listing.contacts),
        outside=bool(outside),
        called=any(contact.kind in DIALLED for contact in outside),
    )


def covered(
    area: Iterable[str], country: str, *, online: bool, outside: bool, called: bool
) -> tuple[str, ...]:
    """As `areas`, of a listing of which only this is known.

    `online`: it serves occupied territory, and not by calls alone; `outside`: some contact works
    from abroad; `called`: one of those is a call.
    """
    found = [code for code in area if code not in {ABROAD, OCCUPIED}]
    if online:
        found.append(OCCUPIED)
    if outside and (ABROAD in area or called):
        found.append(f"{ABROAD}:{country}")
    elif outside and country != INTERNATIONAL:
        found.append(f"{FROM_ABROAD}:{country}")
    return tuple(dict.fromkeys(found))


def tiers_of(needs: tuple[str, ...], known: Mapping[str, Need]) -> tuple[tuple[str, int], ...]:
    """The needs under which a listing with these is looked for, and how it meets each."""
    tiers: dict[str, int] = {}
    for need in needs:
        tiers[need] = EXACT
        above = need.rpartition(".")[0]
        while above:
            tiers.setdefault(above, PART)
            above = above.rpartition(".")[0]
    for need in tiers:
        about = known.get(need)
        if about is not None and about.beside and about.only_beside(needs):
            tiers[need] = BESIDE
    return tuple(tiers.items())


def _bits(words: Iterable[str]) -> int:
    return sum(WHO_BITS[word] for word in set(words))


def profile(listing: Listing) -> Profile:
    """Whom a listing receives."""
    return received(listing.who, listing.traits, listing.only, listing.welcomes)


def received(
    who: Mapping[str, str],
    traits: Mapping[str, str],
    only: Collection[str],
    welcomes: Collection[str],
) -> Profile:
    """As `profile`, of a listing of which only this is known."""
    refuses = receives = 0
    for word, answer in who.items():
        if answer == "no":
            refuses |= WHO_BITS[word]
        elif answer == "yes":
            receives |= WHO_BITS[word]
    for word, answer in traits.items():
        if answer == "no":
            refuses |= WHO_BITS[word]
    return Profile(refuses, receives, _bits(only), _bits(welcomes))


_HALF: Final = {"yes": 2, "free": 2, "unknown": 1}


@lru_cache(maxsize=4096)
def score(cost: str, no_id: str, anonymous: str, accessible: str, priority: int) -> int:
    """What speaks for a listing whoever asks and whenever; at most 60."""
    return (
        5 * _HALF.get(cost, 0)
        + 3 * _HALF.get(no_id, 0)
        + 3 * _HALF.get(anonymous, 0)
        + 3 * _HALF.get(accessible, 0)
        + 3 * priority
    )


@lru_cache(maxsize=4096)
def source_day(source_date: str | None, *, recheck: bool) -> int:
    """The day, as an ordinal, on which a source said it; NO_DATE when that is not known."""
    if recheck or source_date is None:
        return NO_DATE
    return date.fromisoformat(source_date + "-01-01"[len(source_date) - 4 :]).toordinal()


MARKS: Final = ("free", "anonymous", "no_id", "recheck", "undated", "confirmed")


def marks(*told: bool) -> int:
    """What is worth saying of a listing in any referral: for each of MARKS whether it is so."""
    return sum(1 << i for i, true in enumerate(told) if true)
