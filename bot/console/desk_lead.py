"""What the lead's plain pages share: the rooms behind them, languages, and what survivors read.

It decides nothing. Where there is no desk, there are no such pages.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from aiohttp import web

from bot.console.frame import Visit
from bot.console.said import N_
from bot.handing_words import SHOWN
from bot.handoff.counts import Counts
from bot.handoff.duty import Shifts
from bot.handoff.hours import DeskState, Opening
from bot.handoff.surge import Surge
from bot.phrases import Phrases
from bot.speech import Speech, names_in
from referral_directory import Directory

STATES: Final[Mapping[str, str]] = {
    "open": N_("Open: somebody is there who answers"),
    "closed": N_("Closed: nobody is there"),
    "paused": N_("Paused by a lead: nobody new is taken in"),
    "diverted": N_("Turned by a lead: who else answers now is shown first"),
}


class LeadOffice(Protocol):
    """The rooms of a desk that a lead keeps: a part of `office.parts["handoff"]`."""

    @property
    def opening(self) -> Opening:
        """When the desk is open."""
        ...

    @property
    def surge(self) -> Surge:
        """The switches."""
        ...

    @property
    def shifts(self) -> Shifts:
        """Who is on duty."""
        ...

    @property
    def counts(self) -> Counts:
        """Waits, and what became of chats."""
        ...


def lead_office(visit: Visit) -> LeadOffice:
    """The rooms. Raises `HTTPNotFound` where nobody runs a desk."""
    found: LeadOffice | None = visit.office.parts.get("handoff")
    if found is None:
        raise web.HTTPNotFound
    return found


def languages(visit: Visit) -> Mapping[str, str]:
    """The languages of the service → what they call themselves."""
    speech: Speech = visit.office.parts["speech"]
    return {one.code: one.endonym for one in speech.languages}


def asked_language(visit: Visit) -> str:
    """The language in the path. Raises `HTTPNotFound` for any other."""
    language = visit.path["language"]
    if language not in languages(visit):
        raise web.HTTPNotFound
    return language


def phrases(visit: Visit, language: str = "") -> Phrases:
    """What survivors read, in that language; without one, in the language of the page."""
    spoken = visit.office.parts["speech"].phrases
    found: Phrases = spoken.get(language or visit.words.language) or spoken["en"]
    return found


def state_now(visit: Visit, office: LeadOffice, language: str) -> DeskState:
    """What somebody who asks now in that language is told."""
    duties = office.shifts.on_duty()
    surged = office.surge.of(language)
    return office.opening.state_of(language, visit.office.clock(), duties, surged)


def read_now(visit: Visit, language: str, told: DeskState) -> tuple[str, ...]:
    """The sentences that a survivor reads of it, made by what makes them for survivors."""
    at = datetime.fromtimestamp(visit.office.clock(), UTC)
    words = phrases(visit, language)
    codes = {"desk_message": told.message, "opens": told.opens}
    return tuple(
        line.text
        for value, code in codes.items()
        if code
        for block in SHOWN[value]((code,), words, {}, at)
        for line in block.lines
    )


def countries(visit: Visit) -> Mapping[str, str]:
    """Countries whose public holidays are known → their names, in the language of the page."""
    directory, speech = visit.office.parts["directory"], visit.office.parts["speech"]
    names = names_in(phrases(visit).language, directory, speech)["places"]
    return {code: names.get(code, code) for code in lead_office(visit).opening.holidays}


def zones(visit: Visit) -> tuple[str, ...]:
    """The time zones of the countries that are served, and UTC."""
    directory: Directory = visit.office.parts["directory"]
    return tuple(dict.fromkeys((*(one.zone for one in directory.countries), "UTC")))


def shared(visit: Visit) -> dict[str, Any]:
    """What each of these pages is given."""

    def say_all(words: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(code, visit.words(said)) for code, said in words.items()]

    return {
        "spoken": languages(visit),
        "say": visit.words,
        "say_all": say_all,
        "said_state": lambda told: visit.words(STATES["diverted" if told.divert else told.state]),
    }
