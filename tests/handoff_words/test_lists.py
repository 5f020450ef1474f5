"""The lists of code words: plain, short, told apart by four letters, and never a word of danger."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.handoff.code_words import LEAST, TELLING, WORDS, WordList, folded, lines
from tests.handoff_words.room import LISTS
from understanding.classes import CRISES

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("az", "en", "es", "fr", "lt", "ru", "uk")
LETTERS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "es": "aábcdeéfghiíjklmnñoópqrstuúüvwxyz",
    "fr": "aàâæbcçdeéèêëfghiîïjklmnoôœpqrstuùûüvwxyz",
    "lt": "aąbcčdeęėfghiįyjklmnoprsštuųūvzž",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
}
PARTS = re.compile(r"[^\W\d_]+")
LIST_NAME = re.compile(r"<\w+>")


def test_every_language_has_a_list() -> None:
    assert set(LISTS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_has_as_many_words_as_nine_bits_tell_apart(language: str) -> None:
    assert len(LISTS[language].words) == len(set(LISTS[language].words)) == LEAST


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_is_short_and_written_in_letters_of_its_language(language: str) -> None:
    odd = [
        word
        for word in LISTS[language].words
        if not 3 <= len(word) <= 9 or set(word) - set(LETTERS[language])
    ]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_four_letters_are_enough_to_know_a_word(language: str) -> None:
    words = LISTS[language].words
    starts = {folded(word)[:TELLING] for word in words}
    assert len(starts) == len(words)
    short = [start for start in starts if len(start) < TELLING]
    assert [s for s in short if any(o != s and o.startswith(s) for o in starts)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_code_is_a_word_of_danger(language: str) -> None:
    dangerous = {folded(word) for word in words_of_danger(language)}
    assert len(dangerous) > 200
    assert [word for word in LISTS[language].words if folded(word) in dangerous] == []


def test_two_words_that_begin_alike_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'kittens' begins like 'kitten'"):
        WordList.of("xx", ["kitten", "kittens"])


def test_a_list_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="2 are too few, 512 are needed"):
        WordList.of("xx", ["maple", "river"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_is_six_different_words_of_the_list(language: str) -> None:
    code = LISTS[language].draw()
    assert len(set(code)) == WORDS
    assert set(code) <= set(LISTS[language].words)


def test_two_codes_are_not_the_same() -> None:
    assert len({LISTS["en"].draw() for _ in range(50)}) == 50


def test_a_code_is_shown_one_numbered_word_a_line() -> None:
    # Each line begins with its number and finds its own direction: right to left works as well.
    assert lines(("תפוח", "ענן")) == "1. תפוח\n2. ענן"


def words_of_danger(language: str) -> Iterator[str]:
    """Every word that stands in a pattern of a crisis, in that language."""
    for file in (ROOT / "flows/phrases").glob(f"{language}*.yaml"):
        patterns = yaml.load(file.read_text("utf-8"), Loader=yaml.CBaseLoader).get("patterns") or {}
        for crisis in CRISES:
            entries = patterns.get(crisis) or ()
            for entry in () if isinstance(entries, str) else entries:
                yield from PARTS.findall(LIST_NAME.sub("", entry))
