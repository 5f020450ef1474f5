"""Whether a text is plainly not in the language that it is said to be in.

A few little words tell English; letters tell scripts. When it cannot tell, it says nothing.
"""

import re
from collections.abc import Mapping
from typing import Final

from referral_directory.keeping.letters import script_of

_SCRIPT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("uk", "ru", "bg", "sr", "mk", "be", "kk"), "CYRILLIC"),
    **dict.fromkeys(("ar", "fa", "ps", "ckb", "ur"), "ARABIC"),
    **dict.fromkeys(("am", "ti"), "ETHIOPIC"),
    "my": "MYANMAR",
    "ka": "GEORGIAN",
    **dict.fromkeys(("az", "lt", "en", "fr", "es", "sw", "ln", "pl", "de", "ro", "tr"), "LATIN"),
}
_ENGLISH: Final = frozenset(
    {
        *("the", "and", "of", "for", "with", "you", "are", "is", "your", "they", "from"),
        *("when", "who", "have", "this", "that", "without", "if"),
    }
)
_ENGLISH_ENOUGH: Final = 2
_LONG: Final = 20
"""Letters from which on the script of a text is judged."""
_WORD = re.compile(r"[^\W\d_]+")


def in_another_language(text: str, language: str, english: str) -> bool:
    """Whether it is the English text again, English by its little words, or in another script."""
    if text.strip() == english.strip():
        return True
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(_ENGLISH & set(words)) >= _ENGLISH_ENOUGH:
        return True
    letters = [letter for word in words for letter in word]
    wanted = _SCRIPT.get(language)
    if wanted is None or len(letters) < _LONG:
        return False
    own = sum(script_of(letter) == wanted for letter in letters)
    return own * 2 < len(letters)
