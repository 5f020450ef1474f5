"""Whoever writes of a place under occupation is shown no call, whatever the place is."""

import pytest

from tests.walks.guide import lexicon


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("я з мелітополя, окупація, потрібен лікар", "occupied"),
        ("живу в окупованому Маріуполі", "occupied"),
        ("мелитополь под оккупацией, нужен врач", "occupied"),
        ("I live in occupied Melitopol, I need a doctor", "occupied"),
        ("мені потрібен лікар, я в окупації", "occupied"),
        ("потрібен лікар у Мелітополі", "UA-23"),
        ("mi ocupación es maestra, vivo en Cali", "CO-VAC"),
        ("sous occupation à Goma", "CD-NK"),
    ],
)
@pytest.mark.parametrize("language", ["uk", "en", "es"])
def test_a_place_and_a_word_of_its_occupation_are_occupied_territory(
    words: str, place: str, language: str
) -> None:
    assert lexicon().understanding.hear(words, language).place == place
