"""Digits that are written as words, in the languages of the packs, so that no number hides there.

It reads single digits only: "zero eight hundred" is seen, a sentence that counts to two is not.
"""

import re
from typing import Final

_WORDS: Final = {
    "0": "zero oh null нуль ноль zéro cero nulis sıfır صفر",
    "1": "one один одна раз un une uno vienas bir واحد",
    "2": "two два дві две deux dos du iki اثنان",
    "3": "three три trois tres trys üç ثلاثة",
    "4": "four чотири четыре quatre cuatro keturi dörd أربعة",
    "5": "five пять п'ять пʼять п’ять cinq cinco penki beş خمسة",
    "6": "six шість шесть seis šeši altı ستة",
    "7": "seven сім семь sept siete septyni yeddi سبعة",
    "8": "eight вісім восемь huit ocho aštuoni səkkiz ثمانية",
    "9": "nine девять дев'ять девʼять дев’ять neuf nueve devyni doqquz تسعة",
    "00": "hundred сто сотень cent cien ciento cientos šimtai yüz مئة",
    "000": "thousand тисяча тысяча mille mil tūkstantis min ألف",
}
_DIGIT: Final = {word: digit for digit, words in _WORDS.items() for word in words.split()}
_WORD = re.compile(r"[^\W\d_]+(?:['ʼ’][^\W\d_]+)?")
_TOGETHER: Final = 3
"""So many words of number in a row are a number; fewer are a sentence that counts."""


def in_digits(text: str) -> str:
    """The text with rows of three and more words of number written as digits.

    `text` is casefolded. Other characters stay as they are.
    """
    rows: list[list[re.Match[str]]] = [[]]
    for word in _WORD.finditer(text):
        if word[0] in _DIGIT:
            rows[-1].append(word)
        elif rows[-1]:
            rows.append([])
    for row in reversed(rows):
        if len(row) >= _TOGETHER:
            said = "".join(_DIGIT[word[0]] for word in row)
            text = f"{text[: row[0].start()]}{said}{text[row[-1].end() :]}"
    return text
