"""A command as somebody types it, run within this process: all that a process of its own would
add is a second for loading what is loaded here already. That it starts by itself is tried
elsewhere (`tests/trials/test_starting.py`). It decides nothing about what is said.
"""

import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest
import structlog

from bot import report
from bot.cli import main


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def typed(*words: str, **settings: str) -> Done:
    """Runs `quietline WORDS`, with these environment variables and none of ours besides."""
    groups = list(main.app.registered_groups)
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        with (
            _logs_as_before(),
            pytest.MonkeyPatch.context() as here,
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            for name in [one for one in os.environ if one.startswith("QUIETLINE_")]:
                here.delenv(name)
            for name, value in settings.items():
                here.setenv(name, value)
            here.setattr(sys, "argv", ["quietline", *words])
            main.main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        main.app.registered_groups[:] = groups
    return Done(code, out.getvalue(), err.getvalue())


@contextmanager
def _logs_as_before() -> Iterator[None]:
    """A command may say where logs go; those who come after it say it for themselves."""
    loggers = [logging.getLogger(name) for name in (None, *report.QUIETED)]
    before = [(one, one.level, [*one.handlers], one.propagate) for one in loggers]
    try:
        yield
    finally:
        for one, level, handlers, propagate in before:
            one.setLevel(level)
            one.handlers, one.propagate = handlers, propagate
        structlog.reset_defaults()
