"""The words of the packs in every language: what stands in the pack, else the catalogue, else
English.

    ua-example.name   .organization   .summary   .contacts.phone.116123.label   .closed.2026-12-25
    hours.Mon-Fri 9-16   need.medical   place.UA-63   country.UA

It names the texts for those who translate them, and finds them again for those who read. It decides
nothing about listings: what was confirmed of one is what its pack says, whatever a catalogue says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from flows.catalogue import Phrasebook
from flows.handed import DOMAIN, Handed
from flows.languages import ENGLISH
from referral_directory import Contact, Directory, Listing, Live
from referral_directory.hours import Hours
from referral_directory.pack import SUMMARY_LENGTH

Text = Mapping[str, str]
"""A text by language, as it stands in a pack."""
Say = Callable[[str, Text], str]
"""`(context, text of the pack) → the text in one language`."""
MOST_KEPT = 1_024
"""Listings kept in the words of a language."""


def sayer(book: Phrasebook) -> Say:
    """What says the texts of packs in one language, or in those it falls back on."""

    def say(context: str, text: Text) -> str:
        english = text.get(ENGLISH, "")
        for one in (book, *book.fallbacks):
            said = text.get(one.language.code) or one.own(DOMAIN, context, english)
            if said:
                return said
        return next(iter(text.values()), "")

    return say


def place_context(code: str) -> str:
    """The context of the name of a country, a region, `abroad` or `occupied`."""
    return f"country.{code}" if len(code) == 2 else f"place.{code}"


def contact_context(listing: str, contact: Contact) -> str:
    """A label belongs to what it stands beside, never to a position: contacts can be moved."""
    return label_context(listing, contact.kind, contact.number)


def label_context(listing: str, kind: str, leads: str) -> str:
    """The same, of a contact that leads to that number or address."""
    address = leads.removeprefix("https://")
    digits = "".join(filter(str.isdigit, address))
    dialled = not any(letter.isalpha() for letter in address)
    return f"{listing}.contacts.{kind}.{digits if dialled else address}.label"


def pack_texts(directory: Directory) -> tuple[Handed, ...]:
    """Every text of the packs that a person may read, each once, for those who translate."""
    found: dict[str, Handed] = {}
    for text in _texts(directory):
        found.setdefault(text.context, text)
    return tuple(found.values())


def _texts(directory: Directory) -> Iterator[Handed]:
    for code, need in directory.needs.items():
        yield from _handed(f"need.{code}", need.names, notes=("What a person looks for.",))
    for code, names in directory.place_names.items():
        yield from _handed(place_context(code), names, notes=("A place.",))
    live = directory.serving(None)
    for name in live.ids():
        listing = live.listing(name)
        if listing is not None:
            entry = directory.entries[name]
            for text in _listing_texts(listing):
                yield replace(text, file=entry.file, line=entry.line)


def _listing_texts(listing: Listing) -> Iterator[Handed]:
    yield from _handed(f"{listing.id}.name", listing.names)
    yield from _handed(f"{listing.id}.organization", listing.organization)
    yield from _handed(f"{listing.id}.summary", listing.summary, most=SUMMARY_LENGTH)
    for contact in listing.contacts:
        yield from _handed(contact_context(listing.id, contact), contact.label)
        for closure in contact.hours.closures:
            context = f"{listing.id}.closed.{closure.first}"
            yield from _handed(context, dict(closure.reason))
    for printed in (listing.printed, *(contact.printed for contact in listing.contacts)):
        # Equal hours are one text, wherever they stand; figures alone are nobody's language.
        if printed and any(letter.isalpha() for letter in printed):
            yield from _handed(f"hours.{printed}", {ENGLISH: printed}, notes=("Hours.",))


def _handed(
    context: str, text: Text, most: int | None = None, notes: tuple[str, ...] = ()
) -> Iterator[Handed]:
    if english := text.get(ENGLISH):
        said = frozenset(text) - {ENGLISH}
        yield Handed(context, english, said, notes=notes, most=most)


class Worded:
    """One directory as it is served, with each listing in the words of a language."""

    def __init__(self, live: Live, say: Mapping[str, Say]) -> None:
        """`say`: language → what says its texts."""
        self.live, self._say = live, say
        self._kept: dict[tuple[str, str], Listing | None] = {}

    def listing(self, name: str, language: str) -> Listing | None:
        """A listing in a language, or None when it may not be served (any more)."""
        place = (name, language)
        if place not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self.live.listing(name)
            self._kept[place] = found and in_words(found, language, self._say[language])
        return self._kept[place]


def worded(live: Callable[[], Live], say: Mapping[str, Say]) -> Callable[[], Worded]:
    """What is served now, in words; made anew only when something else is served."""
    last: list[Worded] = []

    def now() -> Worded:
        serving = live()
        if not last or last[0].live is not serving:
            last[:] = [Worded(serving, say)]
        return last[0]

    return now


def in_words(listing: Listing, language: str, say: Say) -> Listing:
    """A listing whose every text can be read in a language; all else is as it was."""

    def said(context: str, text: Text) -> Text:
        return {**text, language: say(context, text)} if text else text

    def hours(one: Hours) -> Hours:
        if not any(closure.reason for closure in one.closures):
            return one
        closures = (
            replace(
                closure,
                reason=tuple(
                    said(f"{listing.id}.closed.{closure.first}", dict(closure.reason)).items()
                ),
            )
            for closure in one.closures
        )
        return replace(one, closures=tuple(closures))

    def printed(text: str | None) -> str | None:
        return text and say(f"hours.{text}", {ENGLISH: text})

    def contact(one: Contact) -> Contact:
        label = said(contact_context(listing.id, one), one.label)
        return replace(one, label=label, printed=printed(one.printed), hours=hours(one.hours))

    return replace(
        listing,
        names=said(f"{listing.id}.name", listing.names),
        organization=said(f"{listing.id}.organization", listing.organization),
        summary=said(f"{listing.id}.summary", listing.summary),
        printed=printed(listing.printed),
        phones=tuple(contact(one) for one in listing.phones),
        channels=tuple(contact(one) for one in listing.channels),
    )
