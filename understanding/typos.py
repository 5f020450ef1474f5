"""Finds the word that a mistyped word was meant to be: one slip from five letters, two from nine.

It decides how near is near enough. Short words are never guessed: too many are one slip apart.
"""

from collections.abc import Iterable

LEAST, LEAST_FOR_TWO = 5, 9
_KEY, _KEY_FOR_TWO = 5, 7


class Typos:
    """Words and stems by what is left of their beginning when a letter is left out."""

    def __init__(self, known: Iterable[tuple[str, bool, str]]) -> None:
        """`known`: text, whether it is a stem, its signature."""
        self._near: dict[str, list[tuple[str, bool, str]]] = {}
        self._far: dict[str, list[tuple[str, bool, str]]] = {}
        for entry in known:
            text = entry[0]
            if len(text) < LEAST or not text.isalpha():
                continue
            for key in {text[:_KEY], *_left(text[:_KEY])}:
                self._near.setdefault(key, []).append(entry)
            if len(text) >= LEAST_FOR_TWO:
                for key in {text[:_KEY_FOR_TWO], *_left(text[:_KEY_FOR_TWO])}:
                    self._far.setdefault(key, []).append(entry)

    def find(self, word: str) -> str | None:
        """The signature of the nearest word, the longest of several. None when none is near."""
        if len(word) < LEAST:
            return None
        keys = {word[: _KEY - 1], word[:_KEY], *_left(word[:_KEY]), *_left(word[: _KEY + 1])}
        found = self._nearest(self._near, keys, word, 1)
        if found is None and len(word) >= LEAST_FOR_TWO:
            start, more = word[:_KEY_FOR_TWO], word[: _KEY_FOR_TWO + 1]
            keys = {start[:-1], start, *_left(start), *_left(more)}
            found = self._nearest(self._far, keys, word, 2)
        return found

    @staticmethod
    def _nearest(
        index: dict[str, list[tuple[str, bool, str]]], keys: set[str], word: str, most: int
    ) -> str | None:
        best: tuple[int, int, str] | None = None
        tried: set[tuple[str, bool]] = set()
        for key in sorted(keys):
            for text, stem, sign in index.get(key, ()):
                if (text, stem) in tried:
                    continue
                tried.add((text, stem))
                away = distance(word, text, most, beginning=stem)
                if away <= most and (best is None or (away, -len(text)) < best[:2]):
                    best = (away, -len(text), sign)
        return best[2] if best else None


def _left(text: str) -> list[str]:
    return [text[:i] + text[i + 1 :] for i in range(len(text))]


def distance(word: str, text: str, most: int, *, beginning: bool = False) -> int:
    """Slips between a typed word and a known one: a letter more, less, another, or two changed
    places. With `beginning`, only the beginning of the typed word is compared. Above `most` it is
    `most + 1`.
    """
    at = 0
    for letter, wanted in zip(word, text, strict=False):
        if letter != wanted:
            break
        at += 1
    word, text = word[at:], text[at:]
    if not text:
        left = 0 if beginning else len(word)
        return min(left, most + 1)
    if most == 0:
        return 1
    if not word:
        return min(len(text), most + 1)
    if most == 1:
        same = str.startswith if beginning else str.__eq__
        turned = word[1:2] == text[0] and text[1:2] == word[0]
        fits = (
            same(word[1:], text[1:])
            or same(word[1:], text)
            or same(word, text[1:])
            or (turned and same(word[2:], text[2:]))
        )
        return 1 if fits else 2
    ways = [(word[1:], text[1:]), (word[1:], text), (word, text[1:])]
    if len(word) > 1 and word[1] == text[0] and text[1:2] == word[0]:
        ways.append((word[2:], text[2:]))
    return 1 + min(distance(*way, most - 1, beginning=beginning) for way in ways)
