"""Keeps catalogues in step with the flows: what to translate, what to look at again, how far.

A translation stays with its context. When the English changes, the translation is kept as fuzzy
with the English that it was made for, so a translator sees both and nothing is said that is no
longer meant. Babel's own guessing between similar texts is not used: it mixes contexts up.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from authored import Mistake, read_file
from flows import handed
from flows.catalogue import (
    DOMAINS,
    messages,
    placeholder_faults,
    po_path,
    read_catalogue,
)
from flows.extract import flow_messages, ui_messages
from flows.languages import ENGLISH, read_languages

PROJECT = "Quietline"
# The day a template was made says nothing that git does not know; it would change files daily.
BUGS = "see README.md"
NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the texts are: the folder of flows, that of locales with `ui.yaml`, and the words of
    the packs.
    """

    library: Path
    locales: Path
    packs: Sequence[handed.Handed] | None = None
    """None: nobody handed them in, so their catalogues are left as they are."""

    @property
    def domains(self) -> tuple[str, ...]:
        """The catalogues that can be brought in step."""
        left = {handed.DOMAIN} if self.packs is None else set()
        return tuple(domain for domain in DOMAINS if domain not in left)


@dataclass(frozen=True, slots=True)
class Count:
    """How far one catalogue is."""

    language: str
    domain: str
    total: int
    translated: int
    fuzzy: int

    @property
    def missing(self) -> int:
        """Texts without any translation."""
        return self.total - self.translated - self.fuzzy


def template(sources: Sources, domain: str, language: str | None = None) -> Catalog:
    """Every message of a domain, without translations; for a language, those it has to translate.

    Raises `Mistakes`.
    """
    catalogue = Catalog(project=PROJECT, creation_date=NO_DAY, msgid_bugs_address=BUGS)
    if domain == handed.DOMAIN:
        handed.fill(catalogue, sources.packs or (), language)
        return catalogue
    paths = sorted(sources.library.glob("*.yaml")) if domain == "flows" else []
    for path in paths or [sources.locales / "ui.yaml"]:
        file = read_file(path)
        found = flow_messages(file) if domain == "flows" else ui_messages(file)
        shown = f"{path.parent.name}/{path.name}"
        for line, _, (context, english), comments in found:
            catalogue.add(english, "", [(shown, line)], context=context, auto_comments=comments)
    return catalogue


def _templates(sources: Sources, domain: str) -> dict[str, Catalog]:
    """The template of each language but English. Only that of the packs is not the same in all."""
    languages = [code for code in read_languages(sources.locales) if code != ENGLISH]
    if domain == handed.DOMAIN:
        return {language: template(sources, domain, language) for language in languages}
    return dict.fromkeys(languages, template(sources, domain))


def updated(old: Catalog | None, fresh: Catalog, language: str) -> Catalog:
    """The catalogue with the messages of `fresh`, every translation carried over by its context."""
    if old is None:
        old = Catalog(
            locale=language, project=PROJECT, creation_date=NO_DAY, msgid_bugs_address=BUGS
        )
    before = {context: message for message, context, _, _ in messages(old)}
    # Babel puts the messages of the template itself in: the next language needs its own.
    old.update(deepcopy(fresh), no_fuzzy_matching=True)
    for message, context, english, _ in messages(old):
        was = before.get(context)
        if was is None or not was.string:
            continue
        if was.id != english:
            message.string = was.string
            message.flags.add("fuzzy")
            old.obsolete.pop((str(was.id), context), None)
        if message.fuzzy:
            message.previous_id = was.previous_id or [str(was.id)] * (was.id != english)
    return old


def as_po(catalogue: Catalog) -> bytes:
    """The catalogue as a `.po` file that changes only where a text does."""
    out = BytesIO()
    write_po(out, catalogue, width=0, include_previous=True, include_lineno=False)
    return out.getvalue()


def extract(sources: Sources) -> list[Path]:
    """Write `<domain>.pot` into the folder of locales. The files written."""
    written = []
    for domain in sources.domains:
        path = sources.locales / f"{domain}.pot"
        path.write_bytes(as_po(template(sources, domain)))
        written.append(path)
    return written


def update(sources: Sources) -> list[Path]:
    """Bring every catalogue in step with the sources. The files that changed. Raises `Mistakes`."""
    changed = []
    for domain in sources.domains:
        for language, fresh in _templates(sources, domain).items():
            path = po_path(sources.locales, language, domain)
            old = read_catalogue(path) if path.exists() else None
            text = as_po(updated(old, fresh, language))
            if old is None or path.read_bytes() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
                changed.append(path)
    return changed


def status(sources: Sources) -> list[Count]:
    """How far each catalogue is, against the texts of today. Raises `Mistakes`."""
    counts = []
    for domain in sources.domains:
        for language, fresh in _templates(sources, domain).items():
            wanted = {context: english for _, context, english, _ in messages(fresh)}
            path = po_path(sources.locales, language, domain)
            translated = fuzzy = 0
            for message, context, english, said in (
                messages(read_catalogue(path)) if path.exists() else ()
            ):
                if said and context in wanted:
                    current = wanted[context] == english and not message.fuzzy
                    translated, fuzzy = translated + current, fuzzy + (not current)
            counts.append(Count(language, domain, len(wanted), translated, fuzzy))
    return counts


def check(sources: Sources) -> list[Mistake]:
    """What is wrong with the catalogues: errors stop a release, warnings are work to do."""
    languages = read_languages(sources.locales)
    found: list[Mistake] = []
    for domain in sources.domains:
        for language, wanted in _templates(sources, domain).items():
            path = po_path(sources.locales, language, domain)
            if path.exists() or languages[language].started:
                fresh = {context: english for _, context, english, _ in messages(wanted)}
                found += _check(path, fresh)
                if domain == handed.DOMAIN:
                    found += _check_packs(path, sources)
    return sorted(found)


def _check_packs(path: Path, sources: Sources) -> Iterator[Mistake]:
    there = [*messages(read_catalogue(path))]
    yield from handed.digit_faults(path, there)
    yield from handed.length_faults(path, there, sources.packs or ())


def _check(path: Path, fresh: dict[str, str]) -> Iterator[Mistake]:
    catalogue = read_catalogue(path)
    yield from placeholder_faults(path, messages(catalogue))
    there = {context: english for _, context, english, _ in messages(catalogue)}
    late = sorted(
        context for context in {*fresh, *there} if fresh.get(context) != there.get(context)
    )
    if late:
        more = f" and {len(late) - 3} more" if len(late) > 3 else ""
        message = f"is not in step with the sources: {', '.join(late[:3])}{more}"
        yield Mistake(str(path), 0, 0, message, "Run: quietline i18n update", "late")
    for entry, context, _, said in messages(catalogue):
        if not said or entry.fuzzy:
            text = f"{context} is to be looked at again" if said else f"{context} is not translated"
            line = entry.lineno or 0
            yield Mistake(str(path), line, 1, text, "", "untranslated", "warning")
