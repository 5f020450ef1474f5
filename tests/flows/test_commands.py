"""The commands of authors and translators, as they are typed."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import commands, i18n_commands
from flows.commands import Places
from flows.coverage import WatchedTable
from flows.grammar import Vocabulary
from flows.screen_words import Screens

Write = Callable[..., Path]
Run = Callable[..., Any]

LANGUAGES = """\
format = 1
[[language]]
code = "en"
endonym = "English"
dir = "ltr"
script = "Latn"
fallback = []
started = true
[[language]]
code = "uk"
endonym = "Українська"
dir = "ltr"
script = "Cyrl"
fallback = []
started = true
"""
UNUSED_RETURNS = (("go: return", "go: find_help/need"),)


class StillPlayer:
    """A conversation that stays at the start, whatever is said."""

    slots: Mapping[str, str] = {}
    choices = ("medical",)
    said = "hello"
    note = ""
    ended = False

    def __init__(self, table: WatchedTable, language: str, now: datetime | None) -> None:
        self.state = table.script.start

    def words(self, text: str) -> None: ...
    def choose(self, key: str) -> None: ...
    def pick(self, value: str) -> None: ...
    def returned(self, outcome: str, values: Mapping[str, tuple[str, ...]]) -> None: ...
    def happened(self, news: str, values: Mapping[str, tuple[str, ...]]) -> None: ...
    def press_stale(self) -> None: ...
    def send(self, kind: str) -> None: ...


@pytest.fixture
def places(write: Write, tmp_path: Path) -> Places:
    found = Places(
        write(always=UNUSED_RETURNS), tmp_path / "tests", tmp_path / "locales", tmp_path / "allow"
    )
    found.tests.mkdir()
    found.locales.mkdir()
    (found.locales / "languages.toml").write_text(LANGUAGES, encoding="utf-8")
    (found.locales / "ui.yaml").write_text("format: 1\nmessages: {a: Hi}\n", encoding="utf-8")
    return found


@pytest.fixture
def run(places: Places, vocabulary: Vocabulary) -> Run:
    def run(*words: str, i18n: bool = False) -> Any:
        flows = commands.make_app(lambda: vocabulary, lambda: StillPlayer, places)
        app = i18n_commands.make_app(places) if i18n else flows
        return CliRunner().invoke(app, list(words))

    assert run("update", i18n=True).exit_code == 0
    return run


def test_lint_ends_well_when_there_is_nothing_but_work_to_do(run: Run) -> None:
    result = run("lint", "--rule", "untranslated")

    assert result.exit_code == 0, result.output
    assert "[untranslated]" in result.output
    assert "0 errors, " in result.output
    assert run("lint", "--rule", "untranslated", "--strict").exit_code == 1


def test_lint_ends_badly_when_there_are_errors(run: Run, write: Write) -> None:
    write()
    result = run("lint", "--format", "json")

    assert result.exit_code == 1
    assert "return-nowhere" in {one["rule"] for one in json.loads(result.output)}


def test_a_library_that_cannot_be_read_is_told_by_every_command(run: Run, places: Places) -> None:
    (places.library / "find_help.yaml").write_text("format: 2\n")
    for words in (["lint"], ["draw"], ["test"], ["grep", "x"], ["show", "x"]):
        result = run(*words)
        assert result.exit_code == 2, words
        assert "find_help.yaml:1:1: format:" in result.stderr


def test_draw_draws_one_flow_or_all(run: Run) -> None:
    assert run("draw").output.startswith("flowchart TD")
    assert run("draw", "medical_time", "--dot").output.startswith("digraph")
    assert run("draw", "medical_time", "--text").output.startswith("medical_time/when")
    result = run("draw", "medical_tim")
    assert result.exit_code == 2
    assert "Did you mean 'medical_time'?" in result.stderr


def test_draw_falls_back_on_the_outline_without_graphviz(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\nhead -1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert run("draw", "--svg").output == "digraph script {\n"

    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    result = run("draw", "medical_time", "--svg")
    assert result.exit_code == 0
    assert result.stdout.startswith("medical_time/when")
    assert "install graphviz" in result.stderr


def test_test_plays_the_conversations(run: Run, places: Places) -> None:
    assert run("test").exit_code == 1, "no conversation at all is not a pass"
    file = places.tests / "a.yaml"
    file.write_text("- case: a\n  steps: [{choose: medical}, {expect: {step: need}}]\n")
    result = run("test")
    assert result.exit_code == 0
    assert "1 conversations, 0 do not hold" in result.output
    assert "is never walked" not in result.output
    assert "find_help/bye is never walked (en)" in run("test", "--coverage").output
    low = run("test", "--min", "50")
    assert low.exit_code == 1
    assert "Less than 50 % is walked in: en" in low.output

    file.write_text("- case: a\n  steps: [{expect: {step: place}}]\n")
    result = run("test")
    assert result.exit_code == 1
    assert "a.yaml:2:11: a (en): is at find_help/need, not at place" in result.output


def test_schema_prints_the_schema(run: Run) -> None:
    assert json.loads(run("schema").output)["title"] == "Quietline flow"


def test_grep_finds_words_in_every_language(run: Run, places: Places) -> None:
    path = places.locales / "uk/LC_MESSAGES/flows.po"
    text = path.read_text(encoding="utf-8")
    said = text.replace('msgid "Legal help"\nmsgstr ""', 'msgid "Legal help"\nmsgstr "Юрист"')
    path.write_text(said, encoding="utf-8")

    assert "Legal help (en, find_help.need.choices.legal.label)" in run("grep", "LEGAL").output
    assert "Юрист (uk, " in run("grep", "юрист").output
    assert run("grep", "no such words").exit_code == 1


def test_show_shows_a_step_or_a_flow(run: Run) -> None:
    step = run("show", "find_help/need").output

    assert "  say: What would help you most? You do not have to say what happened." in step
    assert "uk:\n  say: –\n" in step
    assert "  legal: Legal help" in step
    assert "→ medical_time/when, then find_help/place" in step
    assert run("show", "medical_time").output.startswith("medical_time/when")
    assert "Did you mean 'find_help/need'?" in run("show", "find_help/ned").stderr


def test_new_begins_a_flow_that_can_be_read(run: Run, places: Places) -> None:
    assert run("new", "housing").exit_code == 0
    assert "unreachable" in run("lint").output
    assert "Say here what the person reads." in run("show", "housing/start").output
    assert "is there already" in run("new", "housing").stderr
    assert "cannot name a flow" in run("new", "../Housing").stderr


def test_translators_see_how_far_they_are(run: Run) -> None:
    status = run("status", i18n=True).output.splitlines()

    assert status[0].split() == ["translated", "fuzzy", "missing", "total", "unreviewed"]
    assert status[2].split() == ["uk", "ui", "0", "0", "1", "1", "0"]
    assert run("update", i18n=True).output == "Nothing changed.\n"
    assert run("extract", i18n=True).output.count(".pot") == 2
    assert run("check", i18n=True).exit_code == 0


def test_a_catalogue_out_of_step_stops_the_check(run: Run, places: Places) -> None:
    (places.locales / "ui.yaml").write_text("format: 1\nmessages: {a: Hello}\n")
    result = run("check", i18n=True)

    assert result.exit_code == 1
    assert "is not in step with the sources: a [late]" in result.output


def test_the_files_are_beside_the_program() -> None:
    places = Places()

    assert (places.library / "always.yaml").exists()
    assert (places.locales / "languages.toml").exists()


def test_translators_see_how_far_the_words_of_the_console_are(
    run: Run, places: Places, tmp_path: Path
) -> None:
    code = tmp_path / "console"
    code.mkdir()
    (code / "page.py").write_text('NAME = N_("Drafts")\n', encoding="utf-8")
    app = i18n_commands.make_app(places, screens=lambda: Screens((code,), places.locales))
    assert CliRunner().invoke(app, ["update"]).exit_code == 0
    status = CliRunner().invoke(app, ["status"]).output.splitlines()
    assert ["uk", "console", "0", "0", "1", "1", "0"] in [line.split() for line in status]
