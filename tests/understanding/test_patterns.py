"""The pattern language, as its README tells authors."""

import pytest

from tests.understanding.conftest import Small

WORDS = "words:\n  want: [want, would like]\n  die: [die*, not be]\n"


def crisis_pattern(pattern: str) -> str:
    return f"{WORDS}patterns:\n  suicide:\n    - {pattern!r}\n"


@pytest.mark.parametrize(
    ("pattern", "heard", "not_heard"),
    [
        ("<want> <die>", "want two words dies", "want one two three die"),
        ("<want> <die>", "would like to not be", "die want"),
        ("<want> <die>", "I want to die", "I want. Die hard"),
        ("want . die", "i want die", "want to die"),
        ("want ... die", "want a b c d e f die", "want a b c d e f g die"),
        ("want [so much] . die", "want so much die", "want much die"),
        ("(want|wish for) . (death|die*)", "wish for dies", "wish death"),
        ("want & die", "die, i want", "die a b c d e f g want"),
        ("want && die", "die a b c d e f g h i want", "die a b c d"),
        ("<AGE> . years", "i am 14 years", "i am 41 years"),
        ("<ADULT> . years", "i am 41 years", "i am 14 years"),
        ("in . <YEAR>", "it was in 2014", "it was in 214"),
        ("<NUMBER> . pills", "40 pills", "some pills"),
        ("why live . ?", "why live?", "why live."),
        ("j'ai . mal", "j’ai mal", "je mal"),
    ],
)
def test_a_pattern_matches_what_its_author_meant(
    small: Small, pattern: str, heard: str, not_heard: str
) -> None:
    understanding = small(crisis_pattern(pattern))
    assert understanding.hear(heard, "en").crisis == "suicide"
    assert understanding.hear(not_heard, "en").crisis is None


SMALL_WORDS = """\
words: {laugh: [laugh*]}
patterns:
  suicide: [want die, "! wanna . die", "not want . live"]
  immediate_danger: [hurts me]
  need.legal: [lawyer]
  command.erase: ["=erase*"]
  command.exit: [leave]
not:
  suicide: ["die of <laugh>"]
  any: [want die pie]
negation: [not, no]
clause: [he]
others: [film*, how many people]
politeness: [please, now]
safe_words: [red umbrella]
"""


@pytest.mark.parametrize(
    ("text", "crisis"),
    [
        ("want die", "suicide"),
        ("not want die", None),
        ("not want live", "suicide"),
        ("not a b want die", None),
        ("not a b c want die", "suicide"),
        ("no, want die", "suicide"),
        ("no. want die", "suicide"),
        ("not he hurts me", "immediate_danger"),
        ("not hurts me", None),
        ("want not die", None),
        ("want die of laughing", None),
        ("want die of laughing but want to die", "suicide"),
        ("want die pie", None),
        ("a film: want die", None),
        ("how many people want die", None),
        ("many want die", "suicide"),
        ("a film and i wanna die", "suicide"),
        ("not wanna die", "suicide"),
        ("want die and hurts me", "suicide"),
    ],
)
def test_small_words_turn_the_meaning(small: Small, text: str, crisis: str | None) -> None:
    assert small(SMALL_WORDS).hear(text, "en").crisis == crisis


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("erase", "erase"),
        ("please, erased now!", "erase"),
        ("they erase history", None),
        ("not leave", None),
        ("red umbrella", "exit"),
        ("a red umbrella", None),
    ],
)
def test_a_whole_message_is_the_pattern_and_politeness(
    small: Small, text: str, command: str | None
) -> None:
    assert small(SMALL_WORDS).hear(text, "en").command == command


def test_what_is_missing_is_a_need_too(small: Small) -> None:
    assert small(SMALL_WORDS).hear("no lawyer", "en").need == "legal"


def test_a_region_is_told_rather_than_its_country_and_the_longest_name(small: Small) -> None:
    understanding = small(
        "places: {GB: [London], GB-LDY: [London Derry]}\n",
        UA={"en": ["Ukraine"]},
        UA_63={"en": ["Kharkiv"]},
        abroad={"en": ["London"]},
    )
    assert understanding.hear("Kharkiv, Ukraine", "en").place == "UA-63"
    assert understanding.hear("Ukraine", "en").place == "UA"
    assert understanding.hear("london derry", "en").place == "GB-LDY"
    assert understanding.hear("london", "en").place == "GB"
