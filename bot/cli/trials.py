"""`quietline trials`: tries the service in the ways that are numbered in tests/trials/registry.

    list    every trial, and how much of it can be shown on one machine
    run     those that are named: 7, 27-30, 27,28
    all     every one

It shows how it goes and writes the report. What a trial demands, and what proves it, stands in
the registry; what is tried is decided by the tests.
"""

import json as json_
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from bot.cli.trials_registry import Trial
    from bot.cli.trials_running import Result

trials_app = typer.Typer(no_args_is_help=True)

Whole = Annotated[bool, typer.Option("--whole", help="As often as each demands; takes hours.")]
Database = Annotated[
    Literal["", "sqlite", "postgresql"],
    typer.Option("--database", help="Only on this one, where a trial is held on both."),
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, help="The chance of an earlier run, once more.")
]
Into = Annotated[
    Path, typer.Option("--report", help="Folder for report.md and report.json.", file_okay=False)
]
HERE = Path("trials-report")


@trials_app.command("list")
def list_(*, json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Every trial: what it demands, and how much of it can be shown on one machine."""
    from collections import Counter

    from bot.cli.trials_registry import read_registry
    from bot.cli.trials_report import about

    trials = read_registry()
    if json:
        data = [{"status": one.status, **one.model_dump(mode="json")} for one in trials.values()]
        print(json_.dumps(data, ensure_ascii=False, indent=1))
        return
    for trial in trials.values():
        print(f"{trial.number:3} {trial.title}  [{trial.status}]")
        for word, said in about(trial):
            print(f"      {word}: {said}")
    counts = Counter(trial.status for trial in trials.values())
    print(", ".join(f"{count} {status}" for status, count in counts.items()))


@trials_app.command("run")
def run_(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="7, 27-30 or 27,28.")],
    database: Database = "",
    seed: Seed = None,
    report: Into = HERE,
    *,
    whole: Whole = False,
) -> None:
    """Hold the trials that are named. Exits 1 when one failed."""
    from bot.cli.trials_registry import chosen, read_registry

    trials = chosen(numbers, read_registry())
    raise typer.Exit(_hold(trials, database, seed, report, whole=whole))


@trials_app.command("all")
def all_(
    database: Database = "", seed: Seed = None, report: Into = HERE, *, whole: Whole = False
) -> None:
    """Hold every trial. Exits 1 when one failed."""
    from bot.cli.trials_registry import read_registry

    trials = list(read_registry().values())
    raise typer.Exit(_hold(trials, database, seed, report, whole=whole))


def _hold(
    trials: "list[Trial]", database: str, seed: int | None, into: Path, *, whole: bool
) -> int:
    from rich.console import Console
    from rich.text import Text

    from bot.cli.trials_report import Report, said_counts
    from bot.cli.trials_running import Run, Runner

    console = Console(highlight=False, markup=False, soft_wrap=True)
    run = Run(whole=whole, database=database, seed="" if seed is None else str(seed))
    began, clock, results = datetime.now(UTC), time.monotonic(), list["Result"]()
    try:
        with console.status("beginning") as status:
            # A Text, because the name of a test may hold what looks like markup.
            runner = Runner(run, lambda test: status.update(Text(f"{len(results)} done; {test}")))
            for trial in trials:
                results.append(runner.result(trial))
                console.print(_line(results[-1]))
                for said in _faults(results[-1]):
                    console.print(said)
    finally:
        # Also when it is broken off: what was found until then took its time.
        done = Report(results, run, began, time.monotonic() - clock)
        try:
            done.write(into)
        except OSError as error:
            print(f"{into}: {error.strerror}; there is no report", file=sys.stderr)
        else:
            print(f"{said_counts(done.counts())}; the report is in {into / 'report.md'}")
    return 1 if done.counts()["FAILED"] else 0


def _line(result: "Result") -> str:
    named = f"{result.trial.number:3}  {result.verdict:8}  {result.trial.title}"
    figures = {name: value for one in result.tests for name, value in one.figures.items()}
    more = [f"{name} {value}" for name, value in figures.items()]
    seeds = dict.fromkeys(seed for one in result.tests for seed in one.seeds)
    more += [f"seed {seed}" for seed in seeds]
    took = f"  {len(result.tests)} tests, {result.seconds:.1f} s" if result.tests else ""
    return named + took + (f"  ({', '.join(more)})" if more else "")


def _faults(result: "Result") -> list[str]:
    failed = [one for one in result.tests if one.outcome == "failed"]
    return [f"     FAILED {one.test}\n{one.said}" for one in failed]
