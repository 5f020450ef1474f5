"""`quietline database move`: all four databases from files to a server, or back.

It decides that nothing is overwritten, that rows are counted on both sides, and that what vouches
for them still fits. Sealed rows are carried as they are; it opens none. The old databases stay.
"""

import contextlib
import shlex
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import text

from authored import Mistake, Mistakes
from bot.atlas import read_atlas
from bot.audit import NOTICES, Audit, verify
from bot.cli.database import newest_of, version_of
from bot.cli.rows_carried import carry, made
from bot.ledger.known import Known
from bot.ledger.ledger import Ledger
from bot.ledger.model import Tampered
from bot.replicas import CARRIES, LEADS
from bot.settings import Settings
from bot.storage.database import Database, SqliteFile
from bot.storage.leader import Leader
from bot.vault import Signing
from bot.wiring import FILES, database_of, open_signing


def moved(settings: Settings, source: str, to: str, address: Path | None) -> Iterator[str]:
    """Carries all, telling of each; the last lines say what to do then. Raises `Mistakes`,
    `StoreError` or `KeyRingError`, and then has left nothing behind.
    """
    places = {"sqlite": _files(settings), "postgresql": _server(settings, address)}
    if source not in places or to not in places or source == to:
        mend = "Write: --from sqlite --to postgresql, or the other way round."
        raise _mistake("there are two kinds of databases", mend)
    old = {name: database_of(places[source], name) for name in FILES}
    new = {name: database_of(places[to], name) for name in FILES}
    there = _looked_at(old, new)
    signing = open_signing(settings, create=False)
    begun: list[str] = []
    try:
        if to == "sqlite":
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in there:
            begun.append(name)
            yield f"{name}: {_carried(name, old[name], new[name])} rows"
        faults = tuple(_faults(new, there, signing, settings.countries))
        if faults:
            raise _mistake(faults[0], "The old ones are as they were: ./quietline doctor")
    except BaseException:
        for name in begun:
            with contextlib.suppress(Exception):
                _undo(new[name])
        raise
    yield "Rows are the same on both sides; listings and the audit are still vouched for."
    yield from _then(settings, to, address)


def _looked_at(old: Mapping[str, Database], new: Mapping[str, Database]) -> list[str]:
    """Which are there to carry. Raises `Mistakes` when they cannot be carried now."""
    there = []
    for name in FILES:
        version = version_of(old[name])
        if version_of(new[name]) is not None:
            mend = (
                "Name a new, empty database, or move what is there aside: nothing is overwritten."
            )
            raise _mistake(f"there is a database '{name}' already in {new[name].name}", mend)
        if version is None:
            continue
        if version != newest_of(name):
            mend = "Start the service once, so that it brings its tables up to date, and end it."
            raise _mistake(f"the tables of '{name}' are of another version than this program", mend)
        there.append(name)
    if not there:
        mend = "Name the settings of the service: --settings FILE, or QUIETLINE_SETTINGS."
        raise _mistake("there is no database to move", mend)
    if _running(old["quietline"]):
        raise _mistake("the service runs on it", "End it first, on every machine.")
    return there


def _running(database: Database) -> bool:
    """Whether a service has it open: on a server some replica leads then."""
    if not database.there():
        return False
    if isinstance(database, SqliteFile):
        return _open_elsewhere(database)
    return any(_held(database, name) for name in (LEADS, CARRIES))


def _held(database: Database, name: str) -> bool:
    leader = Leader(database, name)
    try:
        return not leader.wait(3.0)
    finally:
        leader.close()


def _open_elsewhere(database: SqliteFile) -> bool:
    """A journal can be ended only by who is alone with the file."""
    with contextlib.closing(sqlite3.connect(database.path, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError:
            return True
        with database.explaining():
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
    return False


def _carried(name: str, old: Database, new: Database) -> int:
    source = old.engine(5.0)
    to = made(new, name)
    try:
        with old.explaining(), new.explaining():
            counts = carry(source, to)
        new.settle(to)
    finally:
        source.dispose()
        to.dispose()
    for table, (before, after) in counts.items():
        if before != after:
            mend = "End the service on every machine, and move again."
            raise _mistake(f"{name}: {table} had {before} rows and has {after} now", mend)
    return sum(after for _, after in counts.values())


def _faults(
    new: Mapping[str, Database], there: list[str], signing: Signing, countries: str
) -> Iterator[str]:
    """What is wrong where the rows are now."""
    if "directory" in there:
        known = Known.of(read_atlas(countries).served)
        ledger = Ledger.open(new["directory"], signing, known=known)
        try:
            yield from (f"directory, {one.where}: {one.said}" for one in ledger.verify_history())
            ledger.published()
        except Tampered as error:
            yield f"directory: {error}"
        finally:
            ledger.close()
    if "audit" in there:
        audit = Audit.open(new["audit"], signing)
        try:
            found = (one for one in verify(audit) if one.kind not in NOTICES)
            yield from (f"audit: {one.said}" for one in found)
        finally:
            audit.close()


def _then(settings: Settings, to: str, address: Path | None) -> Iterator[str]:
    yield "Now in the settings of every replica:"
    if to == "sqlite":
        yield "    remove database and database_file"
    elif address is not None:
        yield f"    database_file: {address.absolute()}"
    else:
        yield "    leave database or database_file as it is"
    yield "Then: ./quietline doctor, and ./quietline serve"
    if to == "sqlite":
        yield "The databases on the server are as they were. Remove them when all is well."
    else:
        files = " ".join(shlex.quote(str(settings.data / file)) for file in FILES.values())
        yield "The files are as they were. When all is well, remove them:"
        yield f"    rm {files}"


def _files(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"database": type(settings.database)(""), "database_file": None}
    )


def _server(settings: Settings, address: Path | None) -> Settings:
    if address is not None:
        there = {"database": SecretStr(""), "database_file": address}
        return settings.model_copy(update=there)
    if not settings.database.get_secret_value() and settings.database_file is None:
        mend = "Name a file with its address, of mode 0600: --database-file FILE"
        raise _mistake("no server is named", mend)
    return settings


def _undo(database: Database) -> None:
    """Removes what was begun, where there was nothing before."""
    if isinstance(database, SqliteFile):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database.path}{suffix}").unlink(missing_ok=True)
        return
    engine = database.engine()
    try:
        with engine.begin() as connection:
            schema = connection.execute(text("SELECT current_schema()")).scalar_one()
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    finally:
        engine.dispose()


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake("database", 0, 0, said, mend)])
