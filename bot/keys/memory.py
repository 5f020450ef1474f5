"""Memory that keys may lie in: locked, in no core file, wiped when they go.

It decides where key bytes are and how they are made. It knows nothing of days. Key bytes must never
become a Python `bytes` here: those cannot be wiped.
"""

import ctypes
import mmap
import os
import resource
from typing import Final

PAIR: Final = 64
"""Bytes of one day: 32 of pepper, 32 of key."""
_SLOTS: Final = 128
"""Days that fit: a keep time of 720 hours needs 31, and one is made ahead."""
_PR_SET_DUMPABLE: Final = 4
_MCL_CURRENT_AND_FUTURE: Final = 3
_libc: Final = ctypes.CDLL(None, use_errno=True)


class Arena:
    """Locked memory with room for the keys of some days. Not for many threads at once."""

    def __init__(self) -> None:
        """`locked` says whether the system promised never to write it to a disk."""
        self._map = mmap.mmap(-1, _SLOTS * PAIR, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        address = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        length = ctypes.c_size_t(_SLOTS * PAIR)
        self.locked = _libc.mlock(ctypes.c_void_p(address), length) == 0
        for advice in (mmap.MADV_DONTDUMP, mmap.MADV_DONTFORK):
            self._map.madvise(advice)
        whole = memoryview(self._map)
        self._free = [whole[at : at + PAIR] for at in range(0, _SLOTS * PAIR, PAIR)]

    def take(self) -> memoryview:
        """64 bytes, all zero. Raises `IndexError` when there is no room, which never should be."""
        return self._free.pop()

    def give_back(self, slot: memoryview) -> None:
        """Wipes what was taken."""
        slot[:] = bytes(PAIR)
        self._free.append(slot)

    def __repr__(self) -> str:
        return "Arena()"


def fill(slot: memoryview) -> None:
    """Random bytes from the system, straight into that place."""
    source = os.open("/dev/urandom", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if os.readv(source, [slot]) != len(slot):  # pragma: no cover - so says random(4)
            raise OSError("the system gave too little randomness")
    finally:
        os.close(source)


def guard() -> tuple[str, ...]:
    """Keeps this process out of core files, swap and other processes' sight, as far as it may.

    Gives what could not be done: `core`, `dumpable`, `locked`.
    """
    missing = []
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):  # pragma: no cover - lowering is always allowed on Linux
        missing.append("core")
    if _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):  # pragma: no cover - allowed on Linux
        missing.append("dumpable")
    # With a limit, everything that is asked for later would have to fit in it: rather the keys
    # alone are locked then, by `Arena`.
    _, most = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if (most != resource.RLIM_INFINITY and os.geteuid()) or _libc.mlockall(_MCL_CURRENT_AND_FUTURE):
        missing.append("locked")
    return tuple(missing)
