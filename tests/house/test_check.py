"""`./quietline check` says of each check how it ended, and what is wrong where it failed."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import check


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two small checks in place of the real ones: one that passes and one that finds a fault."""
    fault = "print('flow.yaml:3:1: [L1] is wrong'); raise SystemExit(1)"
    small = {
        "style": ("how it looks", (sys.executable, "-c", "print('all is well')")),
        "flows": ("what it says", (sys.executable, "-c", fault)),
    }
    monkeypatch.setattr(check, "CHECKS", small)


@pytest.mark.usefixtures("checks")
def test_a_fault_is_shown_and_fails_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run_check() == 1
    said = capsys.readouterr().out
    assert "flow.yaml:3:1: [L1] is wrong" in said
    assert "FAILED" in said
    assert "all is well" not in said


@pytest.mark.usefixtures("checks")
def test_one_check_is_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run_check(["style"]) == 0
    said = capsys.readouterr().out
    assert "passed" in said
    assert "flows" not in said


@pytest.mark.usefixtures("checks")
def test_a_check_that_there_is_not_is_told_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check.run_check(["flow"]) == 2
    assert "Did you mean 'flows'?" in capsys.readouterr().out


def test_some_tests_are_run_alone_from_any_folder(tmp_path: Path) -> None:
    alone = "from bot.cli.check import run_tests; raise SystemExit(run_tests({}))"
    called = ["tests/house/test_rooms_covered.py", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-c", alone.format(called)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(check.ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.rstrip().splitlines()[-1].startswith("5 passed")
