"""What can go wrong in the store. Nothing of a group that failed was kept, whatever the reason.

StoreError
├── Full          the disk is full; goes on by itself when there is room
├── Locked        another process holds the database; goes on by itself when it lets go
├── ReadOnly      the file or its disk does not take writing
├── Damaged       the file does not hang together any more
├── NotADatabase  the file is something else
├── Unreachable   the file or its disk is gone, or fails
├── Unsafe        someone else owns it or could read it
├── TooNew        a newer version of the program made it
└── Conflict      someone else changed a row or took a delivery meanwhile: take the turns again
    └── Behind    another replica goes by a later day: look at the days first, then do so

No message holds a value of a row. Each ends with a sentence that helps.
"""

import shlex
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

BY_ITSELF: Final = "it goes on by itself"
"""Said of what passes, once somebody did what is said before it."""


class StoreError(Exception):
    """The store could not do it. `mend` is a sentence or a command that helps."""

    def __init__(self, path: Path | str, problem: str, mend: str) -> None:
        self.path = path
        self.mend = mend
        super().__init__(f"store {path}: {problem}. {mend}")

    @property
    def passes(self) -> bool:
        """Whether it is worth waiting: the same may be tried again as it is."""
        return BY_ITSELF in self.mend


class Full(StoreError):
    """There is no room."""


class Locked(StoreError):
    """Another process holds the database for longer than we wait."""


class ReadOnly(StoreError):
    """The file, its directory or its disk does not take writing."""


class Damaged(StoreError):
    """The file does not hang together any more."""


class NotADatabase(StoreError):
    """The file is something else."""


class Unreachable(StoreError):
    """The file is gone, was replaced, cannot be opened, or the disk fails."""


class Unsafe(StoreError):
    """Someone else owns the file or its directory, or could read it."""


class TooNew(StoreError):
    """A newer version of the program made the tables."""


class Conflict(StoreError):
    """What was loaded is not what is there any more. Take the turns of the group again."""


class Behind(Conflict):
    """Another replica has used a later day than this one knows. Look at the days again first."""


_MEANS: dict[int, tuple[type[StoreError], str, str]] = {
    sqlite3.SQLITE_FULL: (
        Full,
        "the disk is full",
        f"Free some space; {BY_ITSELF}.",
    ),
    sqlite3.SQLITE_BUSY: (
        Locked,
        "another process holds it",
        f"Let a backup or another copy of the service end; {BY_ITSELF}.",
    ),
    sqlite3.SQLITE_READONLY: (
        ReadOnly,
        "it does not take writing",
        "Make the file, its directory and its disk writable for the user that runs the service.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        Damaged,
        "it is damaged",
        "Stop the service, move the file aside and start again, or put a backup in its place.",
    ),
    sqlite3.SQLITE_NOTADB: (
        NotADatabase,
        "it is not a database",
        "Name another file, or move this one aside.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        Unreachable,
        "it cannot be opened",
        "Look whether its disk is mounted and its directory is there and writable.",
    ),
    sqlite3.SQLITE_CONSTRAINT: (
        Conflict,
        "something is there already",
        "Take the turns of the group again.",
    ),
}
_MEANS[sqlite3.SQLITE_LOCKED] = _MEANS[sqlite3.SQLITE_BUSY]
_MEANS[sqlite3.SQLITE_PERM] = _MEANS[sqlite3.SQLITE_READONLY]


def explained(path: Path, error: Exception) -> StoreError:
    """What a driver's error means for whoever runs the service."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_IOERR) or sqlite3.SQLITE_IOERR
    name = getattr(cause, "sqlite_errorname", type(cause).__name__)
    kind, problem, mend = _MEANS.get(
        code & 0xFF,
        (Unreachable, "its disk fails", "Look at the disk and at the system's journal."),
    )
    return kind(path, f"{problem} ({name})", mend)


def replaced(path: Path) -> Unreachable:
    """The file is not the one that was opened."""
    mend = "Stop the service before a database is moved or put in its place."
    return Unreachable(path, "it was moved, removed or replaced", mend)


def too_new(path: Path | str) -> TooNew:
    """The tables are of a version that this program does not know."""
    mend = "Start the newer version again, or move the file aside."
    return TooNew(path, "a newer version of the program made it", mend)


def behind(path: Path | str) -> Behind:
    """A later day is in use than the one we were told."""
    mend = (
        "It goes on by itself when this replica hears of the day. If a clock was wrong before and "
        "is right now: ./quietline keys destroy --all, and every conversation starts anew."
    )
    return Behind(path, "another replica goes by a later day", mend)


def open_to_others(path: Path, mode: str) -> Unsafe:
    """Group or others may look in."""
    mend = f"Close it: chmod {mode} {shlex.quote(str(path))}"
    return Unsafe(path, "others on this machine could read it", mend)


def not_ours(path: Path) -> Unsafe:
    """Another user owns it."""
    mend = f"Give it to the user that runs the service: chown $(id -u) {shlex.quote(str(path))}"
    return Unsafe(path, "it belongs to another user", mend)
