"""Sentences, words and syllables of a text, and how hard it is to read: short and of our own.

LIX works in every language with spaces between words; the formulas with syllables are each for one
language. The figures are for comparing texts of one language, and no more exact than they look.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

TEXTS = 50_000
LONG_WORD = 7
"""Letters from which LIX counts a word as long (Björnsson, 1968: more than six)."""

_PLACEHOLDER = re.compile(r"\{[a-z_0-9]*\}")
_END = re.compile(r"(?<=[.!?…])[\"”»“)]*\s+(?=[\"“«„(¿¡{]*[^\W_a-zа-яіїєґ]|\{)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*|\d[\d.,:–-]*")
_SHORTENED = re.compile(
    r"\b(?:e\.g|i\.e|Mr|Dr|No|St|p\.m|a\.m|т\. ?д|ін|див|вул|см|ул|pvz|g|Sr|Sra|art)\.$"
)
_VOWELS = {
    "en": re.compile(r"[aeiouy]+"),
    "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+"),
    "es": re.compile(r"[aeiouáéíóúü]"),
}
# In Spanish a weak vowel beside another one makes no syllable of its own: bien, causa, ciudad.
_DIPHTHONG = re.compile(r"[iuü][aeoáéó]|[aeoáéó][iuü]|[iuü][iuü]")


@lru_cache(maxsize=TEXTS)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; a line is never part of two."""
    found: list[str] = []
    for part in _END.split(text):
        piece = part.strip()
        if found and _SHORTENED.search(found[-1]):
            found[-1] += " " + piece
        elif _WORD.search(_PLACEHOLDER.sub("Name", piece)):
            found.append(piece)
    return tuple(found)


def words(text: str) -> list[str]:
    """The words of a text; a placeholder counts as one, a number too."""
    return _WORD.findall(_PLACEHOLDER.sub(" Name ", text))


def syllables(word: str, language: str) -> int:
    """About how many syllables a word has, at least one."""
    low = word.lower()
    count = len(_VOWELS[language].findall(low))
    if language == "es":
        count -= len(_DIPHTHONG.findall(low))
    if (
        language == "en"
        and low.endswith(("e", "es", "ed"))
        and not low.endswith(("le", "ted", "ded"))
    ):
        count -= 1
    if language == "fr" and low.endswith(("e", "es", "ent")):
        count -= 1
    return max(count, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted in a text."""

    sentences: int
    words: int
    longest: int
    """Words of the longest sentence."""
    average: float
    """Words of a sentence."""


def measured(text: str) -> Measured:
    """The lengths of a text. All are 0 when there is nothing to read in it."""
    lengths = [len(words(sentence)) for sentence in sentences(text)]
    if not lengths:
        return Measured(0, 0, 0, 0.0)
    return Measured(len(lengths), sum(lengths), max(lengths), fmean(lengths))


def lix(text: str) -> float:
    """Läsbarhetsindex: words of a sentence and long words in a hundred. More is harder."""
    found = words(text)
    if not found:
        return 0.0
    long_words = sum(sum(map(str.isalpha, word)) >= LONG_WORD for word in found)
    return len(found) / len(sentences(text)) + 100 * long_words / len(found)


def grade(text: str, language: str) -> tuple[str, float, bool]:
    """The measure for a language, its figure, and whether the text is plain enough by it.

    Flesch-Kincaid grade ≤ 6 (en); ease ≥ 70 by Kandel and Moles (fr) and by Fernández Huerta (es);
    LIX ≤ 48 elsewhere (README.md says why). The text must hold a word.
    """
    if language not in _VOWELS:
        found = lix(text)
        return "LIX", found, found <= LIX_MOST
    count = len(words(text))
    length = count / len(sentences(text))
    per_word = sum(syllables(word, language) for word in words(text)) / count
    match language:
        case "en":
            found = 0.39 * length + 11.8 * per_word - 15.59
            return "Flesch-Kincaid grade", found, found <= GRADE_MOST
        case "fr":
            found = 209 - 1.15 * length - 68 * per_word
            return "Kandel-Moles ease", found, found >= EASE_LEAST
    found = 206.84 - 60 * per_word - 1.02 * length
    return "Fernández Huerta ease", found, found >= EASE_LEAST


LIX_MOST = 48
"""35 is plain Swedish. Ukrainian translations of English messages of grade 6 have 41 in the
middle, and four in five of them are below this."""
GRADE_MOST = 6
EASE_LEAST = 70
