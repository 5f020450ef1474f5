"""Whatever a person does, in whatever order, they are counted once a week in each dimension."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import LIBRARY
from bot.reports.cells import (
    CAME_TO,
    DIMENSIONS,
    NEEDS,
    OF_A_SESSION,
    OUTCOMES,
    SAYINGS,
    SENSITIVITY,
    WAITS,
    Counted,
    Now,
    contributions,
    waited_key,
)
from bot.vocabulary import ERRANDS
from bot.wiring import read_vocabulary
from flows.reader import read_script
from tests.often import often
from tests.reports.rooms import DOMAIN

SLOTS = st.fixed_dictionaries(
    {},
    optional={
        "need": st.sampled_from([*NEEDS, "something else"]),
        "place": st.sampled_from(["UA", "UA-32", "UA-63", "LT", "abroad", "XX"]),
        "urgency": st.just("now"),
        "slip_said": st.sampled_from([*SAYINGS, "nothing"]),
    },
)
TURNS = st.builds(
    Now,
    channel=st.sampled_from(["web", "telegram", "pigeon"]),
    language=st.sampled_from(["uk", "ru", "en", "xx"]),
    slots=SLOTS,
    did=st.lists(st.sampled_from([*CAME_TO, "desk:open"]), max_size=3),
    waited=st.none() | st.floats(0, 100_000),
)


@settings(max_examples=often(100))
@given(turns=st.lists(st.tuples(st.integers(0, 2), TURNS), max_size=30))
def test_one_conversation_is_at_most_one_in_each_dimension_of_a_week(
    turns: list[tuple[int, Now]],
) -> None:
    """Also after each turn on the way, so that a week that ends in between is as good."""
    counted: Counted = ()
    weeks: dict[int, Counter[tuple[str, str]]] = {}
    for week, now in sorted(turns, key=lambda turn: turn[0]):
        cells, counted = contributions(DOMAIN, week, now, counted)
        counts = weeks.setdefault(week, Counter())
        for dimension, key, by in cells:
            assert DOMAIN.has(dimension, key)
            counts[dimension, key] += by
        for dimension in DIMENSIONS:
            there = [n for (name, _), n in counts.items() if name == dimension and n]
            assert there in ([], [1])
        assert sum(map(abs, counts.values())) <= SENSITIVITY
    assert all(dimension != "slip" for counts in weeks.values() for dimension, _ in counts)


@settings(max_examples=often(100))
@given(turns=st.lists(TURNS, min_size=1, max_size=10))
def test_what_a_conversation_came_to_is_never_less_than_before(turns: list[Now]) -> None:
    counted: Counted = ()
    came: list[str] = []
    for now in turns:
        _, counted = contributions(DOMAIN, 7, now, counted)
        came.append(counted[1 + OF_A_SESSION.index("outcome")])
    assert came == sorted(came, key=OUTCOMES.index)


def test_who_says_nothing_new_changes_nothing() -> None:
    now = Now("web", "uk", {"need": "legal", "place": "UA-32"}, ["find_services:some"])
    cells, counted = contributions(DOMAIN, 7, now, ())
    assert [(cell.dimension, cell.key, cell.by) for cell in cells] == [
        ("need", "legal", 1),
        ("region", "UA-32", 1),
        ("channel", "web", 1),
        ("language", "uk", 1),
        ("outcome", "services", 1),
    ]
    assert contributions(DOMAIN, 7, now, counted) == ((), counted)


def test_who_looks_for_something_else_is_counted_there_and_no_more_here() -> None:
    _, counted = contributions(DOMAIN, 7, Now("web", "uk", {"need": "legal"}), ())
    cells, _ = contributions(DOMAIN, 7, Now("web", "ru", {"need": "shelter"}), counted)
    assert sorted(cells) == [
        ("language", "ru", 1),
        ("language", "uk", -1),
        ("need", "legal", -1),
        ("need", "shelter", 1),
    ]


def test_the_next_week_counts_anew_what_is_still_so() -> None:
    now = Now("web", "uk", {"need": "legal"})
    cells, counted = contributions(DOMAIN, 7, now, ())
    again, other = contributions(DOMAIN, 14, now, counted)
    assert again == cells
    assert other[0] == "14"


def test_who_was_answered_by_a_human_waited_as_long_as_the_first_time() -> None:
    _, counted = contributions(DOMAIN, 7, Now("web", "uk", {}, (), 200.0), ())
    cells, _ = contributions(DOMAIN, 7, Now("web", "uk", {}, (), 9_000.0), counted)
    assert counted[-1] == "5"
    assert cells == ()


@pytest.mark.parametrize(
    ("seconds", "key"), [(0, "5"), (300, "5"), (301, "15"), (3_600, "60"), (10_801, "more")]
)
def test_a_wait_is_counted_as_at_most_so_long(seconds: float, key: str) -> None:
    assert waited_key(seconds) == key
    assert key in WAITS


def test_a_word_that_nobody_told_the_counts_of_is_in_no_cell_and_in_no_repr() -> None:
    now = Now("web", "uk", {"need": "a street by the river", "place": "UA-32"})
    cells, counted = contributions(DOMAIN, 7, now, ())
    assert "river" not in f"{cells}{counted}"
    assert "UA-32" not in f"{now}{cells}"


def test_what_is_counted_is_what_flows_ask_and_errands_do() -> None:
    script = read_script(LIBRARY, read_vocabulary())
    asked = {
        one
        for flow in script.flows.values()
        if "need" in flow.slots
        for one in flow.slots["need"].values
    }
    assert asked == set(NEEDS)
    known = {f"{name}:{said}" for name, one in ERRANDS.items() for said in one.outcomes}
    assert {one for one in CAME_TO if not one.startswith("make_slip")} <= known
    assert set(CAME_TO.values()) <= set(OUTCOMES)
