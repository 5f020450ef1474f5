"""Which listings may be the same service written down twice, and why it looks so.

Signals add up, none alone decides, and some facts rule it out: other numbers in the names (School
5, School 7), another country, other regions with no contact in common. It merges nothing: a pair
is a question to a person, and what a person dismissed is not asked again (`likeness`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from referral_directory.insight.blocks import Base
from referral_directory.insight.likeness import Content, Traits, likeness, traits

__all__ = ["DUPLICATE", "MAYBE", "REASONS", "Base", "Pair", "likeness", "pairs", "suspects"]

DUPLICATE: Final = 0.82
MAYBE: Final = 0.68
"""Weights and thresholds follow the entity resolution of 211 (`DIRECTORY`, duplicates)."""

REASONS: Final[Mapping[str, str]] = {
    "same_name": "the same name",
    "like_name": "nearly the same name",
    "same_phone": "the same telephone number",
    "switchboard": "a number that several listings share",
    "short_number": "the same short number",
    "same_email": "the same e-mail address",
    "same_page": "the same web page",
    "same_domain": "the same web site",
    "same_address": "the same address",
    "same_organization": "the same organisation",
    "other_needs": "but they help with different things",
}
"""Codes of what speaks for a pair, and last what speaks against it, in words."""
_WEIGHTS: Final = {
    "same_name": 0.75,
    "like_name": 0.55,
    "same_phone": 0.62,
    "switchboard": 0.15,
    "short_number": 0.15,
    "same_email": 0.55,
    "same_page": 0.45,
    "same_domain": 0.25,
    "same_address": 0.40,
    "same_organization": 0.20,
}
_CONTACTS: Final = {"same_phone", "same_email", "same_page"}
"""One of these, and two listings of different regions may still be the same."""
_OTHER_NEEDS: Final = 0.85
_UNLIKE_NAME: Final = 0.81
"""The most that listings with names of their own can reach: they may be the same, renamed."""
SHARED: Final = 3
"""A contact of more listings than this is a switchboard, or a site of many."""
Verdict = Literal["duplicate", "maybe"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings that may be the same. `a` is before `b` in the alphabet."""

    a: str
    b: str
    score: float
    """From MAYBE to 1."""
    reasons: tuple[str, ...]
    """Codes of REASONS, the strongest first."""

    @property
    def verdict(self) -> Verdict:
        """Whether it is nearly sure."""
        return "duplicate" if self.score >= DUPLICATE else "maybe"


def suspects(
    content: Content,
    base: Base,
    *,
    id: str = "",  # noqa: A002  (it is called id wherever listings are spoken of)
    dismissed: AbstractSet[frozenset[str]] = frozenset(),
) -> tuple[Pair, ...]:
    """The listings of the base that may be this one, the likeliest first. `id`: its own."""
    return suspects_of(traits(id, content), base, dismissed)


def suspects_of(
    one: Traits, base: Base, dismissed: AbstractSet[frozenset[str]] = frozenset()
) -> tuple[Pair, ...]:
    """The same for a listing whose traits are known: of many, each is looked at once."""
    found = [
        pair
        for name in base.near(one)
        if frozenset((one.id, name)) not in dismissed
        and (pair := compared(one, base.traits[name], base))
    ]
    return tuple(sorted(found, key=_order))


def pairs(base: Base, dismissed: AbstractSet[frozenset[str]] = frozenset()) -> tuple[Pair, ...]:
    """All that may be twice in the base, the likeliest first."""
    found = [
        pair
        for a, b in base.candidates()
        if frozenset((a, b)) not in dismissed
        and (pair := compared(base.traits[a], base.traits[b], base))
    ]
    return tuple(sorted(found, key=_order))


def compared(one: Traits, other: Traits, base: Base) -> Pair | None:
    """Two listings as a pair, or None when they are not alike enough, or cannot be the same."""
    if one.countries and other.countries and not one.countries & other.countries:
        return None
    if _numbered_apart(one, other):
        return None
    reasons = [*_contact_reasons(one, other, base)]
    apart = one.regions and other.regions and not one.regions & other.regions
    if apart and not _CONTACTS & set(reasons):
        return None
    alike = max(
        (_alike(one.names[language], other.names[language]) for language in one.names
         if language in other.names),
        default=0.0,
    )  # fmt: skip
    if alike == 1:
        reasons.append("same_name")
    elif alike >= 0.88:
        reasons.append("like_name")
    if one.organization & other.organization:
        reasons.append("same_organization")
    rest = 1.0
    for reason in reasons:
        rest *= 1 - _WEIGHTS[reason]
    score = 1 - rest
    if one.needs and other.needs and not one.needs & other.needs:
        score *= _OTHER_NEEDS
        reasons.append("other_needs")
    if alike < 0.88:
        score = min(score, _UNLIKE_NAME)
    if score < MAYBE:
        return None
    reasons.sort(key=lambda code: -_WEIGHTS.get(code, 0))
    a, b = sorted((one.id, other.id))
    return Pair(a, b, round(score, 3), tuple(reasons))


def _contact_reasons(one: Traits, other: Traits, base: Base) -> Iterator[str]:
    if both := one.phones & other.phones:
        few = any(base.shared(f"phone {number}") <= SHARED for number in both)
        yield "same_phone" if few else "switchboard"
    elif one.shorts & other.shorts:
        yield "short_number"
    if any(base.shared(f"email {email}") <= SHARED for email in one.emails & other.emails):
        yield "same_email"
    if both := one.pages & other.pages:
        if any(base.shared(f"page {page}") <= SHARED for page in both):
            yield "same_page"
    elif (both := one.domains & other.domains) and any(
        base.shared(f"domain {domain}") <= SHARED for domain in both
    ):
        yield "same_domain"
    if one.address and one.address == other.address:
        yield "same_address"


def _numbered_apart(one: Traits, other: Traits) -> bool:
    """Each name has a number that the other lacks."""
    for language, mine in one.numbers.items():
        theirs = other.numbers.get(language)
        if theirs and mine and not mine <= theirs and not theirs <= mine:
            return True
    return False


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike two names are, 0 to 1. Of two names that each say something else (Lubny, Lutsk),
    however long what they have in common, at most 0.8.
    """
    if one == other:
        return 1.0
    mine, theirs = Counter(one), Counter(other)
    left, right = list((mine - theirs).elements()), list((theirs - mine).elements())
    whole = fuzz.ratio(" ".join(one), " ".join(other)) / 100
    if not left or not right:
        common = sum((mine & theirs).values())
        return (
            max(whole, 0.9)
            if common > 1 and common * 2 >= len(one) + len(other) - common
            else (whole)
        )
    for word in left:
        match = max(right, key=lambda said: fuzz.ratio(word, said), default="")
        if fuzz.ratio(word, match) < 70:
            return min(whole, 0.8)
        right.remove(match)
        if not right:
            break
    return whole


def _order(pair: Pair) -> tuple[float, str, str]:
    return (-pair.score, pair.a, pair.b)
