"""An author is told what is wrong in a lexicon, where, and how to mend it."""

from pathlib import Path

import pytest

from authored import Mistakes
from bot.cli.understand import PHRASES
from tests.understanding.conftest import HEAD, Small
from understanding import read_understanding
from understanding.evaluating import measure, read_sentences, sentences_of


@pytest.mark.parametrize(
    ("lexicon", "place", "said"),
    [
        ("patterns:\n  suicid: [die]\n", "4:3", "Did you mean 'suicide'?"),
        ("patterns:\n  suicide: [<dye>]\nwords:\n  die: [die]\n", "4:13", "Did you mean 'die'?"),
        ("patterns:\n  suicide:\n    - (die\n", "5:7", "'(' is not closed by ')'"),
        ("patterns:\n  suicide:\n    - die)\n", "5:7", "stands where nothing opened it"),
        ("patterns:\n  suicide:\n    - d*e\n", "5:7", "at the end of a stem only"),
        ("patterns:\n  suicide:\n    - a & b & c & d\n", "5:7", "more than three parts"),
        ("patterns:\n  suicide:\n    - a &\n", "5:7", "a word is missing"),
        ("patterns:\n  suicide:\n    - a < b\n", "5:7", "'<' means nothing here"),
        ("words:\n  AGE: [five]\n", "4:3", "Rename it."),
        ("words:\n  die: ['! die']\n", "4:9", "Write it under patterns."),
        ("negation: [no one]\n", "3:12", "Write single words."),
        ("places:\n  UA-63-1: [Kharkiv]\n", "4:3", "as ISO 3166 has it"),
        ("negatoin: [no]\n", "3:1", "Did you mean 'negation'?"),
        ("words:\n  die: [true]\n", "4:9", "die"),
    ],
)
def test_a_mistake_is_shown_in_its_place_with_its_mend(
    small: Small, lexicon: str, place: str, said: str
) -> None:
    with pytest.raises(Mistakes) as mistakes:
        small(lexicon)
    assert f"phrases/en.yaml:{place}" in str(mistakes.value)
    assert said in str(mistakes.value)


def test_a_file_is_named_after_its_language(tmp_path: Path) -> None:
    (tmp_path / "fr.yaml").write_text(HEAD, encoding="utf-8")
    with pytest.raises(Mistakes, match=r"Name it en\.yaml"):
        read_understanding(tmp_path, {})


def test_files_of_a_language_share_their_lists(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(HEAD + "words: {die: [die]}\n", encoding="utf-8")
    (tmp_path / "en_more.yaml").write_text(
        HEAD + "words: {die: [perish]}\npatterns: {suicide: [want <die>], place: none}\n",
        encoding="utf-8",
    )
    understanding = read_understanding(tmp_path, {}, weights=None)
    assert understanding.hear("want perish", "en").crisis == "suicide"
    assert understanding.hear("want die", "en").crisis == "suicide"


def test_only_some_languages_can_be_read() -> None:
    understanding = read_understanding(PHRASES, {}, only=("lt",), weights=None)
    assert set(understanding.views) == {"en", "lt"}


def test_sentences_are_read_with_their_mistakes(tmp_path: Path) -> None:
    good = "text\tcrisis\tneed\tplace\tcommand\n# aside\nhelp\t-\t-\t-\thelp_now\n"
    (tmp_path / "en.tsv").write_text(good, encoding="utf-8")
    (tmp_path / "en_more.tsv").write_text("hi\tsuicid\t-\t-\t-\nhi\t-\n", encoding="utf-8")
    (one,) = read_sentences(tmp_path / "en.tsv")
    assert (one.text, one.command, one.line) == ("help", "help_now", 3)
    with pytest.raises(Mistakes) as mistakes:
        sentences_of(tmp_path, "en")
    assert "en_more.tsv:1:4: 'suicid' is no crisis" in str(mistakes.value)
    assert "Did you mean 'suicide'?" in str(mistakes.value)
    assert "en_more.tsv:2:1: has 2 columns of 5" in str(mistakes.value)


def test_what_is_measured_is_what_was_heard(small: Small, tmp_path: Path) -> None:
    (tmp_path / "en.tsv").write_text(
        "want die\tsuicide\t-\t-\t-\nlive\tsuicide\t-\t-\t-\nlawyer\t-\tlegal\t-\t-\n"
        "want die pie\t-\t-\t-\t-\n",
        encoding="utf-8",
    )
    understanding = small("patterns: {suicide: [want die], need.legal: [lawyer]}\n")
    figures = measure(understanding, sentences_of(tmp_path, "en"), "en")
    assert str(figures.any_crisis) == "0.500 (1/2)"
    assert (figures.false_alarms.right, figures.need.right, figures.place.rate) == (1, 1, 1.0)
    assert [one.text for one, _ in figures.wrong] == ["live", "want die pie"]
