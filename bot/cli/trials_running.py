"""Runs the proofs of trials in pytest, and gives what came of each test.

It decides when a trial has passed: every one of its tests that ran passed, and one ran at least.
What is tried, and how large, is decided by the tests themselves.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from bot.cli.trials_registry import ROOT, Trial

Verdict = Literal["passed", "FAILED", "not here"]
PYTEST = (
    *(sys.executable, "-P", "-m", "pytest", "-q", "--no-header", "--tb=short"),
    *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "tests.trial_told"),
    "--continue-on-collection-errors",
)
SECONDS_WHOLE = 3600
"""A test may take so long when it is run whole."""
LONGEST = 3_000
"""Letters that are kept of what a program said when it failed."""


@dataclass(frozen=True, slots=True)
class Tested:
    """How one test ended, or one command."""

    test: str
    outcome: str
    """passed, failed or skipped"""
    seconds: float
    figures: Mapping[str, Any]
    seeds: tuple[str, ...]
    said: str
    """Why it failed or was skipped."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a trial ended."""

    trial: Trial
    tests: tuple[Tested, ...]

    @property
    def verdict(self) -> Verdict:
        """A trial of which nothing could run is not here, whatever was planned."""
        if any(one.outcome == "failed" for one in self.tests):
            return "FAILED"
        return "passed" if any(one.outcome == "passed" for one in self.tests) else "not here"

    @property
    def seconds(self) -> float:
        """How long its tests took."""
        return sum(one.seconds for one in self.tests)


@dataclass(frozen=True, slots=True)
class Run:
    """How trials are run this time."""

    whole: bool = False
    database: str = ""
    """sqlite or postgresql; both when empty."""
    seed: str = ""

    def environment(self, trial: Trial) -> dict[str, str]:
        """The variables of a trial's tests, beside our own."""
        said = {"QUIETLINE_TRIALS_DATABASE": self.database, "QUIETLINE_SEED": self.seed}
        if self.whole:
            said |= {"QUIETLINE_TRIALS": "whole", **trial.environment}
        return {name: value for name, value in said.items() if value}


class Runner:
    """Runs trials one after the other; a test that proves several is run once."""

    def __init__(self, run: Run, under_way: Callable[[str], None]) -> None:
        self._run, self._under_way = run, under_way
        self._done: dict[tuple[str, str], tuple[Tested, ...]] = {}

    def result(self, trial: Trial) -> Result:
        """Run what proves this trial."""
        environment = self._run.environment(trial)
        key = json.dumps(environment, sort_keys=True)
        proofs = trial.proofs + (trial.only_whole if self._run.whole else ())
        new = [proof for proof in proofs if (proof, key) not in self._done]
        if new:
            tests = self._pytest(new, environment)
            for proof in new:
                inside = (f"{proof}[", f"{proof}::", f"{proof.rstrip('/')}/")
                mine = (one for one in tests if one.test == proof or one.test.startswith(inside))
                self._done[proof, key] = tuple(mine) or (_nothing(proof, tests),)
        tested = [one for proof in proofs for one in self._done[proof, key]]
        if self._run.whole:
            tested += [self._command(words, environment) for words in trial.commands]
        return Result(trial, tuple({one.test: one for one in tested}.values()))

    def _pytest(self, proofs: list[str], environment: Mapping[str, str]) -> list[Tested]:
        with TemporaryDirectory() as folder:
            told, said = Path(folder, "told"), Path(folder, "said")
            options = ("-o", f"timeout={SECONDS_WHOLE}") if self._run.whole else ()
            told.touch()
            with said.open("w", encoding="utf-8") as out, told.open(encoding="utf-8") as lines:
                program = subprocess.Popen(
                    [*PYTEST, *options, *proofs],
                    cwd=ROOT,
                    env=_environment({**environment, "QUIETLINE_TRIALS_TOLD": str(told)}),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
                tests = list(self._listen(program, lines))
            if program.returncode not in {0, 1, 5} and not any(_failed(tests)):
                ended = said.read_text("utf-8", errors="replace")[-LONGEST:]
                tests.append(Tested(proofs[0], "failed", 0, {}, (), ended))
        return tests

    def _listen(self, program: subprocess.Popen[bytes], lines: Any) -> Iterator[Tested]:
        """What the plugin tells, as it comes, until the program has ended."""
        part, over = "", False
        try:
            while not over:
                over = program.poll() is not None
                for line in lines:
                    part += line
                    if not part.endswith("\n"):
                        continue  # half of it is written
                    said, part = json.loads(part), ""
                    if begun := said.get("begun"):
                        self._under_way(begun)
                    else:
                        yield _tested(said)
                time.sleep(0 if over else 0.1)
        finally:
            if program.poll() is None:
                program.terminate()
                program.wait()

    def _command(self, words: str, environment: Mapping[str, str]) -> Tested:
        self._under_way(f"./quietline {words}")
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-P", "-m", "bot", *shlex.split(words)],
            cwd=ROOT,
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        outcome = "failed" if done.returncode else "passed"
        said = (done.stdout + done.stderr)[-LONGEST:]
        return Tested(f"./quietline {words}", outcome, time.monotonic() - began, {}, (), said)


def _tested(said: Mapping[str, Any]) -> Tested:
    return Tested(
        said["test"],
        said["outcome"],
        said.get("seconds", 0.0),
        said.get("figures", {}),
        tuple(dict.fromkeys(said.get("seeds", ()))),
        said.get("said", ""),
    )


def _nothing(proof: str, tests: list[Tested]) -> Tested:
    """What stands for a proof of which no test ran: if its file cannot be read, it failed."""
    fault = next((one for one in _failed(tests) if proof.startswith(one.test)), None)
    if fault is not None:
        return Tested(proof, "failed", 0, {}, (), f"It was not run: {fault.said}")
    return Tested(proof, "skipped", 0, {}, (), "It is not held on this database, or not here.")


def _failed(tests: list[Tested]) -> Iterator[Tested]:
    return (one for one in tests if one.outcome == "failed")


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    """The person's own, without what would make another run of it, and what is ours."""
    kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **ours, "PYTHONPATH": str(ROOT)}
