"""One writing for another: Cyrillic in Latin letters, Latin in Cyrillic, the wrong keyboard layout,
letters that look the same, digits for letters.

It decides which spellings in another writing are the same word. It knows no words.
"""

import re

_CYRILLIC = re.compile(r"[а-яђ-џҐ-ӿ]")
_LATIN = re.compile(r"[a-z]")

# A skeleton is what all ways to write a Cyrillic word in Latin letters have in common. Capital
# letters stand for ж, ч and ш; в stays, х, г and g are one, as are и, й, ы and y, and я is a.
_FROM_CYRILLIC = str.maketrans(
    dict(zip("абвгдежзийклмнопрстуфх", "abvhdeJziiklmnoprstufh", strict=True))
    | dict(zip("цчшщъыьюя", ("c", "C", "S", "S", "", "i", "", "u", "a"), strict=True))
)
_TOGETHER = dict.fromkeys(("shch", "sch", "shh", "sh", "6"), "S") | dict(
    zip(
        ("zh", "jy", "ji", "kh", "ch", "4", "tz", "ck", "ph", *"xqgwyj"),
        ("J", "Ji", "Ji", "h", "C", "C", "c", "k", "f", *"hkhvii"),
        strict=True,
    )
)
_FROM_LATIN = re.compile("|".join(sorted(_TOGETHER, key=len, reverse=True)))
_IO, _SOFT = re.compile("i+o"), re.compile("i+(?=[aeu])")
_RUN = re.compile(r"(.)\1+")

_TO_LATIN = dict(
    zip("абвгдежзийклмнопрстуфхыһөүҹҝғ", "abvgdejziyklmnoprstufhihoucgg", strict=True)
) | dict(zip("цчшщъьюя", ("ts", "ch", "sh", "sh", "", "", "yu", "ya"), strict=True))
_TO_AZERBAIJANI = str.maketrans(_TO_LATIN | dict(zip("гхчш", "qxcs", strict=True)))
_TO_ANY_LATIN = str.maketrans(_TO_LATIN)

_KEYS_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_KEYS_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
_AS_CYRILLIC_KEYS = str.maketrans(
    dict(zip(_KEYS_LATIN, "ицукенгшщзхъфывапролджеячсмитьбю", strict=True))
)
_AS_LATIN_KEYS = str.maketrans(dict(zip(_KEYS_CYRILLIC, _KEYS_LATIN, strict=True)))

_LOOKS_CYRILLIC = str.maketrans("aceiopxyku", "асеиорхуку"[:10])
_LOOKS_LATIN = str.maketrans("асеиорхуктвнм", "aceiopxyktbhm")
_DIGITS = str.maketrans("01345", "oieas")


def is_cyrillic(word: str) -> bool:
    """Whether any letter is Cyrillic."""
    return _CYRILLIC.search(word) is not None


def is_latin(word: str) -> bool:
    """Whether any letter is a plain Latin one."""
    return _LATIN.search(word) is not None


def skeleton(word: str) -> str:
    """What a Cyrillic word and its Latin spellings share: `хочу`, `hochu` and `khochu` are one."""
    if word.isascii():
        drawn = _FROM_LATIN.sub(lambda found: _TOGETHER[found[0]], word)
    else:
        drawn = word.translate(_FROM_CYRILLIC)
    drawn = drawn.replace("sC", "S").replace("ts", "c")
    return _RUN.sub(r"\1", _SOFT.sub("", _IO.sub("e", drawn)))


def in_latin(word: str, language: str) -> str:
    """A Cyrillic word in the Latin letters of a language, without marks."""
    return word.translate(_TO_AZERBAIJANI if language == "az" else _TO_ANY_LATIN)


def other_keys(word: str) -> str:
    """What the same keys give on the other keyboard: `ghbdtn` is привет."""
    return word.translate(_AS_LATIN_KEYS if is_cyrillic(word) else _AS_CYRILLIC_KEYS)


def one_script(word: str) -> str:
    """A word of both scripts in the one that most of its letters are of."""
    cyrillic = len(_CYRILLIC.findall(word))
    return word.translate(_LOOKS_CYRILLIC if cyrillic * 2 > len(word) else _LOOKS_LATIN)


def without_digits(word: str) -> str:
    """Digits inside a Latin word as the letters that they look like: `su1cide`."""
    return word.translate(_DIGITS)
