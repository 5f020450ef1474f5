"""The words of the console, in the languages that staff read.

    locales/<language>/LC_MESSAGES/console.po  →  Words

English is what stands in the code and in the templates; what is not translated is said in it.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot import compiled

ENGLISH: Final = "en"
DOMAIN: Final = "console"
ENOUGH: Final = 0.9
"""Which part of the texts a language must say to be offered; the rest is said in English."""


def N_(text: str) -> str:  # noqa: N802  # the name that gettext's tools look for
    """Marks words that are translated later, where they are shown."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language. `_ = visit.words`, then `_("Saved.")`."""

    language: str
    name: str
    """What the language calls itself."""
    found: NullTranslations = field(repr=False)

    def __call__(self, text: str, **values: object) -> str:
        """The words for an English text; `%(name)s` in it stands for a value."""
        said = self.found.gettext(text) if text else ""
        return said % values if values else said

    def many(self, one: str, many: str, count: int, **values: object) -> str:
        """The words for a number of things; `%(count)s` in it stands for the number."""
        return self.found.ngettext(one, many, count) % {"count": count, **values}

    def day(self, day: date | None) -> str:
        """A day as people write it; a dash for none."""
        if day is None:
            return "–"
        return format_date(day, "d MMM y", locale=self.language)

    def moment(self, moment: datetime | None) -> str:
        """A day and a time of day."""
        if moment is None:
            return "–"
        return format_datetime(moment, "d MMM y, HH:mm", locale=self.language)

    def second(self, second: float) -> str:
        """A second since 1970, as `moment` says it, in UTC."""
        return f"{self.moment(datetime.fromtimestamp(second, UTC))} UTC"


def read_words(locales: Path) -> Mapping[str, Words]:
    """Every language that says nearly everything, English last. Ukrainian comes first."""
    found: dict[str, Words] = {}
    for path in sorted(locales.glob(f"*/LC_MESSAGES/{DOMAIN}.po"), key=_ukrainian_first):
        if (words := _spoken(path, path.stat().st_mtime_ns)) is not None:
            found[words.language] = words
    found[ENGLISH] = Words(ENGLISH, "English", NullTranslations())
    return found


@lru_cache
def _spoken(path: Path, _changed: int) -> Words | None:
    """What a catalogue says, read once for as long as it stays as it is: it takes a while. None
    when it says too little.
    """
    code, written = path.parent.parent.name, path.read_bytes()
    # To read them all took a tenth of every start, and seldom does one of them change.
    of = f"{ENOUGH} {Path(__file__).stat().st_mtime_ns} {hashlib.sha256(written).hexdigest()}"
    said = compiled.kept(f"console-{code}", of, lambda: _read(written))
    return None if said is None else Words(code, _endonym(code), GNUTranslations(io.BytesIO(said)))


def _read(written: bytes) -> bytes | None:
    """A catalogue as gettext looks things up in it; None when it says too little."""
    catalogue = read_po(io.BytesIO(written))
    if _said(catalogue) < ENOUGH:
        return None
    out = io.BytesIO()
    write_mo(out, catalogue)  # leaves out what is fuzzy
    return out.getvalue()


def _ukrainian_first(path: Path) -> tuple[bool, str]:
    code = path.parent.parent.name
    return code != "uk", code


def _said(catalogue: Catalog) -> float:
    """Which part of the texts is translated, and not to be looked at again."""
    texts = [message for message in catalogue if message.id]
    said = [one for one in texts if one.string and all(one.string) and not one.fuzzy]
    return len(said) / len(texts) if texts else 0.0


def _endonym(code: str) -> str:
    said = Locale.parse(code).get_display_name(code) or code
    return said[:1].upper() + said[1:]
