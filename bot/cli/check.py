"""`quietline check` and `quietline test`: everything we promise of the code, in two commands.

It starts the tools and says how they ended. What they demand is decided in pyproject.toml and in
tests/house; how the words, flows and listings are judged is decided by their own commands.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from authored import did_you_mean

ROOT = Path(__file__).resolve().parents[2]

PYTHON = (sys.executable, "-P", "-m")
OURS = (*PYTHON, "bot")

CHECKS: dict[str, tuple[str, tuple[str, ...]]] = {
    # The slowest stands first, so that it does not run alone at the end.
    "types": ("mypy, strict", (*PYTHON, "mypy", ".")),
    "style": ("ruff check", (*PYTHON, "ruff", "check", "--output-format", "concise", ".")),
    "format": (
        "ruff format",
        (*PYTHON, "ruff", "format", "--check", "--output-format", "concise", "."),
    ),
    "safety": (
        "bandit: nothing that is known to be unsafe without a reason",
        (
            *(*PYTHON, "bandit", "-q", "-c", "pyproject.toml", "-r"),
            *("authored", "bot", "flows", "referral_directory", "understanding"),
        ),
    ),
    "house": (
        "who imports whom, and the house's other promises",
        (
            *PYTHON,
            "pytest",
            "-q",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            "tests/house/test_architecture.py",
        ),
    ),
    "flows": ("every flow keeps the rules", (*OURS, "flows", "lint")),
    "words": ("every catalogue keeps its placeholders", (*OURS, "i18n", "check")),
    "directory": ("every listing has a source and a date", (*OURS, "directory", "check")),
}
"""Name, what it looks at, and the command that looks. A command that is missing fails its check."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one check ended."""

    name: str
    passed: bool
    seconds: float
    said: str


def run_check(argv: Sequence[str] = ()) -> int:
    """Run the checks named in `argv`, or all, and print a line for each.

    Returns 0 when all passed, 1 when one failed, 2 when `argv` names none of ours.
    """
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for name in argv:
        if name not in CHECKS:
            console.print(f"There is no check '{name}'. {did_you_mean(name, CHECKS)}", markup=False)
            return 2
    names = [name for name in CHECKS if not argv or name in argv]
    with console.status("checking"), ThreadPoolExecutor(os.cpu_count()) as both_cores:
        verdicts = list(both_cores.map(_judge, names))
    table = Table(box=None, pad_edge=False)
    for heading in ("check", "", "seconds"):
        table.add_column(heading, justify="right" if heading == "seconds" else "left")
    table.add_column("looks at")
    for verdict in verdicts:
        sign = "[green]passed[/]" if verdict.passed else "[red]FAILED[/]"
        table.add_row(verdict.name, sign, f"{verdict.seconds:.1f}", CHECKS[verdict.name][0])
        if not verdict.passed:
            console.rule(verdict.name, align="left")
            console.print(verdict.said.strip(), markup=False, highlight=False, soft_wrap=True)
    console.print(table)
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def run_tests(argv: Sequence[str] = ()) -> int:
    """Run all tests, so that every core has work, or only what `argv` asks for.

    `argv` is in pytest's words. Returns pytest's exit code, which is 1 as well when a room is
    covered less than pyproject.toml demands; that is only asked of a whole run.
    """
    # One more than there are cores: who waits for a browser or a server leaves its core to others.
    at_once = str((os.cpu_count() or 1) + 1)
    whole = ("-n", at_once, "--dist", "worksteal", "--cov", "--cov-report=")
    demands = ("-p", "tests.house.rooms_covered")
    command = (*PYTHON, "pytest", *(argv or (*whole, *demands)))
    with TemporaryDirectory() as measured:
        # Apart from what another run in the same folder measures at the same time.
        environment = {**_environment(), "COVERAGE_FILE": f"{measured}/coverage"}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _judge(name: str) -> Verdict:
    began = time.monotonic()
    done = subprocess.run(
        CHECKS[name][1],
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - began
    return Verdict(name, done.returncode == 0, seconds, done.stdout + done.stderr)


def _environment() -> dict[str, str]:
    """Ours, but Python may keep what it compiled: every start of the program that a test tries
    would do all of that again, and every run all of the tests.
    """
    kept = {name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT)}
