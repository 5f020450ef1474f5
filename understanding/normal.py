"""Makes typed text alike: one case, no marks on letters, punctuation reduced to breaks.

It decides which spellings are the same to every language (е and ё, і and и, š and s) and where a
sentence breaks. It knows no words and keeps none.

    tokens("Не ХОЧУ, жити!")  →  ["не", "хочу", ",", "жити", "!"]
"""

import re
import unicodedata

MOST_LETTERS = 4_096
"""Letters of a message that are read; what follows is not looked at."""
BREAKS = frozenset(".!?")
"""Tokens that end a sentence: no pattern reaches across one."""
QUOTE = '"'
PAUSE = ","

# What people mix in Cyrillic (й, ї and ё lose their marks below), and Latin letters that are no
# letter with a mark. Apostrophes are not heard; French elisions are parted before.
_SAME = (
    dict(zip("іґєэәјў", "игеееиу", strict=True))
    | dict(zip("əıłđøæœß", ("e", "i", "l", "d", "o", "ae", "oe", "ss"), strict=True))
    | dict.fromkeys("'’ʼ`´‘ʹ′ʻ", "")
    | dict.fromkeys('"«»“”„‟‹›', ' " ')
    | dict.fromkeys(".!…", " . ")
    | dict.fromkeys("\n,;:", " , ")
    | {"?": " ? ", "🆘": " sos "}
)
_ELISION = re.compile(r"\b(jusqu|lorsqu|puisqu|qu|[jmtsldnc])['’ʼ`´‘](?=\w\w)")
_MEANT = {"*": "", "@": "a", "$": "s"}
_CENSORED = frozenset(_MEANT)
_INSIDE = re.compile(r"(?<=[^\W\d_])[*@$](?=[^\W\d_])")
_DOTS = re.compile(r"[.…]{2,}")
_NUMBER_THEN_WORD = re.compile(r"(?<![^\W\d_])(\d+)(?=[^\W\d_])")
_TWICE = re.compile(r"([^\W\d_])\1+")


def tokens(text: str) -> list[str]:
    """The words of a text and its breaks, in order. Any text is taken."""
    text = text[:MOST_LETTERS].casefold()
    if "'" in text or "’" in text:
        text = _ELISION.sub(r"\1 ", text)
    if not _CENSORED.isdisjoint(text):
        text = _INSIDE.sub(lambda found: _MEANT[found[0]], text)
    if ".." in text or "…" in text:
        text = _DOTS.sub(" , ", text)  # a person who trails off has not ended
    spaced = text.translate(_LETTERS)
    if not spaced.isascii() or any(map(spaced.__contains__, "123456789")):
        spaced = _NUMBER_THEN_WORD.sub(r"\1 ", spaced)
    return spaced.split()


def once(token: str) -> str:
    """The token with every repeated letter written once: `heeelp`, `аррест`."""
    return _TWICE.sub(r"\1", token)


class _Letters(dict[int, str]):
    """What each character becomes; a character that was not foreseen is worked out and not kept."""

    def __missing__(self, point: int) -> str:
        return _folded(chr(point))


def _folded(character: str) -> str:
    plain = ""
    for part in unicodedata.normalize("NFKD", character).casefold():
        if (same := _SAME.get(part)) is not None:
            plain += same
            continue
        category = unicodedata.category(part)
        if category[0] in "LN":
            plain += part
        elif part == "_" or category[0] in "ZP" or category == "Cc":
            plain += " "
        elif category == "So":
            plain += f" {part} "
        elif category[0] == "S":
            plain += " "
    return plain


_LETTERS = _Letters(
    {point: _folded(chr(point)) for point in (*range(0x530), *range(0x1E00, 0x2100))}
)
