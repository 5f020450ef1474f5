"""Errands: what the dialogue asks of the directory, done and brought back as an event.

They decide nothing about the conversation. They read slots and return ids and codes, never words.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.dialogue.effects import Errand
from bot.dialogue.events import Returned
from bot.no_desk import NOBODY, no_desk
from bot.vocabulary import OWN
from referral_directory import Found, Query, Referral

Run = Callable[[Errand, datetime], Returned]

NEEDS = {"documentation": "legal.documentation"}
"""Needs that a flow names more plainly than the taxonomy; all others have the same name."""
IN_WRITING = "psychosocial"
"""What is looked for when no line can be called: someone to write to."""
SINCE: Mapping[str, tuple[int, int | None]] = {
    "d1": (0, 48),
    "d3": (24, 96),
    "d5": (72, 144),
    "later": (120, None),
}
"""The answer to "when", in hours since, as wide as the words of the button are."""
WHY = frozenset(
    {
        "urgent",
        "window_passed",
        "open_now",
        "always_open",
        "speaks",
        "interpreter",
        "in",
        "from_abroad",
        "online",
        "welcomes",
        "meant_for",
        "anonymous",
        "no_id",
        "related_need",
        "other_language",
    }
)
"""Reasons that help a person to choose; the others are for those who keep the directory."""
FOR_LIFE = "emergency.psychiatric"
"""What is looked for when somebody thinks of ending their life."""
TO_TALK = "psychosocial.counselling"
MOST_IN_CRISIS = 4
MOST_REASONS = 2
MOST_ANYWHERE = 3
"""Lines that are shown to somebody who did not say in which country they are."""
ANSWERS = frozenset({"open_now", "always_open"})
"""Reasons that say: somebody answers there now, by a way that can be used from that place."""
GENDERS = {"woman": "woman", "man": "man", "other": "other_gender"}


class Directory(Protocol):
    """The directory as it is served now."""

    def search(self, query: Query, *, at: datetime) -> Referral:
        """At most three listings that fit."""
        ...

    def open_lines(
        self, place: str | None, languages: tuple[str, ...], at: datetime
    ) -> tuple[Found, ...]:
        """Lines on which a person answers now."""
        ...


Noted = Callable[[str, str], None]
"""`(listing, problem)`: takes a report to those who keep the directory. Never waits or raises."""
Unmet = Callable[[str, str, str], None]
"""`(need, place, language)`: counts a search that found nothing; as above."""


def nowhere(*_: str) -> None:
    """Where nobody keeps the directory, as in a terminal, what is said of it goes nowhere."""


def errands(
    directory: Callable[[], Directory],
    countries: Sequence[str] = (),
    *,
    noted: Noted = nowhere,
    unmet: Unmet = nowhere,
) -> dict[str, Run]:
    """The table of errands. Its names and outcomes are those of `bot.vocabulary.ERRANDS`.

    `countries`: codes of the countries that are served here.
    """

    def which_countries(errand: Errand, at: datetime) -> Returned:
        del errand, at
        if len(countries) != 1:
            return Returned("several")
        code = countries[0].lower()
        return Returned(code if code in OWN else "other")

    def find_services(errand: Errand, at: datetime) -> Returned:
        query = _query(errand)
        referral = directory().search(query, at=at)
        if not referral.found:
            unmet(query.needs[0] if query.needs else "", query.place or "", errand.language)
        always = (referral.always,) if referral.always else ()
        values = {
            **_with_reasons("found", referral.found),
            **_with_reasons("always", always),
            "relaxed": referral.relaxed,
        }
        return Returned("some" if referral.found else "none", values)

    def open_lines(errand: Errand, at: datetime) -> Returned:
        place = errand.slots.get("place")
        found = directory().open_lines(place, (errand.language,), at)
        if not found:
            # Where no call is possible, or no line is open: whoever answers in writing.
            query = Query(needs=(IN_WRITING,), place=place, languages=(errand.language,))
            found = directory().search(query, at=at).found
        if place is None:
            # Lines of several countries: fewer can be looked over.
            found = found[:MOST_ANYWHERE]
        return Returned(_answering(found), {"lines": tuple(line.listing for line in found)})

    def crisis_lines(errand: Errand, at: datetime) -> Returned:
        """Those who talk about ending life come first, then other lines that answer now."""
        place = errand.slots.get("place")
        spoken = (errand.language,)
        first, then = (
            directory().search(Query(needs=(need,), place=place, languages=spoken), at=at)
            for need in (FOR_LIFE, TO_TALK)
        )
        # What only stands near it, the police for one, is not what such a person needs first.
        exact = () if "need" in first.relaxed else first.found
        also = directory().open_lines(place, spoken, at)
        fit = sorted((*exact, *then.found), key=lambda one: not ANSWERS & set(one.reasons))
        lines = tuple({one.listing: one for one in (*fit, *also)}.values())[:MOST_IN_CRISIS]
        return Returned(_answering(lines), {"lines": tuple(line.listing for line in lines)})

    def report_listing(errand: Errand, at: datetime) -> Returned:
        """One word about one listing. Nothing of who said it goes with it."""
        del at
        listing = errand.slots.get(errand.slots.get("about", ""))
        if listing and "problem" in errand.slots:
            noted(listing, errand.slots["problem"])
        return Returned("noted")

    return {
        # Until somebody runs a desk, nobody answers at it.
        **dict.fromkeys(NOBODY, no_desk),
        "countries": which_countries,
        "crisis_lines": crisis_lines,
        "find_services": find_services,
        "open_lines": open_lines,
        "report_listing": report_listing,
    }


def _answering(found: Sequence[Found]) -> str:
    """`some` when one at least is known to answer now, `later` when none is, `none` without any."""
    if any(ANSWERS.intersection(one.reasons) for one in found):
        return "some"
    return "later" if found else "none"


def _with_reasons(value: str, found: Sequence[Found]) -> dict[str, tuple[str, ...]]:
    """The listings under a name, and under `NAME_why` the reasons for each, as codes, in step."""
    why = [[c for c in one.reasons if c.partition(":")[0] in WHY][:MOST_REASONS] for one in found]
    return {
        value: tuple(one.listing for one in found),
        f"{value}_why": tuple(" ".join(codes) for codes in why),
    }


def _query(errand: Errand) -> Query:
    slots = errand.slots
    need = slots.get("need")
    who = {GENDERS[slots["who_gender"]]} if slots.get("who_gender") in GENDERS else set()
    if "who_age" in slots:
        who.add(slots["who_age"])
    if slots.get("captivity") == "yes":
        who.add("captivity")
    return Query(
        needs=(NEEDS.get(need, need),) if need else (),
        place=slots.get("place"),
        languages=(errand.language,),
        who=frozenset(who),
        hours_since=SINCE.get(slots.get("time", "")),
    )
