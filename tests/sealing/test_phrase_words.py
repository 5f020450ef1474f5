"""The words that an operator's phrase is made of."""

from pathlib import Path

import bot.sealing

WORDS = (Path(bot.sealing.__file__).parent / "phrase_words.txt").read_text("utf-8").split()


def test_seven_words_are_drawn_from_a_list_that_is_long_enough() -> None:
    assert len(WORDS) == len(set(WORDS)) == 2048
    assert all(word.isascii() and word.islower() and 3 <= len(word) <= 9 for word in WORDS)
    # So that a slip of the pen is seen: no two begin alike.
    assert len({word[:4] for word in WORDS}) == 2048
