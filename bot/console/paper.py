"""What is printed, and what field staff carry: listings of one place in the words of one language.

It words and sets out what `referral_directory.offline` chose, and decides nothing about who is on
it. The cover is neutral, numbers are large, and every paper says when it was printed and until
when it is good. It holds nothing but what a survivor is shown.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.assurance import whole_assurance
from bot.pack_words import in_words
from bot.phrases import Phrases
from bot.speech import Names, Speech, names_in
from referral_directory import Contact, Directory, Listing, Live
from referral_directory.codes import DIALLED
from referral_directory.offline.choosing import said_place, sections, ways
from referral_directory.offline.field import VALID_DAYS, Sign, data, embedded, signed

Size = Literal["A4", "A6"]
HERE: Final = Path(__file__).parent
MOST_ON_A6: Final = 3
"""Listings of one need on a leaflet: as many as the bot gives."""
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a service, as it is printed."""

    number: str
    dialled: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One service on paper."""

    name: str
    organization: str
    ways: tuple[Way, ...]
    facts: tuple[str, ...]
    address: str
    summary: str
    assurance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything on one paper, already in words."""

    language: str
    direction: str
    title: str
    place: str
    printed: str
    until: str
    calling: tuple[str, ...]
    """Heading, and the lines below it."""
    keep: str
    empty: str
    sections: tuple[tuple[str, tuple[Entry, ...]], ...]

    @property
    def calls(self) -> bool:
        """Whether there is a number to call on it."""
        return any(
            way.dialled for _, entries in self.sections for entry in entries for way in entry.ways
        )


class Papers:
    """Makes papers and files of what is served now."""

    def __init__(self, speech: Speech, directory: Directory, live: Callable[[], Live]) -> None:
        self._speech, self._directory, self._live = speech, directory, live
        self._names: dict[str, Names] = {}

    @property
    def languages(self) -> Mapping[str, str]:
        """Code → what the language calls itself."""
        return {one.code: one.endonym for one in self._speech.languages}

    def places(self, language: str) -> Mapping[str, str]:
        """Code → name of every place that a paper can be made for."""
        return self._named(language)["places"]

    def needs(self, language: str) -> Mapping[str, str]:
        """Code → name of every need of the first level that stands on paper."""
        known = self._directory.needs
        named = self._named(language)["needs"]
        return {
            code: named[code]
            for code, need in known.items()
            if "." not in code and not need.restricted
        }

    def paper(
        self,
        place: str,
        language: str,
        today: date,
        *,
        wanted: tuple[str, ...] = (),
        most: int | None = None,
    ) -> Paper:
        """The paper of a place. Raises `KeyError` for a place or a language that is not known."""
        phrases = self._speech.phrases[language]
        direction = next(one.dir for one in self._speech.languages if one.code == language)
        named = self._named(language)
        good_until = today + timedelta(days=VALID_DAYS)
        return Paper(
            language=language,
            direction=direction,
            title=phrases("leaflet.numbers"),
            place=self._covered(place, named["places"]),
            printed=phrases("leaflet.printed", date=phrases.day(today)),
            until=phrases("leaflet.until", date=phrases.day(good_until)),
            calling=tuple(phrases(f"leaflet.{part}") for part in ("calling", "answer")),
            keep=phrases("leaflet.keep"),
            empty=phrases("leaflet.empty"),
            sections=tuple(
                (
                    named["needs"].get(need, need),
                    tuple(self._entry(one, phrases, place, today) for one in listings),
                )
                for need, listings in self._chosen(place, language, wanted, most)
            ),
        )

    def leaflet(
        self, place: str, language: str, size: Size, today: date, *, wanted: tuple[str, ...] = ()
    ) -> str:
        """A page for the browser's print; its style is a file of the console. Raises as `paper`."""
        most = MOST_ON_A6 if size == "A6" else None
        paper = self.paper(place, language, today, wanted=wanted, most=most)
        return _page(paper, size, style="", policy="", told="")

    def file(self, place: str, language: str, today: date, sign: Sign) -> bytes:
        """The signed file of a place. Raises as `paper`."""
        paper = self.paper(place, language, today)
        listings = [one for _, chosen in self._chosen(place, language, (), None) for one in chosen]
        told = data(listings, place=place, language=language, today=today)
        style = (HERE / "static" / "leaflet.css").read_text(encoding="utf-8")
        digest = b64encode(sha256(style.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'"
        return signed(_page(paper, "A4", style=style, policy=policy, told=embedded(told)), sign)

    def _chosen(
        self, place: str, language: str, wanted: tuple[str, ...], most: int | None
    ) -> list[tuple[str, tuple[Listing, ...]]]:
        live, say = self._live(), self._speech.packs[language]
        found = sections(
            live,
            self._directory.needs,
            self._directory.places,
            place=place,
            language=language,
            wanted=wanted,
            most=most,
        )
        return [
            (one.need, tuple(in_words(listing, language, say) for listing in one.listings))
            for one in found
        ]

    def _covered(self, place: str, named: Mapping[str, str]) -> str:
        """What the cover says of where. That somebody is in occupied territory is on no paper."""
        known = next((one for one in self._directory.places if one.code == place), None)
        if known is None or known.kind == "region":
            return named[place]
        return named.get(known.country, "") if known.kind == "abroad" else ""

    def _entry(self, listing: Listing, phrases: Phrases, place: str, today: date) -> Entry:
        language, places = phrases.language, self._directory.places
        name, organization = _in(listing.names, language), _in(listing.organization, language)
        facts = [
            phrases("card.free") if listing.cost == "free" else "",
            phrases("card.paid") if listing.cost == "paid" else "",
            phrases("leaflet.languages", list=_listed(phrases, listing.languages)),
            phrases("card.interpreted", list=_listed(phrases, listing.interpreted))
            if listing.interpreted
            else "",
            phrases("card.for", list=", ".join(phrases(f"who.{one}") for one in listing.only))
            if listing.only
            else "",
            phrases("card.anonymous") if listing.traits["anonymous"] == "yes" else "",
            phrases("card.no_id") if listing.traits["no_id"] == "yes" else "",
        ]
        return Entry(
            name=name,
            organization="" if organization == name else organization,
            ways=tuple(
                self._way(contact, phrases, place) for contact in ways(listing, place, places)
            ),
            facts=tuple(fact for fact in facts if fact),
            address=listing.address or "",
            summary=_in(listing.summary, language),
            assurance=tuple(whole_assurance(listing, phrases, today)),
        )

    def _way(self, contact: Contact, phrases: Phrases, place: str) -> Way:
        where = said_place(place, self._directory.places)
        dialled = contact.kind in DIALLED
        country = self._named(phrases.language)["places"].get(contact.country, "")
        hours = phrases("card.hours_unknown") if dialled else ""
        if contact.hours.always:
            hours = phrases("card.always")
        elif contact.printed:
            hours = phrases("card.hours", hours=contact.printed)
        kind = "" if contact.kind == "phone" else phrases(f"contact.{contact.kind}")
        notes = [
            _in(contact.label, phrases.language) if contact.label else kind,
            hours,
            phrases("card.free_call") if dialled and contact.free == "yes" else "",
            phrases("card.short_number", place=country)
            if dialled and contact.short and country and not place.startswith(contact.country)
            else "",
        ]
        number = contact.number_for(where).removeprefix("https://").rstrip("/")
        return Way(number, dialled, tuple(note for note in notes if note))

    def _named(self, language: str) -> Names:
        if language not in self._names:
            self._names[language] = names_in(language, self._directory, self._speech)
        return self._names[language]


def _page(paper: Paper, size: Size, *, style: str, policy: str, told: str) -> str:
    template = _ENVIRONMENT.get_template("leaflet.html")
    return template.render(
        paper=paper,
        size=size,
        policy=policy,
        # Ours, and made for these two places: `embedded` lets no sign end the element.
        style=Markup(style),  # nosec B704  # noqa: S704
        told=Markup(told),  # nosec B704  # noqa: S704
    )


def _in(text: Mapping[str, str], language: str) -> str:
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def _listed(phrases: Phrases, languages: tuple[str, ...]) -> str:
    return ", ".join(phrases.language_name(code) for code in languages)
