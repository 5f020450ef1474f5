"""Whatever is typed: an answer, the same each time, and none of its words in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.often import often
from understanding import COMMANDS, CRISES, NEEDS, Understanding

ANY = settings(
    max_examples=often(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LANGUAGES = st.sampled_from(("en", "uk", "ru", "lt", "az", "fr", "es", "", "xx", "ar"))
ODD = st.text(st.characters(), max_size=80)
WORDS = (
    *("i", "want", "to", "die", "he", "will", "kill", "me", "lawyer", "stop", "14", "112", "4"),
    *("не", "хочу", "жити", "помогите", "Київ", "адвокат", "noriu", "mirti", "quiero", "morir"),
    *(
        "avocat",
        "«",
        "»",
        '"',
        "'",
        "’",
        "***",
        "@",
        "?",
        "!!!",
        ".",
        "\u202e",
        "\x00",
        "ßİı",
        "🆘😂",
    ),
)
WORDLIKE = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
SECRET = st.text(st.sampled_from("qxzwjvk"), min_size=9, max_size=14)


@ANY
@given(text=ODD | WORDLIKE, language=LANGUAGES)
def test_any_text_is_heard_without_a_fault_and_the_same_each_time(
    service: Understanding, text: str, language: str
) -> None:
    heard = service.hear(text, language)
    assert heard == service.hear(text, language)
    assert heard.crisis in (None, *CRISES)
    assert heard.need in (None, *NEEDS)
    assert heard.command in (None, *COMMANDS)


@ANY
@given(before=WORDLIKE, secret=SECRET, after=WORDLIKE, language=LANGUAGES)
def test_no_word_of_the_person_is_in_what_was_heard(
    service: Understanding, before: str, secret: str, after: str, language: str
) -> None:
    heard = service.hear(f"{before} {secret} {after}", language)
    assert secret not in repr(heard)


@pytest.fixture(scope="session")
def reasons(service: Understanding) -> tuple[set[str], set[str]]:
    """The names of all rules, and the pieces of all models."""
    view = service.views["en"]
    rules = {matcher.rule.name for some in view.everywhere.values() for matcher in some}
    models = [one.model for one in service.views.values() if one.model]
    return rules, {piece for model in models for piece in model.names}


@ANY
@given(text=WORDLIKE, language=LANGUAGES)
def test_every_reason_names_a_rule_of_a_file_or_a_piece_that_the_model_knows(
    service: Understanding, reasons: tuple[set[str], set[str]], text: str, language: str
) -> None:
    rules, pieces = reasons
    for reason in service.hear(text, language).why:
        if reason.startswith("model "):
            said = reason.partition(": ")[2].strip("'")
            assert pieces.issuperset(said.split("', '"))
        else:
            assert reason in rules


def test_nothing_of_a_person_stays_in_what_hears(service: Understanding) -> None:
    before = {code: len(view.speller.table) for code, view in service.views.items()}
    service.hear("zzqqxx unheard words vvkkjj", "en")
    assert {code: len(view.speller.table) for code, view in service.views.items()} == before
    assert "zzqqxx" not in repr(service)
