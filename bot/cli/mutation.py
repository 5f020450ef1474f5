"""`quietline mutation`: whether tests notice small faults in the code that matters most.

It hands over to tests/mutation and decides nothing: which files, which tests and what is enough is
said there. The service runs without it.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_mutation(
    what: Sequence[str], seconds: float, report: Path | None, *, again: bool = False
) -> int:
    """Tries these rooms or files, or all rooms.

    Returns 0 when enough was noticed, 1 when not, 2 when it could not be said: the time was over,
    a name is unknown, or the tests fail without any fault.
    """
    options = [f"--seconds={seconds}", *(["--again"] if again else [])]
    if report is not None:
        options.append(f"--report={report.absolute()}")
    command = (sys.executable, "-P", "-m", "tests.mutation", *what, *options)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
