"""The page that shows where nobody is: need, place and language, for whom, and at night.

It decides nothing: it counts what is served now and shows it, as a picture and as a table. What
nobody found is counted without anybody in it, and shown only from five on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from aiohttp import web

from bot.console.frame import Office, Route, Visit
from bot.console.listing_desk import known
from bot.console.said import N_
from bot.ledger.counting import Unmet
from referral_directory import Directory, Live
from referral_directory.insight.matrix import (
    CONDITIONS,
    Condition,
    Matrix,
    State,
    gaps,
    matrix,
)
from referral_directory.insight.picture import picture, shape

FEWEST: Final = 5
"""Searches that found nothing are shown from so many on."""
CONDITION_WORDS: Final[Mapping[Condition, str]] = {
    "any": N_("anybody, at some time"),
    "night": N_("every night, 22 to 6"),
    "men": N_("men"),
    "child": N_("people under 18"),
    "disability": N_("people with a disability"),
}
STATE_WORDS: Final[Mapping[State, str]] = {
    "several": N_("several"),
    "one": N_("one"),
    "stale": N_("only with a check overdue"),
    "none": N_("nobody"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    country: str
    language: str = ""
    need: str = ""
    own: bool = False


_KEPT: Final[list[tuple[Live, dict[_Asked, Matrix]]]] = []
"""What was counted of what is served now; a change of that is another `Live`."""
_MOST_KEPT: Final = 64


def counted(office: Office, asked: _Asked) -> Matrix:
    """The matrix; it is counted once for what is served."""
    live: Live = office.parts["live"]()
    directory: Directory = office.parts["directory"]
    if not _KEPT or _KEPT[0][0] is not live or len(_KEPT[0][1]) >= _MOST_KEPT:
        _KEPT[:] = [(live, {})]
    found = _KEPT[0][1]
    if asked not in found:
        columns = tuple(
            code
            for code, need in directory.needs.items()
            if asked.need
            and not need.restricted
            and (code == asked.need or code.startswith(f"{asked.need}."))
        )
        found[asked] = matrix(
            live.held,
            directory.needs,
            directory.places,
            country=asked.country,
            today=datetime.fromtimestamp(office.clock(), UTC).date(),
            columns=columns,
            language=asked.language,
            own=asked.own,
        )
    return found[asked]


def nobody_at_night(office: Office) -> int:
    """In how many places nobody answers at night who helps in danger, in our own countries."""
    directory: Directory = office.parts["directory"]
    countries = [one.code for one in directory.countries if one.home is None]
    return sum(
        len({gap.place for gap in gaps(counted(office, _Asked(code)), "night")})
        for code in countries
    )


async def coverage(visit: Visit) -> web.StreamResponse:
    """The matrix of one country."""
    directory: Directory = visit.office.parts["directory"]
    found = known(visit)
    own = [code for code in directory.country_codes if code in found.names.places]
    country = _one_of(visit.query.get("country", ""), own, own[0])
    tops = {
        code: found.names.needs.get(code, code)
        for code, need in directory.needs.items()
        if "." not in code and not need.restricted
    }
    asked = _Asked(
        country,
        _one_of(visit.query.get("speaks", ""), list(found.tongues), ""),
        _one_of(visit.query.get("need", ""), list(tops), ""),
        visit.query.get("own", "") == "yes",
    )
    condition = next(
        (one for one in CONDITIONS if one == visit.query.get("for", "")), CONDITIONS[0]
    )
    table = await visit.run(counted, visit.office, asked)
    lonely = gaps(table, condition, table.needs)
    return visit.page(
        "coverage.html",
        table=table,
        picture=picture(table),
        shape=shape,
        asked=asked,
        condition=condition,
        conditions=CONDITION_WORDS,
        states=STATE_WORDS,
        countries={code: found.names.places[code] for code in own},
        needs=tops,
        place_name=partial(_named, found.names.places),
        need_name=partial(_named, found.names.needs),
        lonely=len({gap.place for gap in lonely}),
        unmet=await _unmet(visit, country),
        fewest=FEWEST,
        tongues=found.tongues,
        tongue_name=partial(_named, found.tongues),
        say=visit.words,
    )


async def _unmet(visit: Visit, country: str) -> tuple[Unmet, ...]:
    """What was looked for in that country and not found, the most often first."""
    rows = await visit.run(visit.ledger.unmet, FEWEST)
    places = {country, ""}
    here = [row for row in rows if row.area in places or row.area.startswith(f"{country}-")]
    return tuple(sorted(here, key=lambda row: (-row.count, str(row.week), row.need, row.area)))


def _named(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code)


def _one_of(said: str, known_ones: list[str], otherwise: str) -> str:
    return said if said in known_ones else otherwise


ROUTES = (Route("GET", "/coverage", "directory.view", coverage, "coverage"),)
