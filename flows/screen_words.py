"""The words of the staff console: what stands in its code and templates, and its catalogues.

    `_("Saved.")` in code, `{{ _("Saved.") }}` in templates  →  <language>/LC_MESSAGES/console.po

Unlike the words for survivors they have no context and may have plurals, as gettext is used
everywhere. It decides what is a message and whether a translation keeps its placeholders. It never
guesses between similar texts. Which folders are read is handed in.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from authored import Mistake
from flows.catalogue import po_path, read_catalogue
from flows.languages import ENGLISH, read_languages
from flows.translating import BUGS, NO_DAY, PROJECT, Count, as_po

DOMAIN: Final = "console"
KEYWORDS: Final = {
    "_": None,
    "N_": None,
    "words": None,
    "gettext": None,
    "ngettext": (1, 2),
    "many": (1, 2),
}
METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS: Final = {
    "**.html": {
        "extensions": "jinja2.ext.i18n",
        "newstyle_gettext": "true",
        "trimmed": "true",
        "silent": "false",
    }
}
_NAMES: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Screens:
    """Where the words of the console are: folders of code and templates, and that of locales."""

    folders: tuple[Path, ...]
    locales: Path


def template(screens: Screens) -> Catalog:
    """Every message, without translations."""
    catalogue = Catalog(project=PROJECT, creation_date=NO_DAY, msgid_bugs_address=BUGS)
    for folder in screens.folders:
        found = extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS, ("i18n:",))
        for name, line, message, comments, context in sorted(found, key=lambda one: one[:2]):
            where = [(f"{folder.name}/{name}", line)]
            catalogue.add(message, "", where, context=context, auto_comments=comments)
    return catalogue


def extract(screens: Screens) -> list[Path]:
    """Write `console.pot` into the folder of locales. The files written."""
    path = screens.locales / f"{DOMAIN}.pot"
    path.write_bytes(as_po(template(screens)))
    return [path]


def update(screens: Screens) -> list[Path]:
    """Bring the catalogues in step. The files that changed. Raises `Mistakes`."""
    changed, fresh = [], template(screens)
    for language, path in _paths(screens):
        old = read_catalogue(path) if path.exists() else None
        new = old or Catalog(
            locale=language, project=PROJECT, creation_date=NO_DAY, msgid_bugs_address=BUGS
        )
        # Babel puts the messages of the template itself in: the next language needs its own.
        new.update(deepcopy(fresh), no_fuzzy_matching=True)
        text = as_po(new)
        if not path.exists() or path.read_bytes() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            changed.append(path)
    return changed


def status(screens: Screens) -> list[Count]:
    """How far each catalogue is, against the words of today. Raises `Mistakes`."""
    fresh = template(screens)
    wanted = {_id(message) for message in fresh if message.id}
    counts = []
    for language, path in _paths(screens):
        there = [*_messages(read_catalogue(path))] if path.exists() else []
        said = [message for message in there if _id(message) in wanted and _is_said(message)]
        fuzzy = sum(message.fuzzy for message in said)
        counts.append(Count(language, DOMAIN, len(wanted), len(said) - fuzzy, fuzzy))
    return counts


def awaiting(screens: Screens) -> dict[tuple[str, str], int]:
    """(language, domain) → how many translations nobody who grew up with the language has read.

    Whoever reads one writes `# reviewed: ORGANISATION` beside it; these have no contexts to name.
    """
    return {
        (language, DOMAIN): sum(
            _is_said(message) and not any(one.startswith("reviewed:") for one in _remarks(message))
            for message in _messages(read_catalogue(path))
        )
        for language, path in _paths(screens)
        if path.exists()
    }


def _remarks(message: Message) -> list[str]:
    return [remark.strip() for remark in message.user_comments]


def check(screens: Screens) -> list[Mistake]:
    """What is wrong with the catalogues that there are: errors stop a release."""
    fresh = {_id(message) for message in template(screens) if message.id}
    return sorted(
        fault
        for _, path in _paths(screens)
        if path.exists()
        for fault in _faults(path, read_catalogue(path), fresh)
    )


def _faults(path: Path, catalogue: Catalog, fresh: set[tuple[str, ...]]) -> Iterator[Mistake]:
    there = {_id(message) for message in _messages(catalogue)}
    if there != fresh:
        said = f"is not in step with the console: {len(there ^ fresh)} texts"
        yield Mistake(str(path), 0, 0, said, "Run: quietline i18n update", "late")
    for message in _messages(catalogue):
        line = message.lineno or 0
        english = _id(message)[0]
        if not _is_said(message) or message.fuzzy:
            said = f"{english[:40]!r} is not translated"
            yield Mistake(str(path), line, 1, said, "", "untranslated", "warning")
            continue
        wanted = set(_NAMES.findall(_id(message)[-1]))
        for form in _forms(message):
            if set(_NAMES.findall(form)) != wanted or form.count("%") != len(_NAMES.findall(form)):
                said = f"{english[:40]!r} has other placeholders than its translation"
                mend = "Names like %(name)s stay as they are in English."
                yield Mistake(str(path), line, 1, said, mend, "placeholder")
                break


def _paths(screens: Screens) -> Iterator[tuple[str, Path]]:
    """The catalogues that there are, and that of Ukrainian in any case."""
    for language in read_languages(screens.locales):
        path = po_path(screens.locales, language, DOMAIN)
        if language != ENGLISH and (path.exists() or language == "uk"):
            yield language, path


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _id(message: Message) -> tuple[str, ...]:
    """The English: one text, or one and many."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _is_said(message: Message) -> bool:
    return all(_forms(message)) and bool(_forms(message))
