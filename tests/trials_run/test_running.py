"""A trial is run from end to end: how it goes is seen, and both reports say what came of it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.cli import trials_registry, trials_running
from bot.cli.trials import trials_app
from bot.cli.trials_registry import ROOT, Trial
from bot.cli.trials_running import Result, Run, Runner

TESTS = '''"""Made up."""
import os
import pytest
from tests.trial import WHOLE, seed, size

def test_it_holds(record_property):
    """It holds."""
    record_property("lost", 0)
    seed()
    assert size(few=3, whole=200) == (200 if WHOLE else 3)

@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_both_databases(where):
    """On both."""

@pytest.mark.parametrize("name", ["/", "bold", "a b"])
def test_odd_names(name):
    """Names that look like something else."""

def test_it_breaks():
    """It does not hold."""
    assert os.environ.get("QUIETLINE_FLIPS") == "9", "here it broke"

def test_it_cannot_be_tried_here():
    """It cannot."""
    pytest.skip("no tape drive")
'''


@pytest.fixture
def rooted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of made-up tests in place of ours."""
    (tmp_path / "test_made_up.py").write_text(TESTS)
    (tmp_path / "test_broken.py").write_text("import nothing_of_the_kind\n")
    monkeypatch.setattr(trials_running, "ROOT", tmp_path)
    # Made-up tests need no plugins, and without them pytest starts four times as quickly.
    bare = {**os.environ, "PYTHONPATH": f"{ROOT}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    monkeypatch.setattr(trials_running, "_environment", lambda ours: {**bare, **ours})
    return tmp_path


def a_trial(*tests: str, **more: Any) -> Trial:
    proofs = tuple(f"test_made_up.py::{test}" if "." not in test else test for test in tests)
    return Trial(number=1, title="x", criterion="All.", proofs=proofs, shows="All.", **more)


def held(run: Run, *tests: str, **more: Any) -> Result:
    return Runner(run, lambda _: None).result(a_trial(*tests, **more))


def test_a_trial_is_run_and_written_down(
    rooted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = (
        a_trial("test_it_holds", "test_odd_names"),
        a_trial("test_it_breaks").model_copy(update={"number": 2, "title": "Breaks"}),
    )
    not_here = Trial(number=3, title="Later", criterion="All.", needs="Three days.")
    known = {one.number: one for one in (good, bad, not_here)}
    monkeypatch.setattr(trials_registry, "read_registry", lambda: known)

    def ended(*words: str) -> int:
        with pytest.raises(SystemExit) as end:
            trials_app([*words, "--report", str(rooted / "new")], prog_name="trials")
        return int(end.value.code or 0)

    assert ended("run", "1", "--seed", "9") == 0
    said = capsys.readouterr().out
    assert "  1  passed    x" in said
    assert "(lost 0, seed 9)" in said
    assert ended("all") == 1
    said = capsys.readouterr().out
    assert "here it broke" in said
    assert "1 passed, 1 failed, 1 not here" in said
    page = (rooted / "new" / "report.md").read_text("utf-8")
    assert "## 2 Breaks: FAILED" in page
    assert "- needs: Three days." in page
    data = json.loads((rooted / "new" / "report.json").read_text("utf-8"))
    assert [one["verdict"] for one in data["trials"]] == ["passed", "FAILED", "not here"]
    assert data["counts"] == {"passed": 1, "FAILED": 1, "not here": 1}
    assert data["cores"] >= 1


@pytest.mark.usefixtures("rooted")
def test_figures_seeds_and_faults_are_told_and_sizes_and_databases_kept_to() -> None:
    whole = Run(whole=True, database="sqlite", seed="77")
    result = held(
        whole,
        "test_it_holds",
        "test_both_databases",
        "test_it_breaks",
        environment={"QUIETLINE_KILLS": "9"},
    )
    tests = {one.test.split("::")[1]: one for one in result.tests}
    assert result.verdict == "FAILED"
    assert tests["test_it_holds"].figures == {"lost": 0}
    assert tests["test_it_holds"].seeds == ("77",)
    assert "test_both_databases[sqlite]" in tests
    assert "test_both_databases[postgresql]" not in tests
    assert "here it broke" in tests["test_it_breaks"].said


@pytest.mark.usefixtures("rooted")
def test_what_its_environment_asks_for_holds_only_in_a_whole_run() -> None:
    asked = {"environment": {"QUIETLINE_FLIPS": "9"}}
    assert held(Run(whole=True), "test_it_breaks", **asked).verdict == "passed"
    assert held(Run(), "test_it_breaks", **asked).verdict == "FAILED"


@pytest.mark.usefixtures("rooted")
def test_what_cannot_be_tried_is_not_taken_for_passed() -> None:
    result = held(Run(), "test_it_cannot_be_tried_here")
    assert result.verdict == "not here"
    assert "no tape drive" in result.tests[0].said


@pytest.mark.usefixtures("rooted")
def test_a_file_that_cannot_be_read_fails_and_the_others_are_run() -> None:
    result = held(Run(), "test_it_holds", "test_broken.py")
    outcomes = {one.test: one.outcome for one in result.tests}
    assert outcomes == {"test_made_up.py::test_it_holds": "passed", "test_broken.py": "failed"}
    assert "nothing_of_the_kind" in result.tests[1].said


def test_a_test_that_proves_two_trials_is_run_once(rooted: Path) -> None:
    said: list[str] = []
    runner = Runner(Run(), said.append)
    first, second = (runner.result(a_trial("test_it_holds")) for _ in range(2))
    assert first.tests == second.tests
    assert said == ["test_made_up.py::test_it_holds"]
