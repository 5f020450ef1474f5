"""What takes longest to build from the program's own files, kept beside it from start to start.

Python keeps what it compiled in `__pycache__`, and believes what it finds there. This does the
same, in the same folder and by the same trust: a file is believed when nobody but its owner, who
is us or root, can write to it or its folder, and it is written only where Python would write.
It is of one state of every file that it came from; of any other it is not taken. It decides
nothing about what is built, and must never be given anything of a person.
"""

import hashlib
import os
import pickle  # nosec B403: see `_believed`
import sys
import sysconfig
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar, cast

Built = TypeVar("Built")
ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("authored", "flows", "understanding")
"""Whose code builds what is kept."""
OF = ("*.py", "weights/*")
"""Which of their files it comes from: code, and models that were trained."""
FOLDER = Path(__file__).resolve().parent / "__pycache__"
OTHERS_WRITE = 0o022
MOST_KEPT = 4
"""States of a name that are kept: of the program, and of words that are tried beside it."""


def kept(name: str, of: str, build: Callable[[], Built], folder: Path = FOLDER) -> Built:
    """What `build` gives, or gave in an earlier start from the same files.

    `of` says of what it is built: all of it, in any form. What `build` raises is raised. A folder
    that cannot be written to, and a file that cannot be read, cost time and nothing else.
    """
    state = hashlib.sha256(f"{program()}\n{of}".encode("utf-8", "surrogatepass")).hexdigest()
    file = folder / f"{name}-{state[:32]}.built"
    try:
        if _believed(file):
            _used(file)
            return cast("Built", pickle.loads(file.read_bytes()))  # noqa: S301 # nosec B301: as above
    except Exception:  # noqa: BLE001, S110 # nosec B110: of another Python, or cut: built anew
        pass
    built = build()
    if not sys.dont_write_bytecode:
        _keep(file, built)
    return built


def _believed(file: Path) -> bool:
    """Whether only those could write it who could as well change the program itself."""
    states = [path.stat() for path in (file, file.parent)] if file.is_file() else []
    ours = {0, os.geteuid()}
    return bool(states) and all(
        state.st_uid in ours and not state.st_mode & OTHERS_WRITE for state in states
    )


def _used(file: Path) -> None:
    """It is put away last: told to the nanosecond, which the system by itself does not."""
    now = time.time_ns()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            os.utime(file, ns=(now, now))


def _keep(file: Path, built: object) -> None:
    name = file.name.rpartition("-")[0]
    try:
        # Made and thought of whole before it has its name: two may start at once.
        data = pickle.dumps(built, pickle.HIGHEST_PROTOCOL)
        file.parent.mkdir(exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as made:
            made.write(data)
        Path(made.name).replace(file)
        _used(file)
        others = [one for one in file.parent.glob(f"{name}-*.built") if one != file]
        others.sort(key=lambda one: one.stat().st_mtime_ns)
        for older in others[: 1 - MOST_KEPT]:
            older.unlink(missing_ok=True)
    except (OSError, pickle.PicklingError, AttributeError, TypeError):
        return


@cache
def program() -> str:
    """This Python, its libraries, and all code and models that build, as they are."""
    files = (path for room in ROOMS for of in OF for path in sorted((ROOT / room).rglob(of)))
    states = ((path, path.stat()) for path in files)
    libraries = Path(sysconfig.get_paths()["purelib"]).stat().st_mtime_ns
    told = [
        f"{path.relative_to(ROOT)}:{state.st_size}:{state.st_mtime_ns}" for path, state in states
    ]
    return "\n".join([sys.version, str(libraries), *told])
