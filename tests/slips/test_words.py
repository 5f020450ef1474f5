"""What services type, and what was meant by it."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.slips.words import COST, Reading, keys_of
from tests.slips.room import LISTS, WORD_LISTS

LANGUAGES = sorted(WORD_LISTS)
languages = st.sampled_from(LANGUAGES)
between = st.sampled_from([" ", "  ", ", ", "\n", " - ", ". ", " 2) "])


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, list[str]]:
    language = draw(languages)
    words = st.lists(
        st.sampled_from(WORD_LISTS[language].words), min_size=5, max_size=5, unique=True
    )
    return language, draw(words)


@given(slips(), between, st.booleans())
@settings(max_examples=30, deadline=None)
def test_case_and_whatever_stands_between_words_do_not_matter(
    slip: tuple[str, list[str]], gap: str, loud: bool
) -> None:
    language, words = slip
    text = gap.join(words)
    typed = LISTS.read(text.upper() if loud else text)
    assert Reading(language, tuple(words)) in typed.readings


@given(slips(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_slip_of_the_finger_is_mended_or_pointed_at_and_it_is_known_that_it_was(
    slip: tuple[str, list[str]], data: st.DataObject
) -> None:
    language, words = slip
    which = data.draw(st.integers(0, 4))
    word = words[which]
    assume(len(word) >= 6)
    at = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assume(swapped != word and swapped not in WORD_LISTS[language].words)
    typed = LISTS.read(" ".join([*words[:which], swapped, *words[which + 1 :]]))
    meant = [one for one in typed.readings if one.language == language]
    if meant:
        assert [one.mended for one in meant] == [1]
        assert meant[0].words[:which] == tuple(words[:which])
    else:
        assert typed.readings or typed.unknown == (which + 1,)


def test_most_slips_of_one_finger_are_mended() -> None:
    mended = tried = 0
    for language in LANGUAGES:
        words = WORD_LISTS[language].words
        for start in range(0, 500, 25):
            five = words[start : start + 5]
            wrong = five[0][:-1] + ("x" if five[0][-1] != "x" else "z")
            typed = LISTS.read(" ".join([wrong, *five[1:]]))
            mended += any(one.words == five for one in typed.readings)
            tried += 1
    assert mended / tried > 0.9


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("acorn", 1), ("acorn almond anise apple", 4), ("a " * 900, 200), ("12 34", 0)],
)
def test_what_is_not_five_words_is_said_to_be_so(text: str, count: int) -> None:
    typed = LISTS.read(text)
    assert (typed.count, typed.readings) == (count, ())


def test_it_is_said_which_words_are_in_no_list() -> None:
    assert LISTS.read("acorn qqqqqq anise wwwwww apricot").unknown == (2, 4)


def test_a_language_without_a_list_gets_words_of_one_that_has() -> None:
    drawn = LISTS.draw("sw")
    assert drawn.language == "en"
    assert len(set(drawn.words)) == 5


def test_words_lead_to_other_keys_in_another_week_order_or_language() -> None:
    words = WORD_LISTS["en"].words[:5]
    seen = {
        keys_of(Reading("en", words), b"k" * 32),
        keys_of(Reading("en", words), b"j" * 32),
        keys_of(Reading("en", words[::-1]), b"k" * 32),
        keys_of(Reading("es", words), b"k" * 32),
    }
    assert len({lookup for lookup, _ in seen}) == len({seal for _, seal in seen}) == 4
    assert COST >= 4096


def test_nothing_that_was_typed_is_in_a_name_of_it() -> None:
    typed = LISTS.read("acorn almond anise apple apricot")
    assert "acorn" not in repr(typed) + repr(typed.readings)
