"""A fault that no test notices is told, another is not, and what changes nothing still does."""

import ast
import json
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.mutation.forks import in_a_fork
from tests.mutation.leaving import leave_nothing
from tests.mutation.mutants import changed, mutants
from tests.mutation.putting import ROOT, Fault, text_of
from tests.mutation.rooms import equivalents, named, rooms
from tests.mutation.trying import Reach, likely_first

SOURCE = '''"""A gate."""

LIMITS = {"adult": 18, "child": 0}


def made(limit: int) -> int:
    """It is asked once, while the file is loaded."""
    return limit + 1


OLDEST = made(98)


def may(age: int, *names: str) -> bool:
    """Whether they may."""
    if not names or age < LIMITS["adult"]:
        raise ValueError("too young to come in")
    return age <= OLDEST
'''


def told(source: str) -> list[str]:
    return [f"{one.line} {one.inside}: {one.what}" for one in mutants(source)]


def test_each_comparison_number_line_and_entry_of_a_table_is_tried() -> None:
    assert told(SOURCE) == [
        "3 : 'adult' left out",
        "3 : 'child' left out",
        "3 : 'adult' -> another",
        "3 : 'child' -> another",
        "3 : 18 -> 19",
        "3 : 18 -> 17",
        "3 : 0 -> 1",
        "8 made: gives nothing",
        "8 made: + -> -",
        "8 made: 1 -> 2",
        "8 made: 1 -> 0",
        "11 : 98 -> 99",
        "11 : 98 -> 97",
        "16 may: condition turned round",
        "16 may: or -> and",
        "16 may: not names left out",
        "16 may: age < LIMITS['adult'] left out",
        "16 may: not left out",
        "16 may: < -> <=",
        "16 may: < -> >=",
        "16 may: 'adult' -> another",
        "17 may: left out",
        "18 may: gives nothing",
        "18 may: <= -> <",
        "18 may: <= -> >",
    ]


def test_a_fault_changes_what_it_says_and_nothing_else() -> None:
    plain = ast.unparse(ast.parse(SOURCE)).splitlines()
    for one in mutants(SOURCE):
        faulty = ast.unparse(changed(SOURCE, one.number)).splitlines()
        assert len(faulty) == len(plain)
        assert sum(a != b for a, b in zip(plain, faulty, strict=True)) == 1, one.what


def test_of_a_function_that_waits_every_test_is_asked_that_comes_into_it() -> None:
    source = '"""A."""\n\n\nasync def may() -> bool:\n    await asked()\n    return 1 < 2\n'
    reach = Reach({"a.py": {5: ("one", "two"), 6: ("one",)}}, {"one": 0.2, "two": 0.1})
    asked = {one.what: reach.of(Fault("a.py", one)) for one in mutants(source)}
    assert asked["< -> <="] == ("one", "two")
    assert asked["left out"] == ("two", "one")
    plain = source.replace("async ", "").replace("await ", "")
    asked = {one.what: reach.of(Fault("a.py", one)) for one in mutants(plain)}
    assert asked["< -> <="] == ("one",)


def test_what_a_tried_file_keeps_is_forgotten_and_what_others_keep_is_not(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    ours, others = lru_cache(text_of.__wrapped__), lru_cache(shutil.which)
    for one in (ours, others):
        one("README.md")
    before = tmp_path_factory._basetemp  # noqa: SLF001  # all tests of this run need it again
    config = SimpleNamespace(_tmp_path_factory=tmp_path_factory)
    try:
        leave_nothing(config, {"tests/mutation/putting.py"})  # type: ignore[arg-type]  # its part
        assert tmp_path_factory._basetemp is None  # noqa: SLF001
    finally:
        tmp_path_factory._basetemp = before  # noqa: SLF001
    assert (ours.cache_info().currsize, others.cache_info().currsize) == (0, 1)


def test_every_fault_of_every_room_is_one_that_python_can_run() -> None:
    for room in rooms():
        for file in room.files:
            source = text_of(file)
            first, *_, last = mutants(source) or (None, None)
            for one in (first, last):
                if one is not None:
                    compile(changed(source, one.number), file, "exec")


def test_what_is_listed_as_changing_nothing_still_stands_there() -> None:
    faults = {
        file: [Fault(file, one) for one in mutants(text_of(file))]
        for file in {one.file for one in equivalents()}
    }
    gone = [one for one in equivalents() if not any(one.fits(fault) for fault in faults[one.file])]
    assert [f"{one.file}: {one.line}: {one.what}" for one in gone] == []
    assert all(len(one.why.split()) > 4 for one in equivalents())


def test_a_room_may_be_named_whole_or_by_a_file_of_it() -> None:
    assert [room.name for room in named(["vault"])] == ["vault"]
    assert len(named(["authorisation"])) > 1
    (one,) = named(["bot/vault/sealing.py"])
    assert (one.files, one.tests) == (("bot/vault/sealing.py",), named(["vault"])[0].tests)
    with pytest.raises(LookupError, match="The rooms are: vault"):
        named(["valt"])


def test_an_attempt_that_fails_hangs_or_dies_is_told_apart_from_one_that_passes() -> None:
    def hangs() -> int:
        while True:
            pass

    def dies() -> int:
        raise SystemExit(0)

    assert in_a_fork(lambda: 0, 5) == "survived"
    assert in_a_fork(lambda: 1, 5) == "noticed"
    assert in_a_fork(dies, 5) == "noticed"
    assert in_a_fork(hangs, 0.1) == "hung"


def test_who_noticed_the_last_fault_of_a_function_is_asked_first_and_all_others_after() -> None:
    ids = ("quick", "slow", "slower")
    assert likely_first(ids, []) == ids
    assert likely_first(ids, ["slow", "elsewhere", "slower"]) == ("slower", "slow", "quick")
    assert likely_first(ids, ["slow", "slow"]) == ("slow", "quick", "slower")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own with one small room, and this machinery."""
    here = tmp_path / "tests" / "mutation"
    here.mkdir(parents=True)
    for file in (ROOT / "tests" / "mutation").glob("*.py"):
        (here / file.name).write_bytes(file.read_bytes())
    (tmp_path / "tests" / "trial.py").write_bytes((ROOT / "tests" / "trial.py").read_bytes())
    (tmp_path / "tests" / "__init__.py").write_text('"""Tests."""\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    (here / "equivalents.yaml").write_text(
        "- file: bot/gate.py\n  why: nobody is as old as that, so it changes nothing\n"
        "  faults:\n    return age <= OLDEST: <= -> <\n"
    )
    (here / "rooms.yaml").write_text(
        "gate:\n  files: [bot/gate.py]\n  tests: [tests/gate/test_gate.py]\n"
    )
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "gate.py").write_text(SOURCE)
    (tmp_path / "tests" / "gate").mkdir()
    (tmp_path / "tests" / "gate" / "test_gate.py").write_text(
        '"""The gate."""\nimport pytest\nfrom bot.gate import may\n'
        "def test_grown_ups_come_in() -> None:\n    assert may(18, 'a') is True\n"
        "def test_others_do_not() -> None:\n"
        "    with pytest.raises(ValueError):\n        may(17, 'a')\n"
    )
    return tmp_path


def test_the_faults_that_tests_miss_are_named_with_their_lines(checkout: Path) -> None:
    before = {path: path.read_bytes() for path in (checkout / "bot").glob("*.py")}
    report = checkout / "report.json"
    command = (sys.executable, "-P", "-m", "tests.mutation", "gate", f"--report={report}")
    done = subprocess.run(
        command,
        cwd=checkout,
        # Of pytest's plugins only the one that is asked for by name: the others take their time.
        env={
            "PYTHONPATH": str(checkout),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "pytest_timeout",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    missed = [line for line in done.stdout.splitlines() if "(survived)" in line]
    assert missed == [
        "bot/gate.py:16: not names left out (survived)",
        "bot/gate.py:3: 'child' left out (survived)",
        "bot/gate.py:3: 'child' -> another (survived)",
        "bot/gate.py:3: 0 -> 1 (survived)",
        "bot/gate.py:8: + -> - (survived)",
        "bot/gate.py:8: 1 -> 2 (survived)",
        "bot/gate.py:8: 1 -> 0 (survived)",
        "bot/gate.py:11: 98 -> 99 (survived)",
        "bot/gate.py:11: 98 -> 97 (survived)",
    ]
    assert "24 faults, 1 more change nothing" in done.stdout
    assert sum(how == "survived" for how in json.loads(report.read_text()).values()) == 9
    assert {path: path.read_bytes() for path in (checkout / "bot").glob("*.py")} == before
