"""The database of staff: one transaction at a time, whole or not at all.

It decides nothing about staff. Raises `StoreError` for whatever is wrong with the database.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool

from bot.staff import tables
from bot.storage import opening
from bot.storage.database import Database, database_at

FOLDER = Path(__file__).parent / "migrations"


class StaffStore:
    """The database of staff accounts. Use `StaffStore.open`."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database, self._engine = database, engine
        self._watch = database.watch("SELECT generation FROM state")
        self._writing = threading.Lock()

    @classmethod
    def open(cls, where: Path | Database, wait: float = 2.0) -> Self:
        """The store in that file or database, made and migrated as needed. Raises `StoreError`."""
        database = database_at(where, "staff")
        database.prepare()
        engine = database.engine(wait, QueuePool)
        database.migrate(engine, tables.HEAD, FOLDER)
        return cls(database, engine)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: durable after the block, or nothing of it is kept.

        Raises `StoreError`; lets an `IntegrityError` through, which says that something is there.
        """
        with self._writing, self._explained(), self._engine.connect() as connection:
            self._database.check()
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def look(self) -> Iterator[Connection]:
        """What there is at one moment. Nobody waits for it. Raises `StoreError`."""
        with self._explained(), self._engine.connect() as connected:
            self._database.check()
            connection = connected.execution_options(begin=opening.READ)
            with connection.begin():
                yield connection

    def generation(self) -> int:
        """Counts whatever may end a session early. Cheap: asked several times a second."""
        with self._explained():
            return self._watch.value()

    def close(self) -> None:
        """Lets go of the database. Asked again, it is opened again."""
        self._watch.close()
        self._engine.dispose()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except self._database.failures as error:
            raise self._database.explained(error) from None

    def __repr__(self) -> str:
        return "StaffStore()"


def moved_on(connection: Connection) -> None:
    """Says to everybody who polls the generation that sessions may have ended."""
    count = tables.state.c.generation
    connection.execute(update(tables.state).values(generation=count + 1))
