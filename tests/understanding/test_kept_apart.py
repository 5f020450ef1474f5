"""On sentences that nobody who wrote the lexicons looked at, the service keeps what it promises."""

import pytest

from bot.cli.understand import SENTENCES
from understanding import Understanding
from understanding.evaluating import measure, sentences_of, unseen

LEAST_HEARD = 0.9
"""Of sentences with a crisis; the goal is 0.95, and a few sentences either way are chance."""
MOST_FALSE = 0.05


@pytest.mark.parametrize("language", ["en", "uk", "ru", "lt", "az", "fr", "es"])
def test_a_crisis_is_heard_and_calm_is_left_alone(service: Understanding, language: str) -> None:
    seen = sentences_of(SENTENCES / "development", language)
    apart = unseen(sentences_of(SENTENCES / "apart", language), seen)
    assert len(apart) > 100
    figures = measure(service, apart, language)
    assert figures.any_crisis.rate >= LEAST_HEARD
    assert figures.false_alarms.rate <= MOST_FALSE
    assert min(figures.need.rate, figures.place.rate, figures.command.rate) >= 0.85
