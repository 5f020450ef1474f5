"""Every trial is in the list, with proofs that are there, and says what it does not show."""

import re
from pathlib import Path

import pytest

from authored import Mistakes
from bot.cli import main
from bot.cli.trials_registry import LAST, REGISTRY, ROOT, chosen, read_registry
from bot.settings import ELSEWHERE

GOOD = """trials:
  - number: 1
    title: One
    criterion: All of it.
    proofs: [tests/test_small.py::test_it_holds]
    shows: All of it.
"""
TESTS = "def test_it_holds() -> None: ...\nTestStates = object\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A list of trials of its own, and a file of tests beside it."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_small.py").write_text(TESTS)
    return tmp_path


def faults(folder: Path, text: str) -> str:
    (folder / "list.yaml").write_text(text)
    with pytest.raises(Mistakes) as refused:
        read_registry(folder, folder)
    return str(refused.value)


def test_every_trial_is_there_and_every_proof_of_it() -> None:
    trials = read_registry()
    assert list(trials) == list(range(1, LAST + 1))
    for trial in trials.values():
        assert trial.is_proved or trial.needs, trial.number


def test_a_trial_sets_only_variables_that_tests_read() -> None:
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    named = {name for trial in read_registry().values() for name in trial.environment}
    assert {name.removeprefix("QUIETLINE_") for name in named} <= ELSEWHERE
    assert [name for name in named if f'"{name}"' not in tests] == []


def test_a_command_of_a_trial_is_one_of_ours() -> None:
    words = {one.split()[0] for trial in read_registry().values() for one in trial.commands}
    asked = main.app.registered_commands
    single = {one.name or one.callback.__name__ for one in asked if one.callback}
    assert words <= single | set(main.ROOMS)


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("holds]", "hold]", "Did you mean 'test_it_holds'?"),
        ("test_small.py", "test_smal.py", "is not there"),
        ("shows: All of it.", "lacks: Much.", "'shows' is missing"),
        ("shows: All of it.", "shows: all of it", "'shows' is no sentence"),
        ("criterion", "criterium", "Did you mean 'criterion'?"),
        ("number: 1", "number: 73", "less than or equal to 72"),
        ("    proofs: [tests/test_small.py::test_it_holds]\n", "", "does not say what it needs"),
    ],
)
def test_a_mistake_in_the_list_is_named_with_its_place_and_mend(
    folder: Path, wrong: str, right: str, said: str
) -> None:
    assert wrong in GOOD
    told = faults(folder, GOOD.replace(wrong, right).replace("shows: All", "shows: All"))
    assert said in told
    assert re.search(r"list\.yaml:\d+:\d+: ", told)


def test_a_trial_that_is_missing_or_there_twice_is_named(folder: Path) -> None:
    assert "2, 3, 4" in faults(folder, GOOD)
    assert "second time" in faults(folder, GOOD + GOOD.removeprefix("trials:\n"))


def test_a_test_of_states_counts_as_a_test(folder: Path) -> None:
    said = faults(folder, GOOD.replace("test_it_holds", "TestStates"))
    assert "TestStates" not in said


def test_where_there_are_no_tests_it_is_said_where_to_get_them(folder: Path) -> None:
    with pytest.raises(Mistakes, match="Fetch the source of this version"):
        read_registry(folder / "none", folder)


def test_trials_are_named_one_by_one_or_from_to() -> None:
    trials = read_registry(REGISTRY)
    assert [one.number for one in chosen(["7", "27-29,7"], trials)] == [7, 27, 28, 29]
    for word in ("73", "0", "3-1", "all", "5-80", "-", "1-"):
        with pytest.raises(Mistakes, match="there is no trial"):
            chosen([word], trials)
