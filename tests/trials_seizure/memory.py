"""Looks into the memory of a running process, as whoever owns the machine can.

It decides nothing and shows nothing of what stands around a hit. All that is looked for begins with
the same few letters, so that one walk over the memory finds any of it.
"""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

_WRITABLE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw", re.MULTILINE)
_SWAPPED = re.compile(r"^VmSwap:\s+(\d+) kB", re.MULTILINE)
_FORMS = ("utf-8", "utf-16-le", "utf-32-le")
"""How Python keeps text, and how it goes over a line."""


def remembered(process: int, stem: str, canaries: Collection[str]) -> Counter[str]:
    """How often each of those stands in the writable memory of a process; only what is there."""
    patterns = {form: [(one, one.encode(form)) for one in canaries] for form in _FORMS}
    found: Counter[str] = Counter()
    for data in regions(process):
        for form, wanted in patterns.items():
            start = stem.encode(form)
            at = data.find(start)
            while at >= 0:
                found.update(one for one, whole in wanted if data.startswith(whole, at))
                at = data.find(start, at + 1)
    return found


def swapped(processes: Iterable[int]) -> int:
    """KiB of the memory of these processes that lie in swap now."""
    said = (Path(f"/proc/{one}/status").read_text("ascii") for one in processes)
    return sum(int(kept[1]) for one in said for kept in _SWAPPED.finditer(one))


def swap() -> list[Path]:
    """Where the system puts memory that it takes from processes, as far as this one may read it."""
    lines = Path("/proc/swaps").read_text("utf-8").splitlines()[1:]
    return [Path(line.split()[0]) for line in lines if os.access(line.split()[0], os.R_OK)]


def family(process: int) -> list[int]:
    """A process and those below it."""
    below = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [process, *(one for child in below for one in family(int(child)))]


def holds(process: int, secret: bytes) -> bool:
    """Whether those bytes stand there anywhere."""
    return any(secret in data for data in regions(process))


def regions(process: int) -> list[bytes]:
    """The writable memory of a process, piece by piece."""
    maps = Path(f"/proc/{process}/maps").read_text("ascii")
    found = []
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for start, end in _WRITABLE.findall(maps):
            memory.seek(int(start, 16))
            try:
                found.append(memory.read(int(end, 16) - int(start, 16)))
            except OSError:
                continue  # given back meanwhile
    return found
