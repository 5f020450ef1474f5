"""One group of turns: what was there, and what is kept, in one transaction.

It decides the order in which things are kept and that nobody else's row is overwritten. It cannot
read what it keeps, and must not commit: the store does, when the whole group is well. How it is
done on PostgreSQL is in `postgres_group`.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy.engine.interfaces import DBAPICursor

from bot.storage import tables
from bot.storage.database import Database
from bot.storage.errors import Conflict
from bot.storage.statements import Statement, plain

_AT_ONCE = 256
"""Values in one question: the statements stay few and short."""


class Row(NamedTuple):
    """A sealed session, reply to send or list of footprints. Shows nothing of itself in a log."""

    alias: bytes
    epoch: int
    sequence: int
    sealed: bytes

    def __repr__(self) -> str:
        return "Row()"


class Posted(NamedTuple):
    """A sealed reply of the outbox with its number, which grows in the order of saving."""

    id: int
    alias: bytes
    epoch: int
    sequence: int
    sealed: bytes

    def __repr__(self) -> str:
        return "Posted()"


class Mark(NamedTuple):
    """One delivery that was taken, by the name that the vault gave it."""

    mark: bytes
    epoch: int

    def __repr__(self) -> str:
        return "Mark()"


class Kept(NamedTuple):
    """What a group keeps at once, in the order in which it is kept."""

    forgotten: list[bytes]
    """Aliases whose replies go too."""
    dropped: list[bytes]
    """Aliases whose session goes: all forgotten ones, and those that moved."""
    sent: list[int]
    new: list[Row]
    changed: list[tuple[Row, int]]
    """With the sequence that each had."""
    marks: list[Mark]
    outbox: list[Posted]

    def __repr__(self) -> str:
        return "Kept()"


class Group:
    """What can be asked and kept within `Store.group`. Of no use after it."""

    __slots__ = ("_cursor", "_database", "_loaded")

    def __init__(self, database: Database, cursor: DBAPICursor) -> None:
        self._database = database
        self._cursor = cursor
        self._loaded: dict[bytes, int] = {}

    def load(self, aliases: Iterable[bytes]) -> dict[bytes, Row]:
        """The sessions that are there, by alias. Whoever has none is not in the answer.

        Until the commit nobody else loads them. Raises `Behind` when a replica has used a newer day
        than the one that the group was begun with.
        """
        found: dict[bytes, Row] = {}
        for asked, count in _portions(aliases):
            for row in self.ask(tables.load(count), asked):
                found[row[0]] = Row(*row)
                self._loaded[row[0]] = row[2]
        return found

    def seen(self, marks: Iterable[bytes]) -> set[bytes]:
        """Those of the marks whose delivery was taken before."""
        found: set[bytes] = set()
        for asked, count in _portions(marks):
            found.update(row[0] for row in self.ask(tables.known(count), asked))
        return found

    def numbers(self, count: int) -> tuple[int, ...]:
        """Numbers for that many replies, in their order and above those of all that wait.

        Load first whose they are, and keep them before others are drawn.
        """
        if not count:
            return ()
        ((last,),) = self.ask(tables.LAST_POSTED, ())
        # From a random number on, so that it does not tell how many there were, and so that a late
        # report about a number from before a restart does not fit a new reply.
        first = secrets.randbelow(1 << 40) if last is None else last + 1
        return tuple(range(first, first + count))

    def save(
        self,
        rows: Iterable[Row] = (),
        *,
        forget: Iterable[bytes] = (),
        moved: Iterable[bytes] = (),
        marks: Iterable[Mark] = (),
        outbox: Iterable[Row] = (),
        numbers: Sequence[int] = (),
        sent: Iterable[int] = (),
    ) -> tuple[int, ...]:
        """Keeps all of it, and gives the numbers of the outbox rows in their order. `numbers`:
        those that were drawn for them; else they are drawn now.

        Forgetting comes first, and takes the replies that still wait for that alias with it;
        `moved` drops a session only, for one that is saved under another day's alias. Then come
        rows, marks, outbox. Raises `Conflict` when a row is not as it was loaded, was not loaded
        but is there, or a mark is there: give each mark, and each alias among the rows, once.
        """
        forgotten = list(forget)
        dropped = [*forgotten, *moved]
        for alias in dropped:
            self._loaded.pop(alias, None)
        new, changed = self._told_apart(rows)
        letters = list(outbox)
        numbers = tuple(numbers) or self.numbers(len(letters))
        posted = [Posted(number, *row) for number, row in zip(numbers, letters, strict=True)]
        self._keep(Kept(forgotten, dropped, list(sent), new, changed, list(marks), posted))
        return numbers

    def footprints(self, aliases: Iterable[bytes]) -> list[Row]:
        """The footprints that are there under those aliases, any number of rows each."""
        return [
            Row(*row)
            for asked, count in _portions(aliases)
            for row in self.ask(tables.footprints(count), asked)
        ]

    def leave_footprints(
        self,
        new: Iterable[Row] = (),
        *,
        changed: Iterable[tuple[Row, int]] = (),
        gone: Iterable[Row] = (),
    ) -> None:
        """Keeps footprints: `changed` with the sequence that each row had when it was loaded.

        Raises `Conflict` when a changed row is not as it was loaded or a new one is there already.
        """
        self._leave(list(new), list(changed), [(row.alias, row.sequence) for row in gone])

    def ask(self, statement: Statement | str, values: Any) -> list[Any]:
        """The rows that a statement finds, or a plain text, see `statements.plain`."""
        if isinstance(statement, str):
            statement = plain(statement)
        with self._database.explaining():
            self._cursor.execute(statement.sqlite, values)
            return list(self._cursor.fetchall())

    def run(self, statement: Statement | str, values: Sequence[tuple[Any, ...]]) -> int:
        """Runs a statement for each of the tuples; gives how many rows were changed."""
        if isinstance(statement, str):
            statement = plain(statement)
        with self._database.explaining():
            self._cursor.executemany(statement.sqlite, values)
            return self._cursor.rowcount

    def _keep(self, kept: Kept) -> None:
        """What `save` was given, told apart."""
        self._drop(tables.DROP_POSTED, [(alias,) for alias in kept.forgotten])
        self._drop(tables.DROP_SESSION, [(alias,) for alias in kept.dropped])
        self._drop(tables.DROP_SENT, [(number,) for number in kept.sent])
        over = [(row[1], row[2], row[3], row[0], was) for row, was in kept.changed]
        self._add(tables.MAKE, kept.new)
        self._add(tables.CHANGE, over)
        self._add(tables.REMEMBER, kept.marks)
        self._add(tables.POST, kept.outbox)

    def _leave(
        self, new: list[Row], changed: list[tuple[Row, int]], gone: list[tuple[bytes, int]]
    ) -> None:
        """What `leave_footprints` was given."""
        over = [(row.sequence, row.sealed, row.alias, was) for row, was in changed]
        self._drop(tables.DROP_FOOTPRINT, gone)
        self._add(tables.CHANGE_FOOTPRINT, over)
        self._add(tables.LEAVE_FOOTPRINT, new)

    def _told_apart(self, rows: Iterable[Row]) -> tuple[list[Row], list[tuple[Row, int]]]:
        """Those that nobody loaded, so that none may be there; and the others with the sequence
        that they had. From here on all of them count as loaded.
        """
        new, changed = [], []
        for row in rows:
            was = self._loaded.get(row.alias)
            if was is None:
                new.append(row)
            else:
                changed.append((row, was))
            self._loaded[row.alias] = row.sequence
        return new, changed

    def _drop(self, statement: Statement, values: list[tuple[Any, ...]]) -> None:
        if values:
            self.run(statement, values)

    def _add(self, statement: Statement, values: Sequence[tuple[Any, ...]]) -> None:
        if values and self.run(statement, values) != len(values):
            raise self._conflict()

    def _conflict(self) -> Conflict:
        mend = "Take the turns of the group again."
        return Conflict(self._database.name, "someone else was quicker", mend)


def _portions(asked: Iterable[bytes]) -> Iterable[tuple[tuple[bytes, ...], int]]:
    """The values in portions of a few lengths, so that few statements serve all groups."""
    values: Collection[bytes] = list(dict.fromkeys(asked))
    values = tuple(values)
    for start in range(0, len(values), _AT_ONCE):
        portion = values[start : start + _AT_ONCE]
        count = 1 << (len(portion) - 1).bit_length()
        yield portion + portion[:1] * (count - len(portion)), count
