"""What staff read: every sentence has its words, and no language is half of one."""

import ast
import re
from pathlib import Path

import pytest

from bot.app import LOCALES, ROOT
from bot.cli.flows import _screens
from bot.console.doubt_words import DOUBTS
from bot.console.import_words import READING
from bot.console.refusals import SAID
from bot.console.said import _spoken, read_words
from bot.ledger.work import QUESTIONS
from flows import screen_words


def _sentences(folder: str) -> set[str]:
    """Every text that stands in the code of a folder."""
    return {
        node.value
        for path in (ROOT / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_whoever_reads_a_file_is_told_in_the_very_sentences_that_were_translated() -> None:
    said = _sentences("referral_directory/exchange")
    assert [one for one in READING if one not in said] == []


def test_refusals_doubts_and_questions_are_never_english_in_ukrainian() -> None:
    words = read_words(LOCALES)["uk"]
    refusals = [said for pair in SAID.values() for said in pair]
    fixed = [*DOUBTS, *READING, *QUESTIONS.values(), *refusals]
    assert [one for one in fixed if one and words(one) == one] == []


def test_ukrainian_is_what_the_console_speaks_first() -> None:
    assert next(iter(read_words(LOCALES))) == "uk"


def test_a_catalogue_that_somebody_changed_says_its_new_words_and_half_a_one_is_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    place = tmp_path / "uk" / "LC_MESSAGES" / "console.po"
    place.parent.mkdir(parents=True)
    written = (LOCALES / "uk" / "LC_MESSAGES" / "console.po").read_text("utf-8")
    for said in ("вхід", "вхід до системи"):
        place.write_text(written.replace('msgstr "вхід"\n', f'msgstr "{said}"\n', 1), "utf-8")
        for _ in range(2):  # as it was read, and as it was kept from an earlier start
            _spoken.cache_clear()
            assert read_words(tmp_path)["uk"]("signed in") == said
    place.write_text(re.sub(r'msgstr(\[\d\])? "[^"].*"', r'msgstr\1 ""', written), "utf-8")
    for _ in range(2):
        _spoken.cache_clear()
        assert list(read_words(tmp_path)) == ["en"]


def test_a_translation_keeps_every_name_and_number_that_is_put_into_it() -> None:
    faults = screen_words.check(_screens())
    assert [str(one) for one in faults if one.rule == "placeholder"] == []
