"""Why a listing ranks where it ranks: for one need, place, language and time, by the real search.

It asks and words the answers. Nothing of what is asked here is kept or counted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from bot.console.frame import Route, Visit
from bot.console.listing_desk import Known, known, now, people, shared
from bot.console.listing_view import text_in
from bot.console.listing_words import WORDS, withheld_words
from bot.console.said import N_
from bot.console.why_found import Alone, Standing, alone, standing
from bot.ledger.model import Record
from referral_directory import Found, Query
from referral_directory.codes import CONSTRAINTS, WHO

STOPPED: Final = {
    "need": N_("It does not help with that."),
    "place": N_("It is not for that place, or cannot be reached from there."),
    "who": N_("It says no to people like that."),
    "constraints": N_("It cannot be used in that way."),
    "all": N_("Several parts of the question keep it away together."),
}


@dataclass(frozen=True, slots=True)
class Before:
    """A listing that stands before it."""

    id: str
    name: str
    reasons: str


async def why(visit: Visit) -> web.StreamResponse:
    """The search as a person would make it, and where this listing stands in it."""
    record: Record = await visit.run(visit.ledger.record, visit.path["id"], visit.actor)
    found = known(visit)
    asked = _asked(visit, record, found)
    query = Query(
        needs=(asked["need"],) if asked["need"] else (),
        place=asked["place"] or None,
        languages=(asked["reads"],) if asked["reads"] else (),
        who=frozenset(asked["who"]),
        constraints=frozenset(asked["only"]),
    )
    at = _instant(asked["at"], now(visit))
    name = record.row.id
    live = visit.office.parts["live"]()
    there: Standing = await visit.run(standing, live, name, query, at)
    directory = visit.office.parts["directory"]
    by_itself: Alone = await visit.run(alone, directory, name, record.content, query, at)
    answer, because = _answer(visit, found, record, there, by_itself)
    relaxed = there.relaxed if there.found else by_itself.relaxed
    return visit.page(
        "why.html",
        **shared(visit, found, await people(visit)),
        record=record,
        asked=asked,
        needs=found.names.needs,
        places=found.names.places,
        answer=answer,
        because=because,
        relaxed=[said for code in relaxed if (said := _phrase(f"relaxed.{code}", found))],
        before=list(_before(visit, found, live, there)),
    )


def _asked(visit: Visit, record: Record, found: Known) -> dict[str, Any]:
    """What was asked; at first what the listing itself would be looked for with."""
    query = visit.request.query
    first = not query
    needs, area = record.content.get("needs", ()), record.content.get("area", ())
    need = next(iter(needs), "") if first else query.get("need", "")
    place = next(iter(area), "") if first else query.get("place", "")
    reads = found.names.language if first else query.get("reads", "")
    at = query.get("at", "")
    return {
        "need": need if need in found.names.needs else "",
        "place": place if place in found.names.places else "",
        "reads": reads if reads in found.tongues else "",
        "at": _instant(at, now(visit)).strftime("%Y-%m-%dT%H:%M"),
        "who": [one for one in query.getall("who", []) if one in WHO],
        "only": [one for one in query.getall("only", []) if one in CONSTRAINTS],
    }


def _instant(text: str, usual: datetime) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return usual


def _answer(
    visit: Visit, found: Known, record: Record, there: Standing, by_itself: Alone
) -> tuple[str, list[str]]:
    """Where it stands in one sentence, and why in a few."""
    say = visit.words
    if there.place is not None and there.found is not None:
        said = say(N_("It is given as number %(place)s."), place=there.place)
        return said, list(_reasons(there.found, found, say))
    if there.as_line and there.found is not None:
        said = say(N_("It is given as the one line that is always open."))
        return said, list(_reasons(there.found, found, say))
    stage = record.row.stage
    if by_itself.withheld:
        return say(N_("It is not shown.")), [withheld_words(by_itself.withheld, say)]
    if stage in ("draft", "suspended", "retired", "hidden"):
        because = [say(WORDS["stage"][stage])]
        if by_itself.found is not None:
            because.append(say(N_("If it were shown, it would fit this question:")))
            because += _reasons(by_itself.found, found, say)
        return say(N_("It is not shown.")), because
    if by_itself.found is None:
        stopped = [say(STOPPED[part]) for part in by_itself.stopped_by]
        return say(N_("It is not given for this question.")), stopped
    said = say(N_("It is not among the first %(count)s."), count=len(there.before))
    return said, list(_reasons(by_itself.found, found, say))


def _reasons(one: Found, found: Known, say: Any) -> Iterator[str]:
    """Every reason of the search in words, also those that only staff read."""
    names = found.names
    for code in one.reasons:
        name, _, value = code.partition(":")
        if value in WORDS["who"]:
            value = say(WORDS["who"][value])
        else:
            value = names.places.get(value) or names.languages.get(value) or value
        yield _phrase(f"reason.{name}", found, value) or name


def _phrase(key: str, found: Known, value: str = "") -> str:
    """The words that survivors read for it, in the language of the page."""
    phrases = found.phrases
    if key not in phrases:
        return ""
    return phrases(key, language=value, place=value, who=value)


def _before(visit: Visit, found: Known, live: Any, there: Standing) -> Iterable[Before]:
    for one in there.before:
        listing = live.listing(one.listing)
        names = listing.names if listing is not None else {}
        reasons = ", ".join(_reasons(one, found, visit.words))
        yield Before(one.listing, text_in(names, found.names.language) or one.listing, reasons)


ROUTES: Final = (Route("GET", "/listings/{id}/why", "directory.view", why, "why"),)
