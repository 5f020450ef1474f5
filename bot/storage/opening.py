"""How a database file is found, checked, connected to and brought to the newest tables.

It decides what a safe file is and how SQLite is set. It knows nothing of groups or rows.
"""

import contextlib
import errno
import os
import shlex
import sqlite3
import stat
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool, Pool

from bot.storage import tables
from bot.storage.errors import (
    NotADatabase,
    ReadOnly,
    Unreachable,
    explained,
    not_ours,
    open_to_others,
    too_new,
)

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit is on the disk before anyone hears of it
    "secure_delete=ON",  # what is deleted is overwritten in the file; the journal is another matter
    "temp_store=MEMORY",  # no temporary file ever holds a row
    "trusted_schema=OFF",
    "cache_size=-16384",  # KiB
)
BEGIN = "BEGIN IMMEDIATE"
"""The writer's place from the start: what is loaded is still so when it is saved."""
READ = "BEGIN"
"""One picture of the database from the first look on; nobody waits for it."""
_NO_FILE = (None, "", ":memory:")


def path_of(where: str | Path) -> Path:
    """The file that a path or a `sqlite:///` address names. Raises `NotADatabase` otherwise."""
    if isinstance(where, Path):
        return where
    if "://" not in where:
        return Path(where)
    try:
        url = make_url(where)
    except ArgumentError:
        url = None
    # The address itself may hold a password: it is not repeated.
    if url is None or url.get_backend_name() != "sqlite" or url.database in _NO_FILE:
        mend = "Name a file, or sqlite:///FILE; other databases are not served yet."
        raise NotADatabase(Path("?"), "its address is not one of a SQLite file", mend)
    return Path(url.database)


def make_file(path: Path) -> None:
    """An empty file of mode 0600, in a directory of mode 0700, where there is none."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file that is there is never opened here: closing it would let go of every lock that
        # this process holds on it, and another one would take its journal away (POSIX locks).
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    except FileNotFoundError:
        _make_empty(path)
    except OSError as error:
        mend = "Look whether its disk is mounted and its directory is there and writable."
        problem = os.strerror(error.errno or 0).lower()
        raise Unreachable(path, f"it cannot be made ({problem})", mend) from None


def _make_empty(path: Path) -> None:
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def check_file(path: Path) -> tuple[int, int]:
    """Which file it is, as device and inode. Raises `Unsafe`, `ReadOnly` or `Unreachable`."""
    _check_ours(path.parent, "700")
    found = _check_ours(path, "600")
    return found.st_dev, found.st_ino


def _check_ours(path: Path, mode: str) -> os.stat_result:
    try:
        found = path.stat()
    except OSError as error:
        problem = os.strerror(error.errno or 0).lower()
        raise Unreachable(path, problem, "Look whether its disk is mounted.") from None
    if found.st_uid != os.geteuid():
        raise not_ours(path)
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise open_to_others(path, mode)
    if not found.st_mode & stat.S_IWUSR:
        mend = f"Run: chmod {mode} {shlex.quote(str(path))}"
        raise ReadOnly(path, "it does not take writing", mend)
    return found


def make_engine(path: Path, wait: float, pool: type[Pool] = NullPool) -> Engine:
    """Connections to that file, set as we need them. A transaction is the writer from its start.

    With the execution option `begin=READ` it only reads. `wait` is in seconds.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        poolclass=pool,
        # The store's lock lets one thread in at a time; which one does not matter.
        connect_args={"timeout": wait, "check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _set(connection: sqlite3.Connection, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        # No column of ours holds text. Should somebody put some there that is not even UTF-8, the
        # driver would refuse it, and with it everyone else of the group.
        connection.text_factory = _lenient

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", BEGIN))

    return engine


def _lenient(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def connect(path: Path, engine: Engine, head: str = tables.HEAD) -> PoolProxiedConnection:
    """A driver's connection to tables of the version `head`. Raises `StoreError`."""
    try:
        connection = engine.raw_connection()
        try:
            if version(connection.cursor()) != head:
                raise too_new(path)
        except BaseException:
            connection.close()
            raise
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise explained(path, error) from None
    return connection


def version(cursor: DBAPICursor) -> str | None:
    """The migration that the tables are at, None for an empty database."""
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    if cursor.fetchone() is None:
        return None
    cursor.execute("SELECT version_num FROM alembic_version")
    found = cursor.fetchone()
    return None if found is None else str(found[0])
