"""Which changes of a listing one person may not publish alone.

Whatever could send a person to another number, page or door, or show what must not be shown, is
named; so is a text in which a number or an address is new, however it is written. When in doubt it
names too much: a second look costs minutes.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from referral_directory.keeping.changes import ORDER, Change, changes
from referral_directory.keeping.digit_words import in_digits
from referral_directory.keeping.fields import Content, texts_in

_ALWAYS: Final = frozenset({"status", "visibility", "vetting", "confidence", "occupied", "run_by"})
_ALWAYS_BELOW: Final = ("address", "reports_to_police")
_OF_A_CONTACT: Final = frozenset(
    {"kind", "number", "shown", "url", "email", "label", "country", "visibility", "confidence"}
)
"""`label`: the words beside a number decide who dials it."""
_CONTACT = re.compile(r"contacts\[[^\]]*\](?:\.(?P<field>[a-z]+)(?P<rest>.*))?\Z")

_STRICT: Final = re.compile(
    r"(contacts\[[^\]]*\]\.)?(hours\.(rules|zone|holidays)|source\.date)"
    r"|capacity\.(state|as_of)|needs|area"
)
"""Fields that have a grammar or a list of codes of their own: no number hides in them."""
_HOURS_IN_WORDS: Final = re.compile(r"(contacts\[[^\]]*\]\.)?hours\.printed")

_GAP: Final = 3
"""So many other characters may stand between the digits of one number."""
_RUN: Final = 3
"""So many digits are a number that can be dialled."""
_SCATTERED: Final = 6
"""So many digits in one text are looked at however far apart they stand."""

_CLOCK = re.compile(
    r"(?<![0-9:.])(?:[01]?[0-9]|2[0-4])[:.][0-5][05](?![0-9:])"
    r"|(?<![0-9.–—-])(?:[01]?[0-9]|2[0-4]) ?[–—-] ?(?:[01]?[0-9]|2[0-4])(?![0-9–—-])"
)
"""Times of the day, which only printed hours may hold: `9–18`, `09:00`."""
_ALWAYS_OPEN = re.compile(r"(?<![0-9/])24 ?/ ?7(?![0-9/])")
_DOT = re.compile(
    r"[。．｡․‧∙⋅·]|\s+\.\s*|\s+(?:dot|точка|крапка)\s+"
    r"|\s*[(\[{]\s*(?:dot|точка|крапка|punkt|punto|point|\.)\s*[)\]}]\s*"
)
_AT = re.compile(r"[＠﹫]|\s*[(\[{]\s*(?:at|@|собака|равлик|arroba|arobase)\s*[)\]}]\s*|\s+@\s*")
_WEB = re.compile(r"[^\s<>()\"«»„“”]*(?:://|@|\w\.[^\W\d_]{2,})[^\s<>\"«»„“”]*")


def needs_second(old: Content | None, new: Content) -> tuple[str, ...]:
    """The fields whose change needs a second person, in the order of `changes`.

    Empty: whoever made it may publish it. `old` is None (never published): every field.
    """
    return tuple(c.field for c in changes(old, new) if old is None or _matters(c))


def reachables(value: Any, *, times: bool = False) -> frozenset[str]:
    """Everything in words that could be dialled, opened or written to, each in one spelling.

    `times`: the words are hours, and what looks like a time of the day is one.
    """
    return frozenset(found for text in texts_in(value) for found in _hidden(text, times=times))


def _matters(change: Change) -> bool:
    name = change.field
    if name == ORDER or name in _ALWAYS or name.split(".", 1)[0] in _ALWAYS_BELOW:
        return True
    if found := _CONTACT.match(name):
        field, rest = found["field"], found["rest"]
        if field is None or field in _OF_A_CONTACT or (field == "source" and rest == ".url"):
            return True
    elif name == "source.url":
        return True
    if _STRICT.fullmatch(name):
        return False
    times = _HOURS_IN_WORDS.fullmatch(name) is not None
    return bool(
        reachables(_words(change.new, name), times=times)
        - reachables(_words(change.old, name), times=times)
    )


def _words(value: Any, name: str) -> Any:
    """What of a value is words: of closures the reasons, for their dates are dates."""
    if name.endswith(".closed") and isinstance(value, list | tuple):
        return [closure.get("reason") for closure in value]
    return value


def _hidden(text: str, *, times: bool) -> Iterator[str]:
    plain = _ALWAYS_OPEN.sub("|||||", _plain(text))
    digits = in_digits(_CLOCK.sub("|||||", plain) if times else plain)
    for run in re.findall(rf"[0-9](?:[^0-9]{{0,{_GAP}}}[0-9])+", digits):
        number = re.sub("[^0-9]", "", run)
        if len(number) >= _RUN:
            yield number
    every = re.sub("[^0-9]", "", digits)
    if len(every) >= _SCATTERED:
        yield f"scattered {every}"
    addressed = _AT.sub("@", _DOT.sub(".", plain))
    yield from (found.strip(".,;:!?") for found in _WEB.findall(addressed))


def _plain(text: str) -> str:
    """One spelling of what looks the same: compatibility forms, digits of any script, no marks
    that cannot be seen.
    """
    kept = []
    for letter in unicodedata.normalize("NFKC", text).casefold():
        if unicodedata.category(letter) in {"Cf", "Cc", "Mn", "Me"} and not letter.isspace():
            continue
        digit = unicodedata.digit(letter, None)
        kept.append(letter if digit is None else str(digit))
    return "".join(kept)
