"""Looks into the memory of a running process, as whoever owns the machine can.

It decides nothing and shows nothing of what stands around a hit. All that is looked for begins with
the same few letters, so that one walk over the memory finds any of it.
"""

import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

_WRITABLE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw", re.MULTILINE)
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
