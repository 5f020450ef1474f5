"""The translations: reads `.po` files as they are and words a text in a language or its fallbacks.

    languages.toml + <language>/LC_MESSAGES/{flows,ui,packs}.po  →  language → Phrasebook

It decides what counts as translated: the English must be the one that was translated, the
translation must not be fuzzy, and it must hold the same placeholders; the words of a pack keep
their numbers too. It never mixes languages in one step by itself: ask `speaker` for the language
that can say the whole step.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, unescape

from authored import Mistake, Mistakes
from flows import handed
from flows.languages import ENGLISH, Language, read_languages
from flows.placeholders import BadBraces, placeholders
from flows.po_lines import line_faults

DOMAINS = ("flows", "ui", handed.DOMAIN)

Entries = Mapping[tuple[str, str], tuple[str, str]]
"""(Domain, context) → (English, translation)."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What can be said in one language, and what it falls back on."""

    language: Language
    entries: Entries
    fallbacks: tuple["Phrasebook", ...] = ()
    """Nearest first; the last is English."""

    def own(self, domain: str, context: str, english: str) -> str | None:
        """The translation in this language itself; English is its own translation."""
        if self.language.code == ENGLISH:
            return english
        source, translation = self.entries.get((domain, context), ("", ""))
        return translation if source == english and translation else None

    def text(self, domain: str, context: str, english: str) -> str:
        """The text in this language, or in the first it falls back on that has it."""
        for book in (self, *self.fallbacks):
            said = book.own(domain, context, english)
            if said is not None:
                return said
        return english

    def complete(self, domain: str, english: Mapping[str, str]) -> bool:
        """Whether this language itself has all of these texts (context → English)."""
        return all(self.own(domain, context, text) is not None for context, text in english.items())

    def speaker(self, domain: str, english: Mapping[str, str]) -> "Phrasebook":
        """Who says a step: this language when it can say the whole of it, else the next."""
        for book in (self, *self.fallbacks[:-1]):
            if book.complete(domain, english):
                return book
        return self.fallbacks[-1] if self.fallbacks else self


def read_phrasebooks(locales: Path) -> dict[str, Phrasebook]:
    """Started language → its phrasebook. Raises `Mistakes` with every fault of every catalogue."""
    languages = read_languages(locales)
    found: list[Mistake] = []
    alone: dict[str, Phrasebook] = {}
    for code, language in languages.items():
        entries: dict[tuple[str, str], tuple[str, str]] = {}
        for domain in DOMAINS if code != ENGLISH else ():
            path = po_path(locales, code, domain)
            # Without the words of the packs in a language, those of the packs themselves are said.
            if not path.exists() and (not language.started or domain == handed.DOMAIN):
                continue
            try:
                entries |= _entries(path, domain)
            except Mistakes as mistakes:
                found += mistakes.found
        alone[code] = Phrasebook(language, entries)
    if found:
        raise Mistakes(found)
    return {
        code: Phrasebook(language, alone[code].entries, _fallbacks(language, alone))
        for code, language in languages.items()
        if language.started
    }


def _fallbacks(language: Language, alone: Mapping[str, Phrasebook]) -> tuple[Phrasebook, ...]:
    if language.code == ENGLISH:
        return ()
    codes = [code for code in language.fallback if code != ENGLISH]
    return tuple(alone[code] for code in [*codes, ENGLISH])


def po_path(locales: Path, language: str, domain: str) -> Path:
    """Where a catalogue is."""
    return locales / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalogue(path: Path) -> Catalog:
    """One `.po` file. Raises `Mistakes`."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        mend = "Make it with: quietline i18n update"
        said = f"cannot be read: {error.strerror}"
        raise Mistakes([Mistake(str(path), 0, 0, said, mend)]) from None
    except UnicodeDecodeError:
        said = "is not a catalogue in UTF-8"
        raise Mistakes([Mistake(str(path), 0, 0, said, "Save it as UTF-8.")]) from None
    if faults := tuple(line_faults(path, text)):
        raise Mistakes(faults)
    try:
        catalogue = read_po(io.StringIO(text), abort_invalid=True)
    except (PoFileError, ValueError, LookupError):
        # The lines are well, so it is the header: a date or a plural rule that Babel cannot read.
        mend = "Take the first entry, the header, from a catalogue that works."
        raise Mistakes([Mistake(str(path), 1, 1, "its header cannot be read", mend)]) from None
    for message in catalogue:
        _restore_previous(message)
    return catalogue


def _restore_previous(message: Message) -> None:
    """Babel writes the English that a fuzzy text was made for (`#| msgid`), and reads a remark."""
    previous = [note[1:].strip() for note in message.user_comments if note.startswith("|")]
    message.user_comments = [note for note in message.user_comments if not note.startswith("|")]
    quoted = [part.removeprefix("msgid").strip() for part in previous]
    text = "".join(unescape(part) for part in quoted if part.startswith('"'))
    message.previous_id = [text] if text and message.fuzzy else []


def messages(catalogue: Catalog) -> Iterator[tuple[Message, str, str, str]]:
    """Every message with a context: message, context, English, translation."""
    for message in catalogue:
        if message.id and message.context and isinstance(message.id, str):
            said = message.string if isinstance(message.string, str) else ""
            yield message, message.context, message.id, said


def _entries(path: Path, domain: str) -> dict[tuple[str, str], tuple[str, str]]:
    catalogue = read_catalogue(path)
    faults = [*placeholder_faults(path, messages(catalogue))]
    if domain == handed.DOMAIN:
        faults += handed.digit_faults(path, messages(catalogue))
    if faults:
        raise Mistakes(faults)
    return {
        (domain, context): (english, said)
        for message, context, english, said in messages(catalogue)
        if said and not message.fuzzy
    }


def placeholder_faults(
    path: Path, found: Iterable[tuple[Message, str, str, str]]
) -> Iterator[Mistake]:
    """Translations that lost a placeholder or made one up. Such a text could not be filled."""
    for message, context, english, said in found:
        if not said or message.fuzzy:
            continue
        line = message.lineno or 0
        try:
            wanted, there = placeholders(english), placeholders(said)
        except BadBraces as fault:
            text = f"{context}: {fault}"
            yield Mistake(str(path), line, 1, text, "", "placeholder")
            continue
        lost = ", ".join(f"{{{name}}}" for name in sorted(wanted - there))
        made = ", ".join(f"{{{name}}}" for name in sorted(there - wanted))
        if lost or made:
            parts = [f"lacks {lost}"] * bool(lost) + [f"has {made}, English does not"] * bool(made)
            mend = "Names in braces stay as they are in English."
            text = f"{context}: {' and '.join(parts)}"
            yield Mistake(str(path), line, 1, text, mend, "placeholder")
