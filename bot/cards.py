"""How a listing is shown: short among others, or whole. Names, numbers and hours are the
listing's own.

It decides the order of the lines and nothing else. A listing that may no longer be served is
shown as gone, whatever the session still says (law 9). What a card says changes with the clock,
so one is kept for a minute.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.assurance import own_source, short_assurance, whole_assurance
from bot.channels.contract import Block, Line, LineKind, Option
from bot.dialogue.offers import VALUE
from bot.dialogue.session import Session
from bot.phrases import Phrases
from bot.said_hours import DOT, OCCUPIED, said_hours
from referral_directory import Contact, Listing

SHORT_CONTACTS = 2
"""Ways to reach a service that stand on its short card."""
SHORT_SUMMARY = 60
"""Characters of a summary after which a short card says no further sentence."""
MOST_KEPT = 4_096


class Serving(Protocol):
    """The directory as it is served now."""

    def listing(self, name: str, language: str) -> Listing | None:
        """A listing in the words of a language, or None when it may not be served."""
        ...


class Cards:
    """Makes cards in every language."""

    def __init__(
        self,
        serving: Callable[[], Serving],
        phrases: Mapping[str, Phrases],
        places: Mapping[str, Mapping[str, str]],
        emergency: Mapping[str, tuple[Block, ...]],
        online_only: Container[str] = (),
    ) -> None:
        """`places`: language → code → name, countries too.

        `online_only`: places where no call is to be shown.
        """
        self._online_only = online_only
        self._serving, self._phrases, self._places = serving, phrases, places
        self._emergency = emergency
        self._kept: dict[tuple[str, ...], Block] = {}
        self._minute: tuple[object, int] = (None, -1)

    def name(self, listing: str, language: str) -> str:
        """The name of a listing for a button; empty when it is no longer served."""
        found = self._serving().listing(listing, language)
        return _in(found.names, language) if found else ""

    def emergency(self, language: str) -> tuple[Block, ...]:
        """What is said when nothing else works."""
        return self._emergency[language]

    def show(
        self, values: Sequence[str], session: Session, language: str, at: datetime
    ) -> list[Block]:
        """The cards of these values: each holds listings, and is shown whole when it is one
        chosen.
        """
        self.served(at)
        blocks: list[Block] = []
        place = session.slots.get("place")
        if place in self._online_only:
            place = OCCUPIED
        words = self._phrases[language]
        if "found" in values and (codes := session.values.get("relaxed")):
            lines = [
                Line("text", words(key)) for code in codes if (key := f"relaxed.{code}") in words
            ]
            if lines:
                blocks.append(Block("note", tuple(lines)))
        for value in values:
            whole = value in session.slots
            shown = (session.slots[value],) if whole else session.values.get(value, ())
            if value == "always" and shown:
                blocks.append(Block("note", (Line("text", words("card.always_line")),)))
            # Only a whole card tells why it was found.
            reasons = _reasons(session.values) if whole else {}
            blocks += [
                self._card(listing, language, at, place, reasons.get(listing, ()), whole=whole)
                for listing in shown
            ]
        return blocks

    def card(self, listing: str, language: str, at: datetime, *, whole: bool) -> Block:
        """The card of one listing by itself, as it is shown to somebody who said nothing."""
        self.served(at)
        return self._card(listing, language, at, None, (), whole=whole)

    def served(self, at: datetime) -> object:
        """What is another whenever a card may be: each minute, and when what is served changed."""
        minute = (self._serving(), int(at.timestamp()) // 60)
        if minute != self._minute or len(self._kept) > MOST_KEPT:
            # A new one: what another thread still makes of what was served goes nowhere.
            self._kept = {}
            self._minute = minute
        return self._minute

    def _card(
        self,
        listing: str,
        language: str,
        at: datetime,
        place: str | None,
        reasons: tuple[str, ...],
        *,
        whole: bool,
    ) -> Block:
        cards, key = self._kept, (listing, language, place or "", str(whole), *reasons)
        kept = cards.get(key)
        if kept is None:
            found = self._serving().listing(listing, language)
            words = self._phrases[language]
            if found is None:
                lines = [Line("text", words("card.gone"))]
            else:
                lines = list(self._lines(found, words, at, place, reasons, whole=whole))
            named = None if whole or found is None else _in(found.names, language)
            option = Option(VALUE + listing, named) if named else None
            kept = cards[key] = Block("card", tuple(lines), option)
        return kept

    def _lines(
        self,
        listing: Listing,
        words: Phrases,
        at: datetime,
        place: str | None,
        reasons: tuple[str, ...],
        *,
        whole: bool,
    ) -> list[Line]:
        lines = [Line("title", _in(listing.names, words.language))]
        named = self._places[words.language]
        facts = [
            # Who did not say where they are, or is elsewhere, must see where a service is.
            "" if _at_home(listing, place) else words.isolated(named.get(listing.country, "")),
            words("card.paid" if listing.cost == "paid" else "card.free")
            if listing.cost != "unknown"
            else "",
            said_hours(listing, words, at, place, named),
            _join(words, [words.language_name(code) for code in listing.languages]),
        ]
        lines.append(Line("text", DOT.join(fact for fact in facts if fact)))
        contacts = [contact for contact in listing.contacts if contact.reaches(place)]
        shown = contacts if whole else contacts[:SHORT_CONTACTS]
        for contact in shown:
            lines += self._contact(contact, words, place, several=len(contacts) > 1, whole=whole)
            sources = own_source(contact, listing, words) if whole else []
            lines += [Line("fine", one) for one in sources]
        summary = _in(listing.summary, words.language)
        lines.append(Line("text", summary if whole else _shortened(summary)))
        if whole:
            lines += self._details(listing, words, place)
            why = [said for code in reasons if (said := self._reason(code, words))]
            if why:
                lines.append(Line("fine", words("card.why", reasons=", ".join(why))))
            lines += [Line("fine", one) for one in whole_assurance(listing, words, at.date())]
        else:
            sure = short_assurance(listing, shown, words, at.date())
            lines.append(Line("fine", DOT.join(sure)))
        return lines

    def _contact(
        self, contact: Contact, words: Phrases, place: str | None, *, several: bool, whole: bool
    ) -> list[Line]:
        dialled = contact.kind in ("phone", "sms")
        label = _in(contact.label, words.language) if contact.label else ""
        kind = "" if contact.kind == "phone" else words(f"contact.{contact.kind}")
        name = (label or kind) if several or kind else ""
        shown: LineKind = "phone" if dialled else "link" if contact.uri else "text"
        lines = [Line(shown, contact.number_for(place), contact.uri or "")]
        notes = [words.isolated(name)]
        country = self._places[words.language].get(contact.country)
        if dialled and country and contact.short:
            # 122 is one thing in one country and another in the next.
            notes.append(words("card.short_number", place=country))
        elif dialled and country and contact.abroad == "no" and (whole or place == "abroad"):
            notes.append(words("card.only_within", place=country))
        if whole and dialled and contact.free == "yes":
            notes.append(words("card.free_call"))
        if whole and contact.printed and not contact.hours.always:
            notes.append(words("card.hours", hours=contact.printed))
        if said := DOT.join(note for note in notes if note):
            lines.append(Line("fine", said))
        return lines

    def _details(self, listing: Listing, words: Phrases, place: str | None) -> list[Line]:
        named = self._places[words.language]
        where = [named[code] for code in listing.area if code in named and code != "abroad"]
        people = [words(f"who.{who}") for who, answer in listing.who.items() if answer == "yes"]
        traits = [
            words(f"card.{trait}")
            for trait in ("anonymous", "no_id", "walk_in", "accessible")
            if listing.traits.get(trait) == "yes"
        ]
        texts = [
            words("card.area", place=_join(words, where)) if where else "",
            words("card.address", address=words.isolated(listing.address))
            if listing.address
            else "",
            words("card.for", list=_join(words, people)) if people else "",
            DOT.join(traits),
            words(
                "card.interpreted",
                list=_join(words, [words.language_name(c) for c in listing.interpreted]),
            )
            if listing.interpreted
            else "",
            # Not once more under the number that has said them already.
            words("card.hours", hours=listing.printed)
            if listing.printed and not _printed_above(listing, place)
            else "",
            words("card.calling") if listing.phones and place != OCCUPIED else "",
        ]
        return [Line("text", text) for text in texts if text]

    def _reason(self, code: str, words: Phrases) -> str:
        name, _, about = code.partition(":")
        key = f"reason.{name}"
        if key not in words:
            return ""
        if not about:
            return words(key)
        if f"who.{about}" in words:
            value = words(f"who.{about}")
        elif about in self._places[words.language]:
            value = self._places[words.language][about]
        else:
            value = words.language_name(about) if about.isalpha() else about
        return words(key, language=value, place=value, who=value)


def _reasons(values: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Listing → the codes that an errand gave for it, which stand beside it under `NAME_why`."""
    return {
        listing: tuple(codes.split())
        for name, listings in values.items()
        for listing, codes in zip(listings, values.get(f"{name}_why", ()), strict=False)
    }


def _at_home(listing: Listing, place: str | None) -> bool:
    """Whether a person is where a listing is; of occupied territory nothing is said."""
    return place is not None and (place == OCCUPIED or place[:2] == listing.country)


def _printed_above(listing: Listing, place: str | None) -> bool:
    """Whether a contact that is shown has printed the hours of the whole listing."""
    return any(
        one.printed == listing.printed and not one.hours.always
        for one in listing.contacts
        if one.reaches(place)
    )


def _in(text: Mapping[str, str], language: str) -> str:
    """A text in a language; in English, then in any, when it is not there."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def _shortened(text: str) -> str:
    """Its first sentence or two: as many as it takes to say something."""
    said = ""
    for sentence in re.split(r"(?<=[.?!؟…])\s+", text):
        said = f"{said} {sentence}".strip()
        if len(said) >= SHORT_SUMMARY:
            break
    return said


def _join(words: Phrases, parts: Sequence[str]) -> str:
    if len(parts) > 1:
        return words("card.list_and", first=", ".join(parts[:-1]), last=parts[-1])
    return parts[0] if parts else ""
