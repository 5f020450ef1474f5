"""Looks into the memory of a running process, as whoever owns the machine can.

It decides nothing and shows nothing of what stands around a hit.
"""

import re
from collections.abc import Iterable
from pathlib import Path

_WRITABLE = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) rw", re.MULTILINE)
_FORMS = ("utf-8", "utf-16-le", "utf-32-le")
"""How Python keeps text, and how it goes over a line."""


def remembered(process: int, canaries: Iterable[str | bytes]) -> dict[str | bytes, int]:
    """How often each of those stands in the writable memory of a process; only what is there."""
    wanted = {
        one: {one} if isinstance(one, bytes) else {one.encode(form) for form in _FORMS}
        for one in canaries
    }
    found: dict[str | bytes, int] = {}
    maps = Path(f"/proc/{process}/maps").read_text("ascii")
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for start, end in _WRITABLE.findall(maps):
            memory.seek(int(start, 16))
            try:
                data = memory.read(int(end, 16) - int(start, 16))
            except OSError:
                continue  # given back meanwhile
            for one, forms in wanted.items():
                count = sum(data.count(form) for form in forms)
                if count:
                    found[one] = found.get(one, 0) + count
    return found
