"""What a survivor would see of a listing: by the very parts that show it to survivors.

It decides nothing about wording. It changes nothing that is served: each look has a directory of
one listing to itself, made of the content that it is given.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import ValidationError

from bot.cards import Cards
from bot.channels.contract import Block, Outgoing
from bot.channels.telegram_text import Message, messages
from bot.channels.terminal_text import Paper
from bot.channels.web_page import SAFE_LINKS, TEMPLATES
from bot.ledger.model import Content
from bot.pack_words import in_words
from bot.speech import Speech, names_in
from referral_directory import Confirmation, Directory, Listing
from referral_directory.codes import INTERNATIONAL
from referral_directory.country import CountryFile
from referral_directory.listing import listing_from, withheld
from referral_directory.pack import ListingShape

_SAID: Final = '{% from "parts.html" import said with context %}{{ said(out, buttons=false) }}'


@dataclass(frozen=True, slots=True)
class Shown:
    """One listing in one language, on each channel."""

    language: str
    direction: str
    web: Markup = field(repr=False)
    """As it stands on the page, short among others and then whole."""
    whole: Markup = field(repr=False)
    """As it stands on the page when it was chosen."""
    telegram: tuple[Message, ...] = field(repr=False)
    terminal: str = field(repr=False)


class Shower:
    """Shows any content in every language of the service. Made once."""

    def __init__(self, directory: Directory, speech: Speech) -> None:
        self._directory, self._speech = directory, speech
        self.languages = {one.code: one.endonym for one in speech.languages}
        self._directions = {one.code: one.dir for one in speech.languages}
        self._files = country_files(directory)
        self._places = {
            code: names_in(code, directory, speech)["places"] for code in self.languages
        }
        jinja = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        jinja.globals.update(w={"open": ""}, safe=lambda href: href.startswith(SAFE_LINKS))
        self._said = jinja.from_string(_SAID)

    def listing(
        self,
        name: str,
        content: Content,
        confirmed: Confirmation | None = None,
        due_on: date | None = None,
    ) -> Listing | str:
        """A content as it would be served, or why it never would be, in English words.

        `due_on`: a card says so when that day is long past.
        """
        try:
            written = ListingShape.model_validate(content)
        except ValidationError:
            return "it is not a whole listing yet"
        if why := withheld(written):
            return why
        file = self._file(written)
        return listing_from(name, written, file, self._directory.needs, confirmed, due_on)

    def show(self, listing: Listing, language: str, at: datetime) -> Shown:
        """A listing as a person sees it who reads this language, at an instant (aware)."""
        serving = _One(listing, self._speech)
        cards = Cards(lambda: serving, self._speech.phrases, self._places, {})
        short = cards.card(listing.id, language, at, whole=False)
        whole = cards.card(listing.id, language, at, whole=True)
        direction = self._directions[language]
        paper = io.StringIO()
        Paper(paper).answer(_answer(language, short, whole))
        return Shown(
            language,
            direction,
            self._web(_answer(language, short, whole)),
            self._web(_answer(language, whole)),
            tuple(messages([short, whole])),
            paper.getvalue(),
        )

    def _web(self, out: Outgoing) -> Markup:
        return Markup(self._said.render(out=out))  # nosec B704  # noqa: S704 - escaped by the page's own templates

    def _file(self, written: ListingShape) -> CountryFile:
        codes = (code if code == INTERNATIONAL else code[:2] for code in written.area)
        known = (self._files[code] for code in codes if code in self._files)
        return next(known, None) or next(iter(self._files.values()))


class _One:
    """A directory in which there is nothing but one listing."""

    def __init__(self, listing: Listing, speech: Speech) -> None:
        self._listing, self._speech = listing, speech

    def listing(self, name: str, language: str) -> Listing | None:
        """That listing in the words of a language."""
        del name
        return in_words(self._listing, language, self._speech.packs[language])


def country_files(directory: Directory) -> Mapping[str, CountryFile]:
    """What holds for each country of a directory, by code."""
    known = {
        country.code: CountryFile(
            country=country.code,
            names=dict(country.names),
            zone=country.zone,
            languages=("en",),
        )
        for country in directory.countries
    }
    return known | {entry.country.country: entry.country for entry in directory.entries.values()}


def _answer(language: str, *blocks: Block) -> Outgoing:
    return Outgoing(language, "ltr", blocks)
