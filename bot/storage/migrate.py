"""Brings the tables from one version to another, under the writer's lock, whole or not at all."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.storage import opening, tables
from bot.storage.errors import explained, too_new

FOLDER = Path(__file__).parent / "migrations"
"""The migrations of the store."""


def migrate(path: Path, engine: Engine, to: str = tables.HEAD, folder: Path = FOLDER) -> None:
    """Takes the database to that version, up or down. Raises `TooNew` for one that we do not know.

    `folder` holds the migrations; another room with tables of its own names its own.

    Two processes that start together take turns: the second finds the work done.
    """
    try:
        with engine.begin() as connection:
            now = opening.version(connection.connection.cursor())
            if now != to:
                walk(path, connection, now, to, folder)
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise explained(path, error) from None


def walk(path: Path | str, connection: Connection, now: str | None, to: str, folder: Path) -> None:
    """Takes the tables from version `now` to `to` within that transaction. Raises `TooNew`."""
    # Loaded here, because most starts have nothing to migrate and this takes a third of a second.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    versions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    versions.reverse()
    if now is not None and now not in versions:
        raise too_new(path)
    down = now is not None and (to == "base" or versions.index(now) > versions.index(to))
    (command.downgrade if down else command.upgrade)(config, to)
