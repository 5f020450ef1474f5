"""The order of listings for one query at one minute: one number each, the smallest first.

The number is made of tiers, each of which outweighs all after it, then of a score, then of a turn
that changes by the day, so that one of several equals is not always first. It decides nothing
about who may be served.

    beyond   of a country, or international
    window   urgent and still within it
    fit      not meant for other people, as far as the person has said who they are
    aside    what is asked for itself, not only what stands beside it: who advises before who
             records, who gives care before the ambulance, open or not
    outside  where the person is, or in the country that they left
    reach    somebody answers now, or not known, or closed
    language spoken, through an interpreter, other
    need     exactly this, a part of it, something close
    age      known to be so within a year, within three, older or without a date
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from referral_directory.codes import AGES, GENDERS
from referral_directory.columns import WHO_BITS, Languages, Windows
from referral_directory.index import Tables

# The width of each part, from the last to the first.
TURN_BITS: Final = 24
SCORE_BITS: Final = 10
AGE: Final = TURN_BITS + SCORE_BITS
NEED: Final = AGE + 2
LANGUAGE: Final = NEED + 2
REACH: Final = LANGUAGE + 2
AWAY: Final = REACH + 2
ASIDE: Final = AWAY + 1
FIT: Final = ASIDE + 1
WINDOW: Final = FIT + 1
ABOVE_ALL: Final = WINDOW + 1
MOST_SCORE: Final = (1 << SCORE_BITS) - 1

WELCOME: Final = 40
FRESH_DAYS: Final = 365
AGEING_DAYS: Final = 3 * 365
CAPACITY: Final = {"open": 20, "waitlist": 6, "referral_only": 4, "full": 0}
CAPACITY_NOT_KNOWN: Final = 10

Tiers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Person:
    """What the profiles are to one person: by profile."""

    refused: npt.NDArray[np.bool_]
    order: Tiers
    """The fit, less what welcome adds to the score, in the places they have in the number."""
    meant_for_others: npt.NDArray[np.bool_]


def person(tables: Tables, who: frozenset[str], constraints: frozenset[str]) -> Person:
    """Which profiles refuse a person, fit them, welcome them.

    A word that is not known counts for nothing.
    """
    said = sum(WHO_BITS[word] for word in (who | constraints) & WHO_BITS.keys())
    refuses, only, welcomes = tables.refuses, tables.only, tables.welcomes
    others = (only != 0) & (only & said == 0)
    if not who & set(GENDERS):
        others |= refuses & sum(WHO_BITS[word] for word in GENDERS) != 0
    if not who & set(AGES):
        others |= refuses & WHO_BITS["adult"] != 0
    welcome = WELCOME * np.minimum(np.bitwise_count(welcomes & said).astype(np.int64), 3)
    return Person(
        refused=(refuses & said) != 0,
        order=(others.astype(np.int64) << FIT) - (welcome << TURN_BITS),
        meant_for_others=others,
    )


def language_tiers(languages: Sequence[Languages], wanted: tuple[str, ...]) -> Tiers:
    """By set of languages: 0 spoken, 1 through an interpreter, 2 other; 0 when none is wanted."""
    if not wanted:
        return np.zeros(max(len(languages), 1), dtype=np.int64)
    asked = set(wanted)
    tiers = [
        0 if asked & set(one.spoken) else 1 if asked & set(one.interpreted) else 2
        for one in languages
    ]
    return np.array(tiers or [0], dtype=np.int64)


def capacity_scores(tables: Tables, minute: float) -> Tiers:
    """By capacity: what it adds, at an instant (seconds since 1970).

    What is forgotten is not known.
    """
    if len(tables.states) == 1:
        return np.array([CAPACITY_NOT_KNOWN], dtype=np.int64)
    told = [CAPACITY.get(state, CAPACITY_NOT_KNOWN) for state in tables.states]
    kept = tables.until >= minute
    return np.where(kept, np.array(told, dtype=np.int64), CAPACITY_NOT_KNOWN)


def window_hours(windows: Sequence[Windows], needs: tuple[str, ...]) -> list[int]:
    """By set of windows: the longest that belongs to one of these needs or a part of it, or 0."""
    parts = tuple(f"{need}." for need in needs)
    return [
        max((hours for code, hours in one if code in needs or code.startswith(parts)), default=0)
        for one in windows
    ]


def turns(index_turns: npt.NDArray[np.unsignedinteger], day: int) -> Tiers:
    """A place among equals that changes by the day."""
    mixed = index_turns.astype(np.uint32) ^ np.uint32(day * 0x9E3779B1 & 0xFFFFFFFF)
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(32 - TURN_BITS)).astype(np.int64)


def age_tiers(days: npt.NDArray[np.unsignedinteger], today: int) -> Tiers:
    """0 known to be so within a year, 1 within three, 2 older or without a date."""
    old = today - days.astype(np.int64)
    return (old > FRESH_DAYS).astype(np.int64) + (old > AGEING_DAYS)
