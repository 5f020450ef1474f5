"""A pytest plugin: a whole run fails when a room is covered less than pyproject.toml demands.

It reads what was measured and measures nothing itself. Its lines come before pytest's own last one.
"""

import json
import tomllib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import coverage.exceptions
import pytest
from _pytest.terminal import TerminalReporter

ROOT = Path(__file__).resolve().parents[2]
FOUND = pytest.StashKey[list["Room"]]()


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


def demands() -> dict[str, float]:
    """What pyproject.toml demands: percent by room."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, float] = project["tool"]["quietline"]["branch-coverage"]
    return found


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
