"""A pytest plugin: tells `./quietline trials` how each test ended, as one JSON line a test.

It decides nothing about what is tried. `QUIETLINE_TRIALS_TOLD` names the file; of tests that are
held on both databases, `QUIETLINE_TRIALS_DATABASE` leaves those of one.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

TOLD = "QUIETLINE_TRIALS_TOLD"
DATABASE = "QUIETLINE_TRIALS_DATABASE"
DATABASES = {"sqlite", "postgresql"}
SEED = re.compile(r"(?:\b|_)seed\b\W{1,3}(\d+)", re.IGNORECASE)
LONGEST = 6_000
"""Letters of a fault that are told: its end says most."""
WORST = ("failed", "skipped", "passed")


class Told:
    """What is known of the tests of this run, and where it is told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts: dict[str, list[pytest.TestReport]] = {}
        self._seeds: dict[str, list[str]] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read is a test that failed; what it said may hold a seed."""
        if seeds := SEED.findall(report.capstdout):
            self._seeds[report.nodeid.split("::")[0]] = seeds
        if report.failed:
            self._tell(test=report.nodeid, outcome="failed", said=report.longreprtext[-LONGEST:])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """It is said which test is under way: some take minutes."""
        self._tell(begun=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Each test has three parts; it is told once all of them are over."""
        parts = self._parts.setdefault(report.nodeid, [])
        parts.append(report)
        if report.when != "teardown":
            return
        outcome = next(one for one in WORST if any(part.outcome == one for part in parts))
        said = [part.longreprtext for part in parts if part.outcome == outcome and part.longrepr]
        file = report.nodeid.split("::")[0]
        self._tell(
            test=report.nodeid,
            outcome=outcome,
            seconds=sum(part.duration for part in parts),
            figures={str(name): _plain(value) for name, value in report.user_properties},
            seeds=self._seeds.get(file, []) + SEED.findall(report.capstdout),
            said="" if outcome == "passed" else "\n".join(said)[-LONGEST:],
        )
        del self._parts[report.nodeid]

    def _tell(self, **line: Any) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    if path := os.environ.get(TOLD):
        config.pluginmanager.register(Told(Path(path)), "trials-told")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is held on the other database."""
    others = DATABASES - {os.environ.get(DATABASE, "")}
    if len(others) == len(DATABASES):
        return
    (other,) = others
    left_out = [item for item in items if other in re.split(r"[\[\]-]", item.name)[1:]]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _plain(value: object) -> object:
    """A figure as JSON can hold it."""
    return value if isinstance(value, int | float | str | bool | None) else str(value)
