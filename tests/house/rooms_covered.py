"""A pytest plugin: a whole run fails when a room is covered less than pyproject.toml demands.

A room has to be covered by its own tests (bot/vault by tests/vault): what other tests happen to
touch says nothing of it, and measuring makes a test half as quick. It measures nothing itself.
Its lines come before pytest's own last one.
"""

import importlib
import json
import tomllib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import coverage
import coverage.exceptions
import pytest
from _pytest.terminal import TerminalReporter

ROOT = Path(__file__).resolve().parents[2]
FOUND = pytest.StashKey[list["Room"]]()


class Measurer(Protocol):
    """What pytest-cov measures with in this process."""

    started: bool

    def pause(self) -> None: ...

    def resume(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Room:
    """What was measured of one room."""

    name: str
    demanded: float
    """Percent of lines and branches."""
    reached: float
    gaps: tuple[str, ...]
    """One line a file that is not whole: the lines and branches that no test took."""

    @property
    def falls_short(self) -> bool:
        """Whether less was covered than is demanded."""
        return self.reached < self.demanded


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In a worker pytest-cov begins twice, and what began first would measure whenever the other
    one pauses: for nothing, as nobody reads it.
    """
    measurer = _measurer(session.config)
    if measurer is not None and hasattr(session.config, "workerinput"):
        measurer.pause()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Import all of the rooms while everything is measured: a file that is first imported in the
    test of another room would never be seen to be read. Tests are then found without measuring.
    """
    measurer = _measurer(session.config)
    if measurer is not None:
        for room in demands():
            for path in sorted((ROOT / room).rglob("*.py")):
                name = path.relative_to(ROOT).with_suffix("").parts
                importlib.import_module(".".join(part for part in name if part != "__init__"))
        measurer.pause()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure in the tests of the rooms of which something is demanded, and in no others."""
    measurer = _measurer(item.config)
    if measurer is not None and measurer.started is not is_measured(item.path, demands()):
        (measurer.pause if measurer.started else measurer.resume)()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Judge when all is measured: this wraps around pytest-cov, which wraps around the tests."""
    outcome = yield
    if not hasattr(session.config, "workerinput"):
        rooms = list(judge(_measured(demands()), demands()))
        session.config.stash[FOUND] = rooms
        session.testsfailed += sum(room.falls_short for room in rooms)
    return outcome


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say what was reached, room by room, and where the gaps are."""
    rooms = terminalreporter.config.stash.get(FOUND, [])
    if rooms:
        terminalreporter.section("branch coverage")
    for room in rooms:
        sign = "SHORT" if room.falls_short else "ok"
        terminalreporter.line(
            f"{room.name:24} {room.reached:6.1f} %  (demanded: {room.demanded:g})  {sign}"
        )
        for gap in room.gaps if room.falls_short else ():
            terminalreporter.line(f"    {gap}")


@cache
def demands() -> dict[str, float]:
    """What pyproject.toml demands: percent by room."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, float] = project["tool"]["quietline"]["branch-coverage"]
    return found


def is_measured(test: Path, demanded: Iterable[str]) -> bool:
    """Whether a file of tests is one of those that have to cover a room: bot/vault, tests/vault."""
    folder = test.relative_to(ROOT / "tests").parts[0]
    return any(folder == Path(room).name for room in demanded)


def judge(files: Mapping[str, Any], demanded: Mapping[str, float]) -> Iterable[Room]:
    """Each room with what was reached. `files`: path → what coverage.py's JSON report says."""
    for name, percent in demanded.items():
        inside = {path: seen for path, seen in files.items() if path.startswith(name + "/")}
        sums = [seen["summary"] for seen in inside.values()]
        possible = sum(one["num_statements"] + one["num_branches"] for one in sums)
        covered = sum(one["covered_lines"] + one["covered_branches"] for one in sums)
        gaps = tuple(
            f"{path}: {', '.join(missed)}"
            for path, seen in inside.items()
            if (missed := _gaps(seen))
        )
        yield Room(name, percent, 100 * covered / possible if possible else 0.0, gaps)


def _measurer(config: pytest.Config) -> Measurer | None:
    """None in a run that measures nothing."""
    found: Measurer | None = getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    return found


def _gaps(seen: Mapping[str, Any]) -> list[str]:
    """Lines and branches that no test took: `7`, `9-12`, `14 to 16`."""
    runs: list[list[int]] = []
    for line in seen["missing_lines"]:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    lines = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    branches = [
        f"{here} to {there if there > 0 else 'the end'}"
        for here, there in seen["missing_branches"]
        if here not in seen["missing_lines"] and there not in seen["missing_lines"]
    ]
    return lines + branches


def _measured(rooms: Iterable[str]) -> Mapping[str, Any]:
    measured = coverage.Coverage(config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        try:
            measured.json_report(
                outfile=str(report), include=[str(ROOT / room / "*") for room in rooms]
            )
        except coverage.exceptions.CoverageException:
            return {}  # nothing was run, or a file is no Python: every room falls short
        files: Mapping[str, Any] = json.loads(report.read_text(encoding="utf-8"))["files"]
    return files
