"""`bench soak` tells what did not stay as it was, and runs the real service."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.cli.bench_soak_figures import Sample, judged
from bot.cli.bench_soak_people import Seen
from tests.trials.programs import ROOT, environment

QUIET = Sample(0.0, (300_000_000,), (30,), {"session": 60, "outbox": 1, "day": 1}, 0.02, 0.1)


@dataclass
class Sixty:
    """People who wrote a hundred messages."""

    seen: Seen = field(default_factory=lambda: Seen(messages=100, came=70, left=10))
    at_once: int = 60


def missed(last: Sample, people: Sixty | None = None, wait: float = 0.1) -> object:
    samples = [replace(QUIET, at=float(number)) for number in range(12)] + [last] * 4
    return judged(samples, [wait] * 200, people or Sixty(), 10.0)["missed"]


def test_a_service_that_stays_as_it_is_has_missed_nothing() -> None:
    assert missed(QUIET) == []


def test_each_thing_that_grows_is_named() -> None:
    assert missed(replace(QUIET, memory=(315_000_001,))) == ["memory"]
    assert missed(replace(QUIET, files=(40,))) == ["open files"]
    assert missed(replace(QUIET, rows={**QUIET.rows, "session": 200})) == ["table session"]
    assert missed(replace(QUIET, rows={**QUIET.rows, "day": 90})) == ["table day"]


def test_answers_that_are_late_or_missing_are_named() -> None:
    assert missed(QUIET, wait=1.2) == ["p99"]
    assert missed(QUIET, Sixty(Seen(messages=100, lost=1))) == ["answers"]


@pytest.mark.whole
@pytest.mark.timeout(200)
def test_people_are_answered_all_the_while(tmp_path: Path) -> None:
    words = ("bench", "soak", "--minutes", "0.3", "--rate", "5", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=tmp_path,
        env=environment(ROOT),
        capture_output=True,
        check=False,
        text=True,
    )
    figures = json.loads(done.stdout)
    assert figures["messages"] > 20
    assert figures["without_answer"] == 0
    assert not [one for one in figures["missed"] if one.startswith("table")]
