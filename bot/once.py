"""Keeps what was read from the files of a folder until one of them changes.

A program that builds several services reads once. What is kept is only what people wrote in files
of the program, the same for everyone, and never changed by those who use it. It decides nothing
about what is read, and must never be given anything of a person.
"""

import gc
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from bot import compiled

Read = TypeVar("Read")
_Stamp = tuple[tuple[str, int, int], ...]
MOST_KEPT = 16
"""Things kept; the oldest makes room."""

MOST_MADE = 8
"""Things made of what was read that are kept; the oldest makes room."""

_kept: dict[Hashable, tuple[_Stamp, object]] = {}
_made: dict[Hashable, tuple[tuple[object, ...], object]] = {}


def once(what: Hashable, folder: Path, read: Callable[[], Read], *, kept: str = "") -> Read:
    """What `read` gives, or gave before under the name `what` while `folder` was as it is now.

    What `read` raises is raised, and tried anew the next time. With a name in `kept` it outlasts
    the program: for what comes of `what`, `folder` and the program's own files alone.
    """
    stamp = _stamp(folder)
    key = (what, folder)
    if key in _kept and _kept[key][0] == stamp:
        return cast("Read", _kept[key][1])
    with _left_in_peace():
        found = compiled.kept(kept, repr((what, stamp)), read) if kept else read()
    _kept.pop(key, None)
    while len(_kept) >= MOST_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[key] = (stamp, found)
    return found


def made_once(what: str, of: tuple[object, ...], make: Callable[[], Read]) -> Read:
    """What `make` gives, or gave before under the name `what` of the very same things, which nobody
    changes: each is what `once` gave, or comes of it.
    """
    key = (what, *map(id, of))
    if key in _made:
        return cast("Read", _made[key][1])
    with _left_in_peace():
        found = make()
    while len(_made) >= MOST_MADE:
        _made.pop(next(iter(_made)), None)
    # Beside it stands what it is of: as long as that is kept, nothing else is called by its `id`.
    _made[key] = (of, found)
    return found


@contextmanager
def _left_in_peace() -> Iterator[None]:
    """No looking for waste meanwhile: what is read stays, and looking through it over and over
    takes a third of a start.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():
                # All of it goes to what is old at once, instead of being looked through for that.
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _stamp(folder: Path) -> _Stamp:
    """Path, size in bytes and time of the last change in nanoseconds of every file in it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    states = ((path, path.stat()) for path in files)
    return tuple(
        (str(path.relative_to(folder)), state.st_size, state.st_mtime_ns) for path, state in states
    )
