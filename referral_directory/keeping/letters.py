"""Letters that are not what they look like: other scripts within a word, marks that cannot be
seen, marks that turn the direction of reading.

It knows letters only, not what they are part of. Unicode's own names say which script a letter is
of; the few that look like Latin letters are listed, after Unicode's table of confusables (UTS 39).
"""

import re
import unicodedata
from typing import Final

_LOOKS_LATIN: Final = frozenset(
    "аеорсухіјѕһԁԛԝѵӏьԍ"  # Cyrillic
    "αινορυχγκτωϲ"  # Greek
    "օոսցհյզ"  # Armenian
    "ıɑɡɩʏᴄᴏѡ"  # of the Latin block and beyond, not on a keyboard
)
_JOINERS: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
"""Marks without which Persian, Kurdish or a mixed line of Arabic is misspelt."""
_TOGETHER: Final = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "HALFWIDTH", "FULLWIDTH"}),
    frozenset({"CJK", "HANGUL"}),
)
_WORD = re.compile(r"[^\W\d_]+")


def script_of(letter: str) -> str:
    """The script of a letter as its Unicode name begins: `LATIN`, `CYRILLIC`, `ARABIC`."""
    if letter.isascii():
        return "LATIN"
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0].partition("-")[0]


def scripts(text: str) -> frozenset[str]:
    """The scripts of the letters of a text; digits and signs have none."""
    return frozenset(
        script_of(letter) for letter in text if letter.isalpha() and letter not in "ʼˈ"
    ) - {"MODIFIER", "MICRO", "FEMININE", "MASCULINE"}


def mixed(text: str) -> str | None:
    """The first word with letters of more than one script, or None."""
    for word in _WORD.findall(text):
        found = scripts(word)
        if len(found) > 1 and not any(found <= allowed for allowed in _TOGETHER):
            return str(word)
    return None


def looks_latin(label: str) -> bool:
    """Whether a label without any Latin letter of a keyboard could be read as one of Latin."""
    letters = [letter for letter in label.casefold() if letter.isalpha()]
    return bool(letters) and all(letter in _LOOKS_LATIN for letter in letters)


def unseen(text: str, *, strict: bool) -> str | None:
    """The first mark that is not seen or turns the direction, as `U+202E`, or None.

    `strict`: in an address, where not even the joiners of Arabic script have a place.
    """
    for letter in text:
        kind = unicodedata.category(letter)
        hidden = (
            kind in {"Cf", "Cc", "Co", "Cn", "Zl", "Zp"} or letter in "\u3164\u115f\u1160\uffa0"
        )
        if hidden and letter not in "\n\t" and (strict or letter not in _JOINERS):
            return f"U+{ord(letter):04X}"
    return None


def compatibility(text: str) -> str | None:
    """The first letter or digit that has a plainer twin (full-width, styled, circled), or None."""
    for letter in text:
        if letter.isascii():
            continue
        plain = unicodedata.normalize("NFKC", letter)
        if plain != letter and plain.isascii():
            return f"U+{ord(letter):04X}"
    return None


def other_digit(text: str) -> str | None:
    """The first digit that is not 0 to 9, or None."""
    for letter in text:
        if not letter.isascii() and unicodedata.digit(letter, None) is not None:
            return f"U+{ord(letter):04X}"
    return None
