"""Tries each fault in a process of its own, with the quick tests that come by its line.

It decides which tests are asked, and in which order. Everything is loaded once, and each fault is
one fork of that. A fault in a function is put into what is loaded; one outside of functions needs
its file to be loaded anew. It must not judge how many noticed faults are enough.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pytest

from tests.mutation.forks import in_a_fork
from tests.mutation.leaving import leave_nothing
from tests.mutation.putting import ROOT, Fault, Instead, put_in

NO_MATTER: Final = "ignore::pytest.PytestAssertRewriteWarning"
"""Libraries are loaded before pytest looks at them."""
QUICK: Final = (
    "-q",
    "-W",
    NO_MATTER,
    "-p",
    "no:xdist",
    "-p",
    "no:cacheprovider",
    "--timeout=0",
    "-s",
)
SETUP: Final = " (set up)"
LOADING: Final = ""
"""What coverage calls the time before the first test."""
LEAST_SECONDS: Final = 10
"""What a fault is given at least; and ten times what its tests took of the processor."""

Tell = Callable[[Fault, str], bool]
"""Hears how a fault ended; False ends the run."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests come by which line, and how long each takes."""

    by_line: dict[str, dict[int, tuple[str, ...]]]
    seconds: dict[str, float]

    def is_inside(self, fault: Fault) -> bool:
        """Whether tests come by that line; otherwise it has done its work once all is loaded."""
        lines = self.by_line.get(fault.file, {})
        ids = lines.get(fault.mutant.line) or lines.get(fault.mutant.begins, ())
        return bool(fault.mutant.inside) and set(ids) != {LOADING}

    def of(self, fault: Fault) -> tuple[str, ...]:
        """The tests that come by that line, quickest first; for a line outside of functions, by
        any line of its file. Where a function waits, those that come by another line of it follow:
        Python does not tell of a line that is come to after a wait that ended with an error.
        """
        lines = self.by_line.get(fault.file, {})
        ids: Sequence[str] = lines.get(fault.mutant.line) or lines.get(fault.mutant.begins, ())
        # What is set up for one test may serve all of its file.
        files = {one.partition("::")[0] for one in ids if one.endswith(SETUP)}
        if files:
            ids = (*ids, *(one for one in self.seconds if one.partition("::")[0] in files))
        if not self.is_inside(fault):
            ids = tuple({one for some in lines.values() for one in some}) or tuple(self.seconds)
        rest = (one for line in fault.mutant.waits for one in lines.get(line, ()))
        return tuple(dict.fromkeys((*self._quick(ids), *self._quick(rest))))

    def _quick(self, ids: Iterable[str]) -> list[str]:
        return sorted({one for one in ids if one in self.seconds}, key=self.seconds.__getitem__)

    def limit(self, ids: Sequence[str]) -> float:
        """Seconds until a fault counts as one that hangs."""
        return LEAST_SECONDS + 10 * sum(self.seconds[one] for one in ids)


class _Noting:
    """A pytest plugin: how long each test takes, and by which lines it comes."""

    def __init__(self, watch: Any) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self._watch = watch

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._watch.switch_context(item.nodeid + SETUP)
        self.seconds[item.nodeid] = 0.0
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        # Of the processor: how busy the machine is must not decide which tests count as quick, nor
        # which of a file comes first and has to set up what all of them use.
        self._watch.switch_context(item.nodeid)
        began = time.process_time()
        ended = yield
        self._watch.switch_context(item.nodeid + SETUP)
        self.seconds[item.nodeid] = time.process_time() - began
        return ended

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


class _Trying:
    """A pytest plugin: instead of running the tests once, a fork for each fault runs its own."""

    def __init__(
        self, faults: Sequence[Fault], reach: Reach, tell: Callable[[int, str], None]
    ) -> None:
        self._faults, self._reach, self._tell = faults, reach, tell

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}

        def run(ids: Iterable[str]) -> str:
            return _run(session, [items[one] for one in ids if one in items])

        # What is made once and kept (an empty database, the words of a page) is made before.
        firsts = {one.partition("::")[0]: one for one in reversed(self._reach.seconds)}
        run(firsts.values())
        leave_nothing(session.config, {fault.file for fault in self._faults})
        _sound(lambda: int(bool(run(self._reach.seconds))), self._reach)
        lately: dict[tuple[str, str], list[str]] = {}
        for number, fault in enumerate(self._faults):
            known = lately.setdefault((fault.file, fault.mutant.inside), [])
            ids = likely_first(self._reach.of(fault), known)
            came, goes = os.pipe()
            os.set_blocking(came, False)  # a fault that hangs says nothing

            def attempt(fault: Fault = fault, ids: Sequence[str] = ids, goes: int = goes) -> int:
                put_in(fault)
                failed = run(ids)
                os.write(goes, failed.encode())
                return int(bool(failed))

            self._tell(number, in_a_fork(attempt, self._reach.limit(ids)))
            with suppress(BlockingIOError):
                known.append(os.read(came, 4_096).decode())
            os.close(came)
            os.close(goes)
        return True


def likely_first(ids: Sequence[str], lately: Sequence[str]) -> tuple[str, ...]:
    """Those tests in another order: who noticed the last faults of a function will notice most of
    the next. `lately`: who noticed, the last one last.
    """
    there = set(ids)
    return tuple(dict.fromkeys((*(one for one in reversed(lately) if one in there), *ids)))


def measured(files: Sequence[str], tests: Sequence[str], most_seconds: float) -> Reach:
    """Runs the tests once without a fault. Tests slower than `most_seconds` are left out after.

    Raises `RuntimeError` when one fails: then nothing could be said of a fault.
    """
    import coverage  # noqa: PLC0415  # only where it measures

    paths = [str(ROOT / file) for file in files]
    watch = coverage.Coverage(data_file=None, config_file=False, include=paths)
    noting = _Noting(watch)
    watch.start()
    with _silent():
        code = pytest.main([*QUICK, *tests], plugins=[noting])
    watch.stop()
    if code or noting.failed:
        raise RuntimeError(f"without any fault these do not pass: {noting.failed or code}")
    quick = {one: spent for one, spent in noting.seconds.items() if spent <= most_seconds}
    data = watch.get_data()
    by_line = {
        file: {line: tuple(ids) for line, ids in data.contexts_by_lineno(str(ROOT / file)).items()}
        for file in files
    }
    return Reach(by_line, quick)


def try_inside(
    faults: Sequence[Fault],
    tests: Sequence[str],
    reach: Reach,
    tell: Tell,
) -> None:
    """Tries faults that lie in functions, in a process of its own that has loaded everything.

    Raises `RuntimeError` when it ended before all were tried.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        with os.fdopen(theirs, "w") as out:
            _inside(faults, tests, reach, lambda at, how: print(at, how, file=out, flush=True))
        os._exit(0)
    os.close(theirs)
    told = 0
    with os.fdopen(ours) as came:
        for line in came:
            number, ending = line.split()
            told += 1
            if not tell(faults[int(number)], ending):
                os.kill(child, signal.SIGKILL)
                told = len(faults)
                break
    os.waitpid(child, 0)
    if told < len(faults):
        raise RuntimeError("the tests could not be run with a fault in them")


def _inside(
    faults: Sequence[Fault], tests: Sequence[str], reach: Reach, tell: Callable[[int, str], None]
) -> None:
    plugin = _Trying(faults, reach, tell)
    with _silent():
        pytest.main([*QUICK, *tests], plugins=[plugin])


def try_outside(
    faults: Sequence[Fault],
    tests: Sequence[str],
    reach: Reach,
    tell: Tell,
) -> None:
    """Tries faults outside of functions: nothing of ours may have been imported before."""

    def attempt(fault: Fault | None, ids: Sequence[str]) -> int:
        if fault is not None:
            sys.meta_path.insert(0, Instead(fault))
        return int(bool(pytest.main([*QUICK, "-x", *tests], plugins=[_Chosen(ids)])))

    if faults:
        _sound(partial(attempt, None, tuple(reach.seconds)), reach)
    for fault in faults:
        ids = reach.of(fault)
        if not tell(fault, in_a_fork(partial(attempt, fault, ids), reach.limit(ids))):
            break


def _sound(attempt: Callable[[], int], reach: Reach) -> None:
    """Raises `RuntimeError` when the tests fail here without any fault."""
    ending = in_a_fork(attempt, 3 * reach.limit(tuple(reach.seconds)))
    if ending != "survived":
        raise RuntimeError(f"without any fault the tests failed in a fork ({ending})")


class _Chosen:
    """A pytest plugin: only these tests, in this order."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = {one: at for at, one in enumerate(ids)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._ids),
            key=lambda item: self._ids[item.nodeid],
        )


def _run(session: pytest.Session, items: Sequence[pytest.Item]) -> str:
    """Runs these tests until one fails; gives its name, or nothing when none did."""
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return item.nodeid
    return ""


@contextmanager
def _silent() -> Iterator[None]:
    """What pytest says of its own goes nowhere; what is told of faults goes another way."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
