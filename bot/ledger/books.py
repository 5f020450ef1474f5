"""The ledger's database: opened, looked at, written to. One writer at a time, readers never wait.

It decides what a transaction is: everything of it is kept and signed, or nothing. What is written
is decided by `Transaction` and whoever uses it.
"""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.pool import QueuePool

from bot.ledger import chain, tables
from bot.ledger.known import Known
from bot.ledger.model import Tampered
from bot.ledger.transaction import Transaction
from bot.storage import StoreError, opening
from bot.storage.database import Database, database_at

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_WAIT: Final = 10.0
"""Seconds that an act waits for another one to end."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head as it was read and believed."""

    row: dict[str, Any]

    @property
    def generation(self) -> int:
        """Counts transactions."""
        return int(self.row["generation"])


Tell = Callable[[str, str, str, str], object]
"""`(staff, act, about, why)`: writes down what somebody did. Never raises."""
TOLD: Final = frozenset(
    {"publish", "redirect", "suspend", "text", "mark", "ask_purge", "purge", "review_text"}
)
"""Acts that change what survivors are shown, or what is left of it."""


class Books:
    """The database, open. Any thread may call any method."""

    def __init__(
        self, database: Database, signer: chain.Signer, known: Known, clock: Callable[[], float]
    ) -> None:
        """Use `Books.open`."""
        self._database = database
        self.signer = signer
        self.known = known
        self.clock = clock
        self._engine: Engine = database.engine(_WAIT, QueuePool)
        self._reading = self._engine.execution_options(begin=opening.READ)
        self._lock = threading.Lock()
        self._watch = database.watch(_GENERATION)
        self._believed: tuple[object, ...] = ()
        self.tell: Tell | None = None
        """Hears what was done, once it is on the disk."""

    @classmethod
    def open(
        cls,
        where: Path | Database,
        signer: chain.Signer,
        known: Known,
        clock: Callable[[], float] = time.time,
    ) -> "Books":
        """The ledger in that file or database, made and migrated as needed.

        Raises `StoreError`, `Tampered`.
        """
        database = database_at(where, "directory")
        database.prepare()
        books = cls(database, signer, known, clock)
        database.migrate(books._engine, tables.HEAD, _MIGRATIONS)
        books._begin()
        return books

    def generation(self) -> int:
        """How many transactions there were. Cheap: asked several times a second."""
        with self._explained():
            return self._watch.value()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One picture of the ledger. Raises `StoreError`."""
        with self._explained():
            self._database.check()
            with self._reading.begin() as connection:
                yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Transaction]:
        """One transaction: what it holds is written, signed and on the disk after the block.

        Whatever the block raises undoes all of it. Raises `StoreError` and `Tampered`.
        """
        with self._lock:
            with self._explained():
                self._database.check()
                with self._engine.begin() as connection:
                    head = self.believed(connection)
                    transaction = Transaction(connection, head.row, self.known, self.clock())
                    yield transaction
                    row = transaction.close()
                    if row is not None:
                        row["key"], row["signature"] = self.signer.sign(chain.head_bytes(row))
                        connection.execute(tables.head.update().values(row))
            if row is not None:
                self.signer.raise_mark(str(row["ledger"]), int(row["generation"]))
        self._told(transaction)

    def believed(self, connection: Connection) -> Head:
        """The head, when it is signed and not older than one that was seen. Raises `Tampered`."""
        head = self._signed(connection)
        mark = self.signer.mark(head["ledger"])
        # Somebody may have written, and raised the mark, since this picture was taken: then what
        # is there now is as new as the mark.
        if head["generation"] < mark and self._newest() < mark:
            mend = "If a backup was put back on purpose, say so: ./quietline directory restored"
            raise Tampered("the ledger is older than it was", mend)
        return Head(head)

    def _newest(self) -> int:
        with self._reading.begin() as connection:
            return int(connection.execute(select(tables.head.c.generation)).scalar_one())

    def _told(self, transaction: Transaction) -> None:
        """Says what was done to what survivors see. Many records of one act are said as a count."""
        if self.tell is None:
            return
        acts: dict[tuple[str, str, str], list[str]] = {}
        for kind, by, second, record in transaction.done:
            if kind in TOLD:
                acts.setdefault((kind, by, second), []).append(record)
        for (kind, by, second), records in acts.items():
            about = records[0] if len(records) == 1 else f"{len(records)} records"
            self.tell(second or by, f"directory.{kind}", about, f"proposed by {by}" * bool(second))

    def restored(self) -> int:
        """Takes the file for what is true, though a later one was seen: after a backup was put
        back on purpose. Gives its generation. Raises `Tampered` when it is not signed by us.
        """
        with self.reading() as connection:
            head = self._signed(connection)
        self.signer.lower_mark(str(head["ledger"]), int(head["generation"]))
        return int(head["generation"])

    def _signed(self, connection: Connection) -> dict[str, Any]:
        row = connection.execute(select(tables.head)).mappings().one_or_none()
        if row is None:
            raise Tampered("the ledger has no head", _MEND)
        head = dict(row)
        signed = (head["key"], chain.head_bytes(head), head["signature"])
        if signed != self._believed:
            if not self.signer.verify(*signed):
                raise Tampered("the ledger's head is not signed by a key of ours", _MEND)
            self._believed = signed
        return head

    def compact(self) -> None:
        """Writes everything anew without anything that was taken out. Raises `StoreError`."""
        with self._lock:
            self._database.compact(self._engine)

    def settle(self) -> None:
        """After very much was written: counts the rows anew for whoever plans a question."""
        with self._lock:
            self._database.settle(self._engine)

    def close(self) -> None:
        """Lets go of the database. Of no use after it."""
        self._watch.close()
        self._engine.dispose()

    def _begin(self) -> None:
        with self._explained(), self._engine.begin() as connection:
            if connection.execute(select(tables.head.c.one)).first() is None:
                row: dict[str, Any] = {
                    "one": 1,
                    "ledger": secrets.token_hex(16),
                    "generation": 0,
                    "acts": 0,
                    "last": chain.FIRST,
                    "contents": 0,
                    "root": chain.root_of(()),
                }
                row["key"], row["signature"] = self.signer.sign(chain.head_bytes(row))
                connection.execute(insert(tables.head), row)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except self._database.failures as error:
            raise self._database.explained(error) from None

    def __repr__(self) -> str:
        return "Books()"


_GENERATION: Final = "SELECT generation FROM head"
_MEND: Final = "Stop the service and put a backup in its place; keep the file to look into it."
