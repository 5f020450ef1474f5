"""Who covers what where: for each need and place how many listings, for whom, and at night.

It counts what is served, by the rules of the search: who refuses men is no help for men, who is
meant for others is none, and a number nobody can call from there does not count. What only stands
beside a need does not meet it. It is the directory's view of itself, and holds no person's search.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from referral_directory.codes import ABROAD, OCCUPIED
from referral_directory.columns import WHO_BITS, Profile, areas, profile
from referral_directory.hours import DAY, WEEK
from referral_directory.model import Listing, Need, Place

Condition = Literal["any", "night", "men", "child", "disability"]
CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
State = Literal["none", "stale", "one", "several"]
"""`stale`: there is help, but all of it is overdue for a check. `one` and `several` count what is
not overdue."""
WHO: Final[Mapping[str, frozenset[str]]] = {
    "men": frozenset({"man", "adult"}),
    "child": frozenset({"under18"}),
    "disability": frozenset({"disability"}),
}
IN_DANGER: Final = ("emergency", "medical", "shelter")
"""Needs that cannot wait for the morning."""
NIGHT_FROM, NIGHT_TO = 22, 6
"""Hours by the service's own clock; every night of the week, from the first to the last minute."""


def _night() -> int:
    minutes = 0
    for day in range(7):
        for first, last in ((0, NIGHT_TO * 60), (NIGHT_FROM * 60, DAY)):
            minutes |= ((1 << (last - first)) - 1) << (day * DAY + first)
    return minutes & ((1 << WEEK) - 1)


_NIGHT: Final = _night()


@dataclass(frozen=True, slots=True)
class Served:
    """A listing that survivors are shown, and whether its check is overdue."""

    listing: Listing
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many listings, and how many of them are not overdue for a check."""

    all: int = 0
    fresh: int = 0

    @property
    def state(self) -> State:
        """In one word."""
        if self.all == 0:
            return "none"
        if self.fresh == 0:
            return "stale"
        return "one" if self.fresh == 1 else "several"


NOBODY: Final = Count()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Needs, places, and what was counted for each."""

    places: tuple[str, ...]
    """Codes: the country, its regions, `abroad`, `occupied`."""
    needs: tuple[str, ...]
    counts: Mapping[tuple[str, str, Condition], Count]
    """By place, need and condition; what is left out is nobody."""

    def count(self, place: str, need: str, condition: Condition = "any") -> Count:
        """How many there are."""
        return self.counts.get((place, need, condition), NOBODY)


@dataclass(frozen=True, slots=True)
class Gap:
    """A place where nobody meets a need under a condition."""

    place: str
    need: str
    condition: Condition


def matrix(
    served: Iterable[Served],
    needs: Mapping[str, Need],
    places: Iterable[Place],
    *,
    country: str,
    columns: tuple[str, ...] = (),
    language: str = "",
    own: bool = False,
) -> Matrix:
    """What covers a country. `columns`: needs to count, left out: those of the first level.

    `language`: only what speaks it, itself or through an interpreter. `own`: in a region only what
    is for that region, not what serves the whole country.
    """
    wanted = columns or tuple(code for code in needs if "." not in code)
    ground = grounds(places, country, own=own)
    looked_for = {code for codes in ground.values() for code in codes}
    counted: dict[tuple[str, str, Condition], list[int]] = {}
    for one in served:
        listing = one.listing
        covered = looked_for.intersection(areas(listing))
        if not covered or (language and language not in (*listing.languages, *listing.interpreted)):
            continue
        met = [need for need in wanted if _meets(listing, needs.get(need), need)]
        for place in [place for place, codes in ground.items() if met and covered & codes]:
            for condition in _conditions(listing, place):
                for need in met:
                    count = counted.setdefault((place, need, condition), [0, 0])
                    count[0] += 1
                    count[1] += not one.stale
    return Matrix(
        tuple(ground), wanted, {key: Count(all_, fresh) for key, (all_, fresh) in counted.items()}
    )


def gaps(
    counted: Matrix, condition: Condition, needs: tuple[str, ...] = IN_DANGER
) -> tuple[Gap, ...]:
    """The places, of one country, where nobody meets these needs under this condition."""
    return tuple(
        Gap(place, need, condition)
        for place in counted.places
        for need in needs
        if need in counted.needs and counted.count(place, need, condition).all == 0
    )


def grounds(
    places: Iterable[Place], country: str, *, own: bool = False
) -> dict[str, frozenset[str]]:
    """For each place of a country, the areas of the index in which its help is looked for first."""
    found = {country: frozenset({country})}
    for place in places:
        if place.country != country:
            continue
        if place.kind == "abroad":
            found[place.code] = frozenset({f"{ABROAD}:{country}"})
        elif place.online_only:
            found[place.code] = frozenset({OCCUPIED})
        else:
            found[place.code] = frozenset({place.code} if own else {place.code, country})
    return found


def _meets(listing: Listing, need: Need | None, code: str) -> bool:
    if not any(one == code or one.startswith(f"{code}.") for one in listing.needs):
        return False
    return need is None or not (need.beside and need.only_beside(listing.needs))


def _conditions(listing: Listing, place: str) -> list[Condition]:
    met: list[Condition] = ["any"]
    if answers_at_night(listing, place):
        met.append("night")
    told = profile(listing)
    if receives(told, WHO["men"]):
        met.append("men")
    if receives(told, WHO["child"]):
        met.append("child")
    if receives(told, WHO["disability"]):
        met.append("disability")
    return met


def receives(told: Profile, who: frozenset[str]) -> bool:
    """Whether a service neither refuses these people nor is only there for others.

    Not known is not no. `ranking.person` decides the same for the search: keep them in step.
    """
    said = sum(WHO_BITS[word] for word in who)
    return not told.refuses & said and (not told.only or bool(told.only & said))


def answers_at_night(listing: Listing, place: str | None = None) -> bool:
    """Whether somebody answers every night from 22 to 6, whoever of its contacts it is.

    Dated closures are not looked at; hours that are not known are no night.
    """
    where = OCCUPIED if place == OCCUPIED else ABROAD if place == ABROAD else None
    minutes = 0
    for hours in listing.answering(where):
        minutes |= int.from_bytes(hours.week, "little")
    return minutes & _NIGHT == _NIGHT
