"""Conversations as files: what holds, what does not, and what was never walked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from authored import Mistakes
from flows.conversations import Report, play, read_conversations
from flows.coverage import Coverage, coverage_table
from flows.grammar import Vocabulary
from flows.reader import read_library
from tests.flows.small_player import SmallPlayer

Write = Callable[..., Path]


Played = Callable[[str], Report]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "conversations"
    path.mkdir()
    return path


@pytest.fixture
def played(folder: Path, write: Write, vocabulary: Vocabulary) -> Played:
    def played(text: str) -> Report:
        (folder / "a.yaml").write_text(text, encoding="utf-8")
        return play(read_conversations(folder), read_library(write(), vocabulary), SmallPlayer)

    return played


WHOLE = """\
- case: somebody who needs a lawyer
  lang: [en, uk]
  now: 2026-11-22T23:10+02:00
  steps:
    - expect: {step: need, choices: [medical, legal], say_contains: '2026-11-22T23:10:00+02:00'}
    - choose: legal
    - expect: {step: find_help/place, say_contains: [Where, you], slot: {need: legal, place: null}}
    - press: stale
    - expect: {note: stale, ended: false, stored: session}
    - send: voice
    - expect: {note: media}
    - pick: UA-63
    - returned: {outcome: some, values: {found: [a, b]}}
    - expect: {step: results}
    - pick: a
    - choose: end
    - expect: {step: bye, ended: true, stored: nothing}
- case: somebody who leaves
  steps:
    - choose: medical
    - choose: d1
    - user: 5
    - returned: {outcome: some}
    - user: stop
    - expect: {ended: true}
"""


def test_conversations_that_hold_are_counted_in_each_language(played: Played) -> None:
    report = played(WHOLE)

    assert (report.played, report.failures) == (3, ())
    assert list(report.coverage) == ["en", "uk"]


def test_coverage_says_what_was_walked_and_where_the_rest_is_written(played: Played) -> None:
    report = played(WHOLE)
    english, ukrainian = report.coverage["en"], report.coverage["uk"]

    assert english.count("step") == (10, 13)
    assert english.count("choice") == (6, 13)
    assert english.count("branch") == (2, 6)
    assert ukrainian.count() < english.count()
    assert english.percent() == pytest.approx(100 * 18 / 32)
    missed = {place.message for place in english.missed()}
    assert "find_help/decide when 1" in missed
    assert "find_help/decide otherwise" in missed
    assert "find_help/searching outcome none" in missed
    assert "find_help/need choice same" in missed
    assert "find_help/need choice legal" not in missed
    assert not any("language" in said and "ask" in said for said in missed)
    place = next(p for p in english.missed() if p.message == "find_help/need choice same")
    line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert line.strip().startswith("same:")


def test_coverage_is_a_table_that_reads_in_a_terminal(played: Played) -> None:
    coverage = played(WHOLE).coverage
    lines = coverage_table(coverage).splitlines()

    assert lines[0].split() == ["steps", "choices", "branches", "all"]
    assert lines[1].split() == ["en", "10/13", "6/13", "2/6", "56.2%"]
    assert lines[3].endswith("is never walked (en)")
    assert len(coverage_table(coverage, missed=False).splitlines()) == 3


def test_a_case_for_all_languages_is_played_in_every_one(folder: Path) -> None:
    text = "- case: c\n  lang: all\n  steps: [{choose: legal}]\n"
    (folder / "all.yaml").write_text(text, encoding="utf-8")

    assert read_conversations(folder)[0].languages == ("en",)
    assert read_conversations(folder, ("en", "uk", "ru"))[0].languages == ("en", "uk", "ru")


def test_a_way_passed_through_counts_as_its_own_branch(played: Played) -> None:
    text = """\
- case: nothing is found for somebody who needs a lawyer abroad
  steps: [{choose: legal}, {choose: abroad}, {returned: {outcome: none}}, {expect: {step: place}}]
"""
    report = played(text)
    missed = {place.message for place in report.coverage["en"].missed()}

    assert report.failures == ()
    assert "find_help/decide when 2" not in missed
    assert {"find_help/decide when 1", "find_help/decide otherwise"} <= missed


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("step: place", "is at find_help/need, not at place"),
        ("choices: []", "offers medical, legal, not nothing"),
        ("choices: [legal]", "offers medical, legal, not legal"),
        ("say_contains: goodbye", "does not say 'goodbye'"),
        ("slot: {need: legal}", "slot 'need' holds nothing, not legal"),
        ("note: stale", "the note is none, not stale"),
        ("ended: true", "has not ended"),
        ("stored: nothing", "a session is stored"),
    ],
)
def test_what_does_not_hold_is_shown_where_it_is_written(
    played: Played, expect: str, message: str
) -> None:
    report = played(f"- case: wrong\n  steps:\n    - expect: {{{expect}}}\n    - choose: legal\n")

    (failure,) = report.failures
    assert (failure.line, failure.rule) == (3, "conversation")
    assert failure.message == f"wrong (en): {message}"


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("ended: false", "has ended"),
        ("stored: session", "nothing is stored"),
        ("choices: [a]", "offers nothing, not a"),
        ("slot: {need: null}", "slot 'need' holds legal, not nothing"),
    ],
)
def test_what_should_not_have_ended_is_shown(played: Played, expect: str, message: str) -> None:
    report = played(
        f"- case: c\n  steps: [{{choose: legal}}, {{user: stop}}, {{expect: {{{expect}}}}}]\n"
    )

    assert [failure.message for failure in report.failures] == [f"c (en): {message}"]


def test_a_choice_that_is_not_offered_ends_the_conversation(played: Played) -> None:
    report = played("- case: c\n  steps:\n    - choose: leagl\n    - expect: {step: place}\n")

    (failure,) = report.failures
    assert failure.message == "c (en): find_help/need offers no choice 'leagl'"
    assert failure.mend == "Did you mean 'legal'?"


def test_a_long_prompt_is_shown_shortly(played: Played, write: Write) -> None:
    write(find_help=("Where are you?", "word " * 60))
    report = played("- case: c\n  steps: [{choose: legal}, {expect: {step: need}}]\n")

    assert len(report.failures[0].mend) < 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- case: c\n  steps: []\n", "0.steps: is empty"),
        ("- case: c\n  steps: [{chose: a}]\n", "'chose' is not known here"),
        ("- case: c\n  steps: [{choose: a, pick: b}]\n", "a step does one thing"),
        ("- case: c\n  steps: [{}]\n", "a step does one thing"),
        ("- case: c\n  now: 2026-11-22\n  steps: [{send: voice}]\n", "is no moment with a zone"),
        ("- case: c\n  now: soon\n  steps: [{send: voice}]\n", "is no moment with a zone"),
        ("- case: c\n  steps: [{expect: {stp: a}}]\n", "'stp' is not known here"),
        ("case: c\n", "the file: should be a list"),
        ("- case: &a c\n", "anchors"),
    ],
)
def test_a_fault_in_a_conversation_file_is_shown(folder: Path, text: str, message: str) -> None:
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    (folder / "b.yaml").write_text("- case: c\n  steps: [{press: fresh}]\n", encoding="utf-8")
    with pytest.raises(Mistakes) as caught:
        read_conversations(folder)

    assert any(message in m.message for m in caught.value.found), caught.value
    assert any(m.file.endswith("b.yaml") for m in caught.value.found)


def test_nothing_to_walk_is_walked_whole() -> None:
    assert Coverage(()).percent() == 100


def test_an_errand_that_nobody_asked_for_is_a_fault_of_the_case(played: Played) -> None:
    report = played("- case: too early\n  steps:\n    - returned: {outcome: some}\n")
    (fault,) = report.failures
    assert "waits for no errand that returns 'some'" in fault.message
