"""When a service answers, in words: now, later, or not known, and by whose clock.

Times are those of the service's own clock; that is said to whoever may live by another. It decides
nothing about hours.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.phrases import Phrases
from referral_directory import Listing, OpenState

OCCUPIED = "occupied"
"""The place of someone in occupied territory; it lives by the clock of its country."""
DOT = " · "
"""What stands between two facts of a line."""


def said_hours(
    listing: Listing, words: Phrases, at: datetime, place: str | None, named: Mapping[str, str]
) -> str:
    """A few words. `named`: names of countries by code, in the language of `words`."""
    state = listing.state(at, place)
    said = _open(state, words, at)
    here = (place or "").partition("-")[0]
    country = named.get(listing.country)
    timed = not state.always and (state.closes_at or state.opens_at)
    if timed and country and here not in ("", OCCUPIED, listing.country):
        return f"{said}{DOT}{words('card.zone', place=country)}"
    return said


def _open(state: OpenState, words: Phrases, at: datetime) -> str:
    if state.always:
        return words("card.always")
    if state.open == "yes":
        if state.closes_at is None:
            return words("card.open_now")
        day, time = day_and_time(state.closes_at, words, at)
        if day == words("card.today"):
            return words("card.open_until", time=time)
        return words("card.open_until_day", day=day, time=time)
    if state.opens_at is not None:
        day, time = day_and_time(state.opens_at, words, at)
        return words("card.opens", day=day, time=time)
    return words("card.closed" if state.open == "no" else "card.hours_unknown")


def day_and_time(instant: datetime, words: Phrases, at: datetime) -> tuple[str, str]:
    """A day and a time, by the clock that the instant is in: the service's own."""
    now = at.astimezone(instant.tzinfo)
    ahead = (instant.date() - now.date()).days
    if ahead == 0:
        day = words("card.today")
    elif ahead == 1:
        day = words("card.tomorrow")
    elif instant - now < timedelta(days=7):
        day = words.weekday(instant.date())
    else:
        day = words.day(instant.date())
    return day, words.clock(instant)
