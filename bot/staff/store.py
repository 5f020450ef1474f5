"""The file `staff.db`: one transaction at a time, whole or not at all.

It decides nothing about staff. Raises `StoreError` for whatever is wrong with the file.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.staff import tables
from bot.storage import opening
from bot.storage.errors import explained, replaced
from bot.storage.migrate import migrate

FOLDER = Path(__file__).parent / "migrations"


class StaffStore:
    """The database of staff accounts. Use `StaffStore.open`."""

    def __init__(self, path: Path, engine: Engine, file: tuple[int, int]) -> None:
        self._path, self._engine, self._file = path, engine, file
        self._writing = threading.Lock()

    @classmethod
    def open(cls, path: Path, wait: float = 2.0) -> Self:
        """The store in that file, made and migrated as needed. Raises `StoreError`."""
        path = path.absolute()
        opening.make_file(path)
        file = opening.check_file(path)
        engine = opening.make_engine(path, wait, QueuePool)
        migrate(path, engine, tables.HEAD, FOLDER)
        return cls(path, engine, file)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: durable after the block, or nothing of it is kept.

        Raises `StoreError`; lets an `IntegrityError` through, which says that something is there.
        """
        with self._writing, self._explained(), self._engine.connect() as connection:
            self._check()
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def look(self) -> Iterator[Connection]:
        """What there is at one moment. Nobody waits for it. Raises `StoreError`."""
        with self._explained(), self._engine.connect() as connected:
            self._check()
            connection = connected.execution_options(begin=opening.READ)
            with connection.begin():
                yield connection

    def generation(self) -> int:
        """Counts whatever may end a session early. Cheap: asked several times a second."""
        with self.look() as connection:
            return int(connection.execute(select(tables.state.c.generation)).scalar_one())

    def close(self) -> None:
        """Lets go of the file. Asked again, it is opened again."""
        self._engine.dispose()

    def _check(self) -> None:
        if opening.check_file(self._path) != self._file:
            raise replaced(self._path)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise explained(self._path, error) from None

    def __repr__(self) -> str:
        return "StaffStore()"


def moved_on(connection: Connection) -> None:
    """Says to everybody who polls the generation that sessions may have ended."""
    count = tables.state.c.generation
    connection.execute(update(tables.state).values(generation=count + 1))
