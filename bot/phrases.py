"""The words outside flows, in one language: cards, pages, the terminal. Fixed text with named
places in it.

It fails loudly on a key that does not exist: a page without its words is a fault of ours.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from unicodedata import bidirectional

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

Text = Callable[[str, str], str]
"""`(context, English) → the text in one language`, of the catalogue `ui`."""

DATES = {"en": "en_GB", "qps": "en_GB"}
"""English is read all over the world: the day before the month, and no doubt about it. `qps` is
made up, to see how layouts bear long words, and has no days of its own.
"""


ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""Around what stands in a sentence and may run the other way, so that it does not turn the sentence
round.
"""
OTHER_WAY = {"ltr": frozenset({"R", "AL"}), "rtl": frozenset({"L", "EN"})}
"""Direction of a language → the classes of signs that run otherwise; figures never turn round."""


class Phrases:
    """The phrases of one language, and its way of writing dates and names of languages."""

    def __init__(
        self,
        language: str,
        english: Mapping[str, str],
        text: Text,
        direction: Literal["ltr", "rtl"] = "ltr",
    ) -> None:
        self.language = language
        self._other_way = OTHER_WAY[direction]
        self._words = {key: text(key, source) for key, source in english.items()}

    def __call__(self, key: str, **fields: str) -> str:
        """The phrase of that key, filled. Raises `KeyError` for an unknown key."""
        words = self._words[key]
        if not fields:
            return words
        return words.format(**{name: self.isolated(said) for name, said in fields.items()})

    def isolated(self, said: str) -> str:
        """A name, a figure, somebody else's words: fit to stand in a sentence of this language."""
        if any(bidirectional(sign) in self._other_way for sign in said):
            return f"{ISOLATE}{said}{END_ISOLATE}"
        return said

    def __contains__(self, key: str) -> bool:
        return key in self._words

    @cached_property
    def _locale(self) -> Locale:
        return Locale.parse(DATES.get(self.language, self.language))

    def language_name(self, code: str) -> str:
        """What a language is called, in this one."""
        return str(self._locale.languages.get(code, code))

    def day(self, day: date) -> str:
        """A date as it is written: `3 Nov 2026`."""
        return format_date(day, "medium", locale=self._locale)

    def partial_date(self, written: str) -> str:
        """A source's date, as exact as it is: `2024-07-01`, `2024-07` or `2024`."""
        match written.split("-"):
            case [year, month, day]:
                return self.day(date(int(year), int(month), int(day)))
            case [year, month]:
                first = date(int(year), int(month), 1)
                return format_skeleton("yMMM", first, locale=self._locale)
            case _:
                return written

    def weekday(self, day: date) -> str:
        """The name of a weekday, as it stands inside a sentence."""
        return format_date(day, "EEEE", locale=self._locale)

    def clock(self, at: datetime) -> str:
        """A time of day in the zone that `at` is in: `18:00`."""
        return format_time(at, "HH:mm", locale=self._locale)
