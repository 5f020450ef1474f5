"""All that is said, read once: languages, catalogues, phrases, the names of places and needs.

It decides nothing; it brings together what flows, locales and packs hold, in the shapes that the
dialogue, the wording and the channels take.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.channels.contract import Block, Line
from bot.dialogue.lexicon import Lexicon, Text, build
from bot.once import made_once, once
from bot.pack_words import Say, Worded, place_context, sayer
from bot.phrases import Phrases
from bot.said_hours import DOT
from bot.vocabulary import REGIONS
from flows.catalogue import Phrasebook, read_phrasebooks
from flows.grammar import Script
from flows.languages import Language
from flows.ui import DOMAIN, read_ui
from referral_directory import Country, Directory, Place
from understanding import Heard, Understanding, read_understanding

PHRASES = Path(__file__).resolve().parent.parent / "flows" / "phrases"
"""The lexicons by which free text is understood."""

Names = Mapping[str, Mapping[str, str]]
"""Option set (or `needs`) → key → name, in one language."""
EMERGENCY = (
    "ukraine",
    "europe",
    "azerbaijan",
    "colombia",
    "congo",
    "no_call",
    "nobody",
)
"""The phrases `emergency.…` of the answer that needs nothing else, in order."""
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "UA": ("102", "103"),
    "LT": ("112",),
    "AZ": ("112",),
    "CO": ("123",),
}
"""The numbers that stand in those phrases, to be pressed where no line of the country is
published.
"""


@dataclass(frozen=True, slots=True)
class Speech:
    """All that is said, in every language that is started."""

    languages: tuple[Language, ...]
    flows: Mapping[str, Text]
    """Language → the text of a context of the flows."""
    phrases: Mapping[str, Phrases]
    packs: Mapping[str, Say]
    """Language → what says the texts of packs."""

    def words(self, language: str, key: str) -> str:
        """A phrase, for channels. Raises `KeyError`."""
        return self.phrases[language](key)


def read_speech(locales: Path) -> Speech:
    """Read the catalogues. Raises `Mistakes`."""
    return once("speech", locales, lambda: _read_speech(locales))


def _read_speech(locales: Path) -> Speech:
    books = once("phrasebooks", locales, lambda: read_phrasebooks(locales), kept="phrasebooks")
    english = read_ui(locales)
    return Speech(
        tuple(book.language for book in books.values()),
        {code: _text(book, "flows") for code, book in books.items()},
        {
            code: Phrases(code, english, _text(book, DOMAIN), book.language.dir)
            for code, book in books.items()
        },
        {code: sayer(book) for code, book in books.items()},
    )


def _text(book: Phrasebook, domain: str) -> Text:
    def text(context: str, english: str) -> str:
        return book.text(domain, context, english)

    return text


def names_in(language: str, directory: Directory, speech: Speech) -> Names:
    """What places, languages and needs are called in a language."""
    say = speech.packs[language]
    known = directory.place_names.items()
    places = {code: say(place_context(code), names) for code, names in known}
    lists = [f"{REGIONS}{code.lower()}" for code in directory.country_codes]
    return {
        **dict.fromkeys(["places", "countries", *lists], places),
        "languages": {one.code: one.endonym for one in speech.languages},
        "needs": {code: say(f"need.{code}", need.names) for code, need in directory.needs.items()},
    }


def read_lexicon(
    script: Script, directory: Directory, speech: Speech, phrases: Path = PHRASES
) -> Lexicon:
    """The words that mean something in this script, with the names of places and languages, and
    what free text means by the `phrases`. Raises `Mistakes`.
    """
    known: list[Country | Place] = [*directory.countries, *directory.places]
    named = {place.code: _names_of(place, speech) for place in known}
    places = {
        code: {one.code: names.get(one.code, ()) for one in speech.languages}
        for code, names in named.items()
    }
    languages = {
        one.code: {
            one.endonym,
            one.code,
            *(phrases.language_name(one.code) for phrases in speech.phrases.values()),
        }
        for one in speech.languages
    }
    understanding = once(
        *(("understanding", repr(named)), phrases, lambda: read_understanding(phrases, named)),
        kept="understanding",
    )
    occupied = {place.code: place.country for place in directory.places if place.kind == "occupied"}
    ears = _Ears(understanding, occupied)
    return made_once(
        *("lexicon", (script, directory, speech, understanding)),
        lambda: build(script, speech.flows, {"places": places}, languages, ears),
    )


@dataclass(frozen=True, slots=True)
class _Ears:
    """The understanding, for which a place in a country and a word of its occupation are the
    occupied territory of that country: no call and no police are shown there.
    """

    understanding: Understanding
    occupied: Mapping[str, str]
    """The places that stand for occupied territory → the country."""

    def hear(self, text: str, language: str, *, needs: bool = True) -> Heard:
        """As `Understanding.hear`."""
        heard = self.understanding.hear(text, language, needs=needs)
        if heard.occupied:
            for place, country in self.occupied.items():
                if heard.place is None or heard.place.partition("-")[0] == country:
                    return replace(heard, place=place)
        return heard


def _names_of(place: Country | Place, speech: Speech) -> dict[str, tuple[str, ...]]:
    """Language → the name and all aliases, in every language that has them."""
    context = place_context(place.code)
    names = {**place.names, **{one: say(context, place.names) for one, say in speech.packs.items()}}
    return {
        language: (
            *((name,) if (name := names.get(language)) else ()),
            *place.aliases.get(language, ()),
        )
        for language in sorted({*names, *place.aliases})
    }


def emergency_blocks(
    words: Phrases, serving: Worded, at: datetime, places: Mapping[str, str]
) -> tuple[Block, ...]:
    """What is said when nothing else works: fixed words, the lines that answer day and night, and
    where none is published the numbers of those words.

    `places`: names by code; a line stands with its country, as nobody said where they are.
    """
    said = [Line("title", words("emergency.heading"))]
    said += [Line("text", words(f"emergency.{part}")) for part in EMERGENCY]
    blocks = [Block("say", tuple(said))]
    left = dict(NUMBERS)
    for found in serving.live.open_lines(None, (words.language,), at):
        listing = serving.listing(found.listing, words.language)
        if listing is not None and listing.state(at).always:
            lines = [Line("title", listing.names[words.language])]
            lines += [Line("phone", one.number, one.uri or "") for one in listing.phones]
            where = (words("card.always"), places.get(listing.country, ""))
            lines.append(Line("fine", DOT.join(said for said in where if said)))
            blocks.append(Block("card", tuple(lines)))
            left.pop(listing.country, None)
    for country, numbers in left.items():
        lines = [Line("title", places.get(country, country))]
        lines += [Line("phone", number, f"tel:{number}") for number in numbers]
        blocks.append(Block("card", tuple(lines)))
    return tuple(blocks)


class Emergencies(Mapping[str, tuple[Block, ...]]):
    """The emergency answer by language. It is made beforehand, as it must be there when nothing
    works, and anew when something else is served: a line that was stopped is in none.
    """

    def __init__(
        self,
        serving: Callable[[], Worded],
        phrases: Mapping[str, Phrases],
        places: Mapping[str, Mapping[str, str]],
        at: datetime,
    ) -> None:
        """`places`: language → code → name. `at`: an aware instant of the start."""
        self._serving, self._phrases, self._places, self._at = serving, phrases, places, at
        now = serving()
        self._made = {code: (now.live, self._blocks(code, now)) for code in phrases}

    def __getitem__(self, language: str) -> tuple[Block, ...]:
        live, blocks = self._made[language]
        now = self._serving()
        if now.live is not live:
            blocks = self._blocks(language, now)
            self._made[language] = now.live, blocks
        return blocks

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def _blocks(self, language: str, serving: Worded) -> tuple[Block, ...]:
        return emergency_blocks(self._phrases[language], serving, self._at, self._places[language])
