"""What the pages of listings share: names of codes and people, and the words for a page.

It decides nothing about listings; it only finds what things are called in the language of a visit.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from bot.console.frame import Visit
from bot.console.listing_form import Codes
from bot.console.listing_view import Names
from bot.console.listing_words import WORDS, field_words, part_words, value_words
from bot.console.refusals import SAID, refusal_of
from bot.console.said import N_
from bot.console.shown import Shower
from bot.ledger.model import Content, LedgerError
from bot.phrases import Phrases
from bot.speech import Speech, names_in
from referral_directory import Directory
from referral_directory.codes import ABROAD, INTERNATIONAL, OCCUPIED

PROGRAM: Final = "command"
FIRST_LANGUAGES: Final = ("en", "uk")
"""The source of all translations, and what most people here read."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is called how, in the language of one page."""

    names: Names
    codes: Codes
    tongues: Mapping[str, str]
    """Languages of the service → what they call themselves."""
    shower: Shower
    phrases: Phrases
    """What survivors read, in the language of the page."""


_PLACES: Final = {
    INTERNATIONAL: N_("international"),
    ABROAD: N_("outside Ukraine"),
    OCCUPIED: N_("occupied territory"),
}
_SHOWERS: Final[list[tuple[Directory, Speech, Shower]]] = []
"""The last one made: it reads nothing but the packs and the catalogues."""


def shower_of(visit: Visit) -> Shower:
    """What shows listings as survivors see them; made once for a directory."""
    directory, speech = visit.office.parts["directory"], visit.office.parts["speech"]
    for held, spoken, shower in _SHOWERS:
        if held is directory and spoken is speech:
            return shower
    _SHOWERS[:] = [(directory, speech, Shower(directory, speech))]
    return _SHOWERS[0][2]


def known(visit: Visit) -> Known:
    """The names of everything, in the language of the page."""
    directory: Directory = visit.office.parts["directory"]
    speech: Speech = visit.office.parts["speech"]
    language = visit.words.language if visit.words.language in speech.phrases else "en"
    named = names_in(language, directory, speech)
    phrases = speech.phrases[language]
    spoken = {code: phrases.language_name(code) for code in _spoken(directory, speech)}
    # What survivors choose says "I am …"; here it is a place like any other.
    own = {code: visit.words(name) for code, name in _PLACES.items()}
    places = {**named["places"], **own}
    names = Names(visit.words, places, spoken, named["needs"], language)
    shower = shower_of(visit)
    return Known(names, Codes(named["needs"], named["places"]), shower.languages, shower, phrases)


def _spoken(directory: Directory, speech: Speech) -> Iterable[str]:
    own = [one.code for one in speech.languages]
    every = (code for entry in directory.entries.values() for code in entry.written.languages)
    return dict.fromkeys((*own, *every))


def shared(visit: Visit, found: Known, people: Mapping[str, str]) -> dict[str, Any]:
    """What every page of listings is given besides its own."""
    say, names = visit.words, found.names

    called = {**names.places, **names.needs, **names.languages}

    def person(who: str) -> str:
        if who in people:
            return people[who]
        return say(N_("the program")) if who == PROGRAM else who

    return {
        "words": WORDS,
        "say": say,
        "many": say.many,
        "day": say.day,
        "field_name": lambda name: field_words(name, say, lambda c: names.languages.get(c, c)),
        "part_name": lambda part: part_words(part, say),
        "said_value": lambda value: value_words(value, say, called),
        "place_names": lambda codes: ", ".join(names.places.get(c, c) for c in codes),
        "need_words": lambda codes: ", ".join(names.needs.get(c, c) for c in codes),
        "tongue": lambda code: names.languages.get(code, code),
        "person": person,
        "people": lambda several: ", ".join(person(one) for one in several),
        "tongues": found.tongues,
    }


async def people(visit: Visit) -> Mapping[str, str]:
    """What everyone on the staff is called, by id."""
    everyone: Callable[[], Iterable[Any]] = visit.book.accounts.everyone
    return {one.id: one.name for one in await visit.run(everyone)}


@dataclass(frozen=True, slots=True)
class No:
    """Why something was not done, in the language of the page, and what helps."""

    status: int
    said: str
    mend: str


def no(visit: Visit, error: LedgerError) -> No:
    """What the ledger refused, in words."""
    status, code, _ = refusal_of(error)
    said, mend = SAID[code]
    return No(status, visit.words(said), visit.words(mend))


def now(visit: Visit) -> datetime:
    """The instant of this visit, in UTC."""
    return datetime.fromtimestamp(visit.office.clock(), UTC)


def today(visit: Visit) -> date:
    """The day of this visit, in UTC, as the ledger counts days."""
    return now(visit).date()


def country_of(content: Content) -> str:
    """The country of a content, as doubts about its numbers want it."""
    for code in content.get("area", ()):
        if code[:2].isupper():
            return str(code if code == "INT" else code[:2])
    return "INT"
