"""One attempt in a process of its own, that can take nothing else along.

It decides when an attempt hangs. It knows nothing of faults or tests.
"""

import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable
from typing import Final

MEMORY: Final = 6 << 30
"""Bytes of address space: a fault may make a list without an end."""


def in_a_fork(attempt: Callable[[], int], seconds: float) -> str:
    """`survived` when it gave 0 in that time; else `noticed`, or `hung` when the time was over.

    It runs in a process group and with a temporary folder of its own; both are gone afterwards.
    """
    folder = tempfile.mkdtemp(prefix="fault-")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            _hush()
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = tempfile.tempdir = folder
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            code = attempt()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    _kill(child)
    shutil.rmtree(folder, ignore_errors=True)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return "hung"
    return "survived" if status == 0 else "noticed"


def _kill(group: int) -> None:
    """Whatever the attempt may have started."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _hush() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for one in (0, 1, 2):
        os.dup2(nowhere, one)
