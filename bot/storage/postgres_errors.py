"""What an error of a PostgreSQL server means for whoever runs the service.

It goes by the error's code alone, and by a few fixed words where the driver has no code. It repeats
nothing of what the server said: that may hold a value, a user or a host.
"""

from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from bot.storage.errors import (
    BY_ITSELF,
    Conflict,
    Damaged,
    Full,
    Locked,
    NotADatabase,
    ReadOnly,
    StoreError,
    Unreachable,
)

_Meaning = tuple[type[StoreError], str, str]

_DOWN: Final[_Meaning] = (
    Unreachable,
    "the server does not answer",
    f"Look whether PostgreSQL runs and can be reached; {BY_ITSELF}.",
)
_MANY: Final[_Meaning] = (
    Locked,
    "the server has no connection left for us",
    f"Raise max_connections, or run fewer replicas; {BY_ITSELF}.",
)
_BUSY: Final[_Meaning] = (
    Locked,
    "another process holds it for long",
    f"Let a backup or another copy of the service end; {BY_ITSELF}.",
)
_MEANWHILE: Final[_Meaning] = (
    Conflict,
    "somebody else changed it meanwhile",
    "Take the turns of the group again.",
)
_FULL: Final[_Meaning] = (
    Full,
    "the server's disk is full",
    f"Free some space on it; {BY_ITSELF}.",
)
_READ_ONLY: Final[_Meaning] = (
    ReadOnly,
    "the server does not take writing",
    "Name the primary server, not a copy of it, and look at default_transaction_read_only.",
)
_REFUSED: Final[_Meaning] = (
    Unreachable,
    "the server does not let us in",
    "Look at the user, the password in database_file, and pg_hba.conf.",
)
_TLS: Final[_Meaning] = (
    Unreachable,
    "the way to the server is not encrypted as it should be",
    "Add sslrootcert=FILE of its issuer, or sslmode=disable where the network is yours alone.",
)
_NOT_OURS: Final[_Meaning] = (
    ReadOnly,
    "the server's user may not do this",
    "Make the service's user the owner of the database: ALTER DATABASE … OWNER TO …",
)
_DAMAGED: Final[_Meaning] = (
    Damaged,
    "the server says that its files are damaged",
    "Stop the service, and put a backup in their place.",
)
_NONE: Final[_Meaning] = (
    NotADatabase,
    "there is no such database on the server",
    "Make it: createdb --encoding=UTF8 --template=template0 NAME",
)
_OTHER: Final[_Meaning] = (
    Unreachable,
    "the server could not do it",
    "Look at the server's log at this moment.",
)

_BY_CODE: Final[dict[str, _Meaning]] = {
    "53300": _MANY,
    "53100": _FULL,
    "25006": _READ_ONLY,
    "55P03": _BUSY,
    "57014": _BUSY,
    "0A000": _MEANWHILE,  # a plan that was kept does not fit tables that were changed since
    "3D000": _NONE,
    "42501": _NOT_OURS,
    "58030": _FULL,
}
_BY_CLASS: Final[dict[str, _Meaning]] = {
    "08": _DOWN,
    "23": (Conflict, "something is there already", "Take the turns of the group again."),
    "28": _REFUSED,
    "40": _MEANWHILE,
    "57": _DOWN,
    "XX": _DAMAGED,
}
_BY_WORDS: Final[tuple[tuple[str, _Meaning], ...]] = (
    ("too many c", _MANY),
    ("remaining connection slots", _MANY),
    ("authentication failed", _REFUSED),
    ("no password supplied", _REFUSED),
    ("no pg_hba.conf entry", _REFUSED),
    ("certificate", _TLS),
    ("SSL", _TLS),
    ("does not exist", _NONE),
)
"""Of a connection that was not made the driver has words and no code."""


def explained(name: str, error: Exception) -> StoreError:
    """What a driver's error means."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlstate", None) or ""
    kind, problem, mend = _meaning(cause, code)
    return kind(name, f"{problem} ({code or type(cause).__name__})", mend)


def _meaning(cause: BaseException | None, code: str) -> _Meaning:
    if code:
        return _BY_CODE.get(code) or _BY_CLASS.get(code[:2], _OTHER)
    if isinstance(cause, NoneFree):
        return _BUSY
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        said = str(cause)
        return next((means for words, means in _BY_WORDS if words in said), _DOWN)
    return _OTHER


def too_old(name: str, oldest: int) -> NotADatabase:
    """The server is of a version that is not served."""
    mend = f"Bring it to PostgreSQL {oldest} or later."
    return NotADatabase(name, "the server is too old", mend)
