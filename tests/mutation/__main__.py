"""Which small faults do the tests notice? For `python -m tests.mutation [ROOM|FILE…]`.

It decides how a room is tried: once without a fault, then once for each. It ends with 0 when enough
was noticed in each room, with 1 when not, and with 2 when it could not say.
"""

import argparse
import importlib
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tests.mutation.mutants import mutants
from tests.mutation.putting import Fault, text_of
from tests.mutation.rooms import LEAST, Room, equivalents, named
from tests.mutation.trying import Reach, measured, try_inside, try_outside
from tests.trial import seed

OURS: Final = frozenset(
    {"authored", "bot", "flows", "locales", "referral_directory", "tests", "understanding"}
)
OUT: Final = os.fdopen(os.dup(1), "w", encoding="utf-8")
"""Where it is said what was found; what pytest prints in between goes nowhere."""


@dataclass(slots=True)
class Run:
    """What became of each fault so far."""

    until: float
    """By `time.monotonic`."""
    report: Path | None
    endings: dict[str, str] = field(default_factory=dict)
    """How each ended (noticed, hung, survived, not reached), by `key_of`."""

    def hear(self, fault: Fault, ending: str) -> bool:
        """Notes one, and says whether there is time for another."""
        self.endings[key_of(fault)] = ending
        if not _is_noticed(ending):
            one = fault.mutant
            _say(f"{fault.file}:{one.line}: {one.what} ({ending})\n    {one.text}")
        return time.monotonic() < self.until

    def keep(self) -> None:
        """Writes the report, where one is wanted; what it said of other files stays."""
        if self.report is not None:
            text = json.dumps({**_read(self.report), **self.endings}, indent=1, ensure_ascii=False)
            self.report.write_text(text + "\n", "utf-8")


def key_of(fault: Fault) -> str:
    """The same for as long as its file stays as it is up to that line."""
    one = fault.mutant
    return f"{fault.file} {one.number}: {one.what}: {one.text}"


def main(argv: Sequence[str] | None = None) -> int:
    """Tries what is named, or every room."""
    asked = _arguments(argv)
    try:
        rooms = named(asked.what)
    except LookupError as error:
        _say(error.args[0])
        return 2
    if len(rooms) == 1:
        return _try_room(rooms[0], asked)
    # Each room in a process of its own: a file must not be loaded before its faults are tried.
    options = [one for one in argv or sys.argv[1:] if one not in asked.what]
    command = (sys.executable, "-P", "-m", "tests.mutation")
    codes = [
        subprocess.run((*command, one.name, *options), check=False).returncode for one in rooms
    ]
    return max(codes, default=0)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    about = "Which small faults in the code do its tests notice?"
    parser = argparse.ArgumentParser(prog="quietline mutation", description=about)
    parser.add_argument("what", nargs="*", help="rooms of tests/mutation/rooms.yaml, or files")
    parser.add_argument("--seconds", type=float, default=3_600, help="end after about that long")
    parser.add_argument("--slowest", type=float, default=1.0, help="leave out slower tests")
    parser.add_argument("--sample", type=int, default=0, help="only so many, by chance")
    parser.add_argument("--report", type=Path, help="how each fault ended, as JSON")
    parser.add_argument(
        "--again", action="store_true", help="take what the report says was noticed as noticed"
    )
    return parser.parse_args(argv)


def _try_room(room: Room, asked: argparse.Namespace) -> int:
    run = Run(time.monotonic() + asked.seconds, asked.report)
    alike = equivalents()
    every = [Fault(file, one) for file in room.files for one in mutants(text_of(file))]
    faults = [fault for fault in every if not any(one.fits(fault) for one in alike)]
    if asked.sample:
        faults = random.Random(seed()).sample(faults, min(asked.sample, len(faults)))
    if asked.again:
        before = _read(run.report)
        known = {key_of(one): before.get(key_of(one), "") for one in faults}
        run.endings = {key: ending for key, ending in known.items() if _is_noticed(ending)}
    with ProcessPoolExecutor(1, get_context("fork")) as apart:
        try:
            reach, loaded = apart.submit(_measured, room, asked.slowest).result()
        except RuntimeError as error:
            _say(error.args[0])
            return 2
    _say(f"{room.name}: {len(faults)} faults, {len(every) - len(faults)} more change nothing")
    _say(f"{len(reach.seconds)} tests of {sum(reach.seconds.values()):.1f} s have to notice them")
    _try([one for one in faults if key_of(one) not in run.endings], room, reach, loaded, run)
    run.keep()
    return _told(run, len(faults))


def _measured(room: Room, slowest: float) -> tuple[Reach, list[str]]:
    """What the tests reach, and the libraries that they load."""
    reach = measured(room.files, room.tests, slowest)
    return reach, [name for name in sys.modules if name.partition(".")[0] not in OURS]


def _try(
    faults: Sequence[Fault], room: Room, reach: Reach, loaded: Sequence[str], run: Run
) -> None:
    reached = [one for one in faults if reach.of(one)]
    for fault in faults:
        if not reach.of(fault):
            run.hear(fault, "not reached")
    for name in loaded:
        with suppress(Exception):
            importlib.import_module(name)
    for inside, attempt in ((True, try_inside), (False, try_outside)):
        some = [one for one in reached if reach.is_inside(one) is inside]
        if some and time.monotonic() < run.until:
            attempt(some, room.tests, reach, run.hear)


def _told(run: Run, count: int) -> int:
    endings = Counter(run.endings.values())
    if len(run.endings) < count:
        _say(f"ended early: {count - len(run.endings)} of {count} faults were not tried")
    noticed = sum(many for ending, many in endings.items() if _is_noticed(ending))
    rate = 100 * noticed / max(1, len(run.endings))
    _say(f"{dict(endings)}: {rate:.1f} % noticed, {LEAST} % are wanted")
    if len(run.endings) < count:
        return 2
    return 0 if rate >= LEAST else 1


def _say(line: str) -> None:
    OUT.write(line + "\n")
    OUT.flush()


def _is_noticed(ending: str) -> bool:
    return ending in {"noticed", "hung"}


def _read(report: Path | None) -> dict[str, str]:
    if report is None or not report.exists():
        return {}
    said: dict[str, str] = json.loads(report.read_text("utf-8"))
    return said


if __name__ == "__main__":
    sys.exit(main())
