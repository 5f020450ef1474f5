"""L17, L18, L25, L26: numbers and links in the flows, and whether all languages say the same.

Which numbers there are is handed in by the composition, since this room knows no directory; when
nobody hands them in, only the country beside a number is looked for.
"""

# ruff: noqa: ARG001  # every check takes a text and the lists of its language

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from authored import read_file, shape
from flows.contexts import Text
from flows.shapes import Shape
from flows.wording.lists import HERE, Lists
from flows.wording.making import Fault, Found, ScriptRule, TextRule
from flows.wording.patterns import has
from flows.wording.said import Said
from flows.wording.sentences import sentences
from flows.wording.view import View

# A run of digits is never divided (`++`): in how many ways it could be grows without end.
_DIGITS = re.compile(r"(?<![\w.,:/-])\+?\d++(?:[\s-]?\(?\d++\)?)*(?![\w/-]|[.,:]\d)")
_LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[^\s)»”\"]+|(?<![\w@.])(?:[a-z0-9-]+\.)+"
                   r"(?:org|com|net|ua|lt|az|cd|co|int|info|eu|gov|me|ly|fr|es|ru|is)\b[^\s)»”\"]*",
                   re.IGNORECASE)  # fmt: skip
_SHORTENERS = ("bit.ly", "t.co", "goo.gl", "tinyurl.com", "is.gd", "cutt.ly", "ow.ly", "clck.ru")
_TRACKING = re.compile(r"[?&](?:utm_\w+|fbclid|gclid|yclid|mc_eid|ref)=", re.IGNORECASE)
SHORT = 6
"""Digits of the longest short number (116123)."""
LEAST_PHONE = 7
UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
EVERYWHERE = ("112", "116")
"""Numbers that are the same in the whole European Union (Directive (EU) 2018/1972, 109 and 96)."""
_PLACEHOLDER = re.compile(r"\{[a-z_0-9]*\}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to dial in a text."""

    shown: str
    digits: str

    @property
    def short(self) -> bool:
        """Whether it means something in one country only."""
        return len(self.digits) <= SHORT


def phones(text: str, lists: Lists) -> Iterator[Phone]:
    """The numbers of a text that are to be dialled, and not days, years or sums."""
    for sentence in sentences(text):
        calls = has(lists.call_words, sentence, lists.language)
        for found in _DIGITS.finditer(sentence):
            digits = re.sub(r"[^\d+]", "", found[0])
            count = len(digits.lstrip("+"))
            after = " ".join(sentence[found.end() :].split()[:1])
            counts = has(lists.not_numbers, after, lists.language)
            to_dial = calls and count >= 3 and not counts and not _year(found[0])
            if count >= LEAST_PHONE or to_dial:
                yield Phone(found[0], digits)


def _year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in {"19", "20"}


def with_country(said: Said, lists: Lists) -> Iterator[Fault]:
    """L18: a short number without any country in the same message."""
    if re.search(r"\{(?:place|country)\w*\}", said.words):
        return
    named = any(has(names, said.words, lists.language) for names in lists.countries.values())
    for phone in phones(said.words, lists):
        if phone.short and not named:
            yield f"'{phone.shown}' stands without a country", "Name the country beside it."


def known_numbers(view: View) -> Iterator[Found]:
    """L17: numbers that no listing has, or that belong to another country than is named."""
    for text in view.ground.texts if view.numbers is not None else ():
        for language, lists in view.languages.items():
            said = view.ground.spoken[language].get(text.context, "")
            if text.kind != "words":
                yield from _unknown(view, text, said, lists)


def _unknown(view: View, text: Text, said: str, lists: Lists) -> Iterator[Found]:
    numbers = view.numbers or {}
    named = {code for code, names in lists.countries.items() if has(names, said, lists.language)}
    for phone in phones(said, lists):
        countries = numbers.get(phone.digits)
        if countries and countries & UNION and phone.digits.startswith(EVERYWHERE):
            countries |= UNION | {"EU"}
        if countries is None:
            message = f"no listing that is shown has '{phone.shown}'"
            mend = "Take it from the pack, or leave it out."
        elif phone.short and named and not named & countries:
            message = f"'{phone.shown}' is a number of {', '.join(sorted(countries))}"
            mend = "Name its own country."
        else:
            continue
        mistake = view.ground.mistake(text.flow, text.path, f"{message} ({lists.language})", mend)
        yield Found(mistake, text.context, lists.language)


def same_everywhere(view: View) -> Iterator[Found]:
    """L25: translations that are missing, or that have other numbers than English."""
    missing: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for text in view.ground.texts:
        total[text.flow] += 1
        wanted = _all_digits(text.english)
        for language, spoken in view.ground.spoken.items():
            said = spoken.get(text.context)
            if said is None:
                missing[text.flow, language] += 1
            elif text.kind != "words" and _all_digits(said) != wanted:
                numbers = " ".join(sorted(_all_digits(said).elements())) or "none"
                message = f"has other numbers than English: {numbers} ({language})"
                mistake = view.ground.mistake(text.flow, text.path, message, "Keep them alike.")
                yield Found(mistake, text.context, language)
    for (flow, language), count in missing.items():
        message = f"{count} of {total[flow]} texts are not translated into {language}"
        mistake = view.ground.mistake(flow, ("id",), message, f"Translate {language}.")
        yield Found(mistake, flow, language)


def _all_digits(text: str) -> Counter[str]:
    """The numbers that matter: three digits or more; 2,500 and 2 500 are one number."""
    runs = (
        re.sub(r"\D", "", run) for run in re.findall(r"\d[\d\s.,()-]*", _PLACEHOLDER.sub("", text))
    )
    return Counter(run for run in runs if len(run) >= 3)


class _LinksShape(Shape):
    format: int = Field(ge=1, le=1)
    hosts: dict[str, str]
    """Host → why it is linked to."""


@cache
def known_hosts(folder: Path = HERE) -> frozenset[str]:
    """The hosts that flows may link to. Raises `Mistakes`."""
    return frozenset(shape(_LinksShape, read_file(folder / "links.yaml")).hosts)


def links(said: Said, lists: Lists) -> Iterator[Fault]:
    """L26: links that are not ours to trust, or tell who followed them."""
    for found in _LINK.finditer(said.words):
        link = found[0].rstrip(".,;:")
        host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", link.lower()).partition("/")[0]
        host = host.partition("?")[0].removeprefix("www.")
        if "://" in link and not link.lower().startswith("https://"):
            yield f"'{link}' is not https", "Write https://…."
        elif host in _SHORTENERS:
            yield f"'{link}' hides where it leads", "Write the address itself."
        elif _TRACKING.search(link):
            yield f"'{link}' tells who followed it", "Cut it off before the '?'."
        elif host not in known_hosts():
            yield f"'{host}' is not among the hosts that are linked to", "Add it to links.yaml."


FACTS = "A wrong number costs the one call somebody dares to make (facts of the packs)."
RULES = (
    ScriptRule("L17", "error", FACTS, known_numbers),
    ScriptRule(
        "L25", "error", "Every language gets the same help (Chayn: equity).", same_everywhere
    ),
)
TEXT_RULES = (
    TextRule(
        "L18",
        "error",
        "The same short number is another service in another country (facts of the packs).",
        with_country,
        frozenset({"say", "label", "note", "ui"}),
    ),
    TextRule("L26", "error", "A link can lead astray or tell on people (NNEDV Safety Net).", links),
)
