"""`quietline database`: which version the tables are at, and back to an earlier one.

    versions         one line for each database: its name and its version
    move             from files to a server, or back, every row
    take-to FILE     to the versions that such a list names, up or down, each whole or not at all

`serve` takes tables up by itself. Down is only ever asked for by a person who goes back to an older
program: what newer tables held is dropped. Only `move` reads and writes rows.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer
from sqlalchemy.pool import NullPool

from authored import Mistake, Mistakes, did_you_mean
from bot.settings import Settings, read_settings
from bot.storage.database import Database, SqliteFile
from bot.wiring import FILES, ROOT, database_of

ROOMS: Final = {"quietline": "storage", "directory": "ledger", "staff": "staff", "audit": "audit"}
"""Which room's migrations each database follows."""
NONE: Final = "-"
"""Written for a database that is not there yet."""
Settings_ = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file of settings.", dir_okay=False)
]

database_app = typer.Typer(no_args_is_help=True)


@database_app.command()
def versions(settings: Settings_ = None) -> None:
    """Print the version of each database; keep it before an upgrade, to be able to go back."""
    for name, now in found(read_settings(settings)).items():
        print(name, now)
        if now not in {NONE, newest_of(name)}:
            print(f"quietline: this program wants {name} at {newest_of(name)}", file=sys.stderr)


@database_app.command("take-to")
def take_to(
    file: Annotated[Path, typer.Argument(help="What `versions` printed.", dir_okay=False)],
    settings: Settings_ = None,
) -> None:
    """Take the tables to the versions of that list. End the service first, on every machine."""
    for said in taken(read_settings(settings), file):
        print(said)


@database_app.command()
def move(
    source: Annotated[str, typer.Option("--from", help="sqlite or postgresql.")],
    to: Annotated[str, typer.Option("--to", help="The other one.")],
    database_file: Annotated[
        Path | None,
        typer.Option(help="File with the server's address, when the settings do not name it yet."),
    ] = None,
    settings: Settings_ = None,
) -> None:
    """Carry all four databases from files to a server, or back. End the service first."""
    from bot.cli.database_move import moved

    for said in moved(read_settings(settings), source, to, database_file):
        print(said)


def found(settings: Settings) -> dict[str, str]:
    """The version of each database as it is now. Raises `StoreError` or `Mistakes`."""
    return {name: _version(database_of(settings, name)) for name in FILES}


def taken(settings: Settings, file: Path) -> Iterator[str]:
    """Takes each to its version, and tells of each. Raises `StoreError` or `Mistakes`."""
    for name, wanted in _read(file).items():
        database = database_of(settings, name)
        now = _version(database)
        if wanted == now or NONE in {wanted, now}:
            yield f"{name} {now}: stays"
            continue
        database.prepare()
        engine = database.engine(pool=NullPool)
        try:
            database.migrate(engine, wanted, migrations_of(name))
        finally:
            engine.dispose()
        yield f"{name} {wanted}: was {now}"


def version_of(database: Database) -> str | None:
    """The migration that it is at; None when it is not there. Raises `StoreError`."""
    found = _version(database)
    return None if found == NONE else found


def _version(database: Database) -> str:
    # A look must not make what is not there.
    if isinstance(database, SqliteFile) and not database.path.exists():
        return NONE
    engine = database.engine(pool=NullPool)
    try:
        with database.explaining():
            connection = engine.raw_connection()
            try:
                return database.version(connection.cursor()) or NONE
            finally:
                connection.close()
    finally:
        engine.dispose()


def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        mend = "Name the file that you kept: quietline database versions > FILE"
        raise Mistakes([Mistake(str(file), 0, 0, "cannot be read", mend)]) from None
    wanted, wrong = {}, []
    for number, line in enumerate(lines, 1):
        name, _, version = line.strip().partition(" ")
        if not line.strip():
            continue
        if name not in FILES:
            said = f"there is no database '{name}'"
            wrong.append(Mistake(str(file), number, 1, said, did_you_mean(name, FILES)))
        elif version != NONE and version not in _known(name):
            mend = f"Known here: {', '.join(_known(name))}. A newer program knows newer ones."
            said = f"'{version}' is no version of {name}"
            wrong.append(Mistake(str(file), number, len(name) + 2, said, mend))
        else:
            wanted[name] = version
    if wrong:
        raise Mistakes(wrong)
    return wanted


def migrations_of(name: str) -> Path:
    """The folder of the migrations of that database."""
    return ROOT / "bot" / ROOMS[name] / "migrations"


def _known(name: str) -> list[str]:
    return sorted(path.name[:4] for path in (migrations_of(name) / "versions").glob("[0-9]*.py"))


def newest_of(name: str) -> str:
    """The migration that this program wants that database at."""
    head: str = import_module(f"bot.{ROOMS[name]}.tables").HEAD
    return head
