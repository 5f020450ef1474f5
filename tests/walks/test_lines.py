"""Who is shown to somebody who thinks of ending their life: those who talk about it come first."""

import pytest

from bot.dialogue.effects import Errand
from bot.errands import MOST_IN_CRISIS, errands
from tests.walks.guide import NIGHT, live


def lines(place: str | None, language: str = "en") -> tuple[str, tuple[str, ...]]:
    slots = {} if place is None else {"place": place}
    returned = errands(live)["crisis_lines"](Errand("crisis_lines", slots, language), NIGHT)
    return returned.outcome, returned.values["lines"]


@pytest.mark.parametrize(
    ("place", "first"), [("UA-63", "ua-lifeline-7333"), ("LT", "lt-women-helpline")]
)
def test_a_line_for_thoughts_of_suicide_that_answers_at_night_comes_first(
    place: str, first: str
) -> None:
    outcome, found = lines(place)
    assert (outcome, found[0]) == ("some", first)


@pytest.mark.parametrize("place", [None, "UA", "AZ", "CD", "CO", "PL", "abroad", "occupied"])
def test_nobody_is_left_without_a_line_and_nobody_with_too_many(place: str | None) -> None:
    outcome, found = lines(place)
    assert outcome in ("some", "later")
    assert 1 <= len(found) <= MOST_IN_CRISIS


def test_the_police_are_not_who_talks_about_it() -> None:
    for place in ("UA-63", "LT", "AZ", "CO", "CD"):
        run_by = [one.run_by for name in lines(place)[1][:1] if (one := live().listing(name))]
        # In Colombia no other line is known to answer at night; its card says who answers.
        assert "police" not in run_by or place == "CO"
