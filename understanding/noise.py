"""Slips of fingers, made up: what training adds to clean sentences. It decides nothing.

The same seed gives the same slips.
"""

import random

_VOWELS = "aeiouаеиоуыяю"


def with_slips(words: list[str], chance: random.Random) -> list[str]:
    """The words of a sentence with one or two slips: a letter more, less or elsewhere, or two words
    grown together.
    """
    noisy = list(words)
    for _ in range(1 + (chance.random() < 0.4)):
        at = chance.randrange(len(noisy))
        if len(noisy) > 1 and chance.random() < 0.1:
            at = min(at, len(noisy) - 2)
            noisy[at : at + 2] = [noisy[at] + noisy[at + 1]]
        elif len(noisy[at]) > 3:
            noisy[at] = _slip(noisy[at], chance)
    return noisy


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    kind = chance.random()
    if kind < 0.3:
        return word[:at] + word[at + 1 :]
    if kind < 0.6:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.8:
        return word[:at] + word[at] + word[at:]
    other = chance.choice(_VOWELS[:5] if word.isascii() else _VOWELS[5:])
    return word[:at] + other + word[at + 1 :]
