"""What came of a run of trials, on paper: report.md for people, report.json for programs.

It decides the words and nothing else. It names the machine by what it can do, and by no name.
"""

import json
import os
import platform
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cli.trials_registry import ROOT, Trial
from bot.cli.trials_running import Result, Run, Tested

FEW = 12
"""So many tests of a trial are named one by one; of more, those that failed or say something."""


@dataclass(frozen=True, slots=True)
class Report:
    """A run that is over, or was broken off."""

    results: Sequence[Result]
    run: Run
    began: datetime
    seconds: float

    def counts(self) -> Counter[str]:
        """How many trials ended in which way."""
        return Counter(result.verdict for result in self.results)

    def write(self, folder: Path) -> None:
        """Write both files. Raises `OSError` when they cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        as_json = json.dumps(self._data(), indent=1, ensure_ascii=False)
        (folder / "report.json").write_text(as_json + "\n", encoding="utf-8")
        (folder / "report.md").write_text("\n".join(self._lines()) + "\n", encoding="utf-8")

    def _data(self) -> dict[str, Any]:
        return {
            **self._about(),
            "counts": self.counts(),
            "trials": [_as_data(result) for result in self.results],
        }

    def _about(self) -> dict[str, Any]:
        return {
            "version": version(),
            "began": self.began.astimezone(UTC).isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 1),
            "size": "whole" if self.run.whole else "small",
            "database": self.run.database or "both, where a trial has both",
            "seed": self.run.seed or "new for each; see the trial",
            **machine(),
        }

    def _lines(self) -> Iterator[str]:
        yield "# Trials"
        yield ""
        for name, value in self._about().items():
            yield f"- {name}: {value}"
        yield f"- {said_counts(self.counts())}"
        if not self.run.whole:
            yield "- Each was tried a few times only: `--whole` tries it as often as it demands."
        yield ""
        yield "| | trial | can be shown here | came out | seconds |"
        yield "|---:|---|---|---|---:|"
        for one in self.results:
            row = (one.trial.number, one.trial.title, one.trial.status, one.verdict)
            yield f"| {' | '.join(map(str, row))} | {one.seconds:.1f} |"
        for result in self.results:
            yield from _about_trial(result)


def said_counts(counts: Mapping[str, int]) -> str:
    """`40 passed, 1 failed, 3 not here`."""
    named = (("passed", "passed"), ("FAILED", "failed"), ("not here", "not here"))
    return ", ".join(f"{counts.get(verdict, 0)} {said}" for verdict, said in named)


def version() -> str:
    """The version of the source that was tried."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def machine() -> dict[str, str | int]:
    """What the figures depend on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
    }


def about(trial: Trial) -> Iterator[tuple[str, str]]:
    """What the registry says of a trial: a word for each part, and the part."""
    yield "demands", trial.criterion
    if trial.shows:
        yield "shows", trial.shows
    if trial.lacks:
        yield "lacks", trial.lacks
    if trial.needs:
        yield "needs", trial.needs


def _about_trial(result: Result) -> Iterator[str]:
    yield ""
    yield f"## {result.trial.number} {result.trial.title}: {result.verdict}"
    yield ""
    for word, said in about(result.trial):
        yield f"- {word}: {said}"
    if not result.tests:
        return
    counts = Counter(one.outcome for one in result.tests)
    yield f"- tests: {', '.join(f'{count} {outcome}' for outcome, count in counts.items())}"
    for one in result.tests:
        if len(result.tests) <= FEW or one.outcome == "failed" or one.figures:
            yield from _about_test(one)


def _about_test(one: Tested) -> Iterator[str]:
    figures = ", ".join(f"{name} {value}" for name, value in one.figures.items())
    seeds = f"seed {', '.join(one.seeds)}" if one.seeds else ""
    more = "; ".join(part for part in (figures, seeds) if part)
    yield f"    - {one.outcome}, {one.seconds:.1f} s: `{one.test}`{f' ({more})' if more else ''}"
    if one.outcome != "passed" and one.said:
        yield ""
        yield from (f"          {line}" for line in one.said.strip().splitlines())
        yield ""


def _as_data(result: Result) -> dict[str, Any]:
    return {
        "number": result.trial.number,
        "title": result.trial.title,
        "status": result.trial.status,
        **dict(about(result.trial)),
        "verdict": result.verdict,
        "seconds": round(result.seconds, 1),
        "tests": [
            {
                "test": one.test,
                "outcome": one.outcome,
                "seconds": round(one.seconds, 2),
                "figures": one.figures,
                "seeds": one.seeds,
                "said": one.said,
            }
            for one in result.tests
        ],
    }
