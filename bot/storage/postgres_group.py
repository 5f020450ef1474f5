"""One group of turns on PostgreSQL, where several replicas write at once.

It decides who waits for whom: whoever loads a person's session has that person until the commit,
so nobody's turns cross; the desk is one place, and so is the way out. It speaks to the server a
handful of times, however many turns are in the group.

Places are taken in this order, so that no two groups wait for each other: sessions sorted, then
the desk, then footprints sorted. Should two wait all the same, the server undoes one (`Conflict`).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from psycopg import Connection, Cursor

from bot.storage import tables
from bot.storage.arrays import Blobs, Numbers, columns
from bot.storage.database import Database
from bot.storage.errors import behind
from bot.storage.group import Group, Kept, Row
from bot.storage.statements import Statement, plain

_HOLD: Final = "SELECT count(pg_advisory_xact_lock(one)) FROM unnest(%s) AS one"
_ALONE: Final = (
    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '/' || %s, 0)) IS NULL"
)
_LOAD: Final = (
    "SELECT s.alias, s.epoch, s.sequence, s.sealed"
    " FROM unnest(%s) AS asked(alias) JOIN session AS s ON s.alias = asked.alias"
)
_SEEN: Final = "SELECT mark FROM seen WHERE mark = ANY(%s)"
_MAKE: Final = (
    "INSERT INTO session (alias, epoch, sequence, sealed)"
    " SELECT * FROM unnest(%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_CHANGE: Final = (
    "UPDATE session AS s SET epoch = new.epoch, sequence = new.sequence, sealed = new.sealed"
    " FROM unnest(%s, %s, %s, %s, %s) AS new(alias, epoch, sequence, sealed, was)"
    " WHERE s.alias = new.alias AND s.sequence = new.was"
)
_REMEMBER: Final = (
    "INSERT INTO seen (mark, epoch) SELECT * FROM unnest(%s, %s) ON CONFLICT DO NOTHING"
)
_NUMBERS: Final = "SELECT nextval('outbox_ids') FROM generate_series(1, %s)"
_POST: Final = (
    "INSERT INTO outbox (id, alias, epoch, sequence, sealed)"
    " SELECT * FROM unnest(%s, %s, %s, %s, %s)"
)
_DROP_SESSIONS: Final = (
    "DELETE FROM session AS s USING unnest(%s) AS gone(alias) WHERE s.alias = gone.alias"
)
_DROP_POSTED: Final = "DELETE FROM outbox WHERE alias = ANY(%s)"
_DROP_SENT: Final = "DELETE FROM outbox WHERE id = ANY(%s)"
_FOOTPRINTS: Final = "SELECT alias, epoch, sequence, sealed FROM footprint WHERE alias = ANY(%s)"
_LEAVE: Final = (
    "INSERT INTO footprint (alias, epoch, sequence, sealed)"
    " SELECT * FROM unnest(%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_CHANGE_FOOTPRINTS: Final = (
    "UPDATE footprint AS f SET sequence = new.sequence, sealed = new.sealed"
    " FROM unnest(%s, %s, %s, %s) AS new(alias, was, sequence, sealed)"
    " WHERE f.alias = new.alias AND f.sequence = new.was"
)
_DROP_FOOTPRINTS: Final = (
    "DELETE FROM footprint AS f USING unnest(%s, %s) AS gone(alias, sequence)"
    " WHERE f.alias = gone.alias AND f.sequence = gone.sequence"
)


class PostgresGroup(Group):
    """What can be asked and kept within `Store.group`. Of no use after it."""

    __slots__ = ("_alone", "_connection", "_reads", "_today")

    def __init__(
        self, database: Database, connection: Connection[Any], today: int | None, *, reads: bool
    ) -> None:
        """`reads`: it takes nobody's place, and sees one picture."""
        cursor: Any = connection.cursor(binary=True)
        super().__init__(database, cursor)
        self._connection = connection
        self._today, self._reads = today, reads
        self._alone: set[str] = set()

    def load(self, aliases: Iterable[bytes]) -> dict[bytes, Row]:
        """See `Group.load`."""
        asked = Blobs(dict.fromkeys(aliases))
        if not asked:
            return {}
        with self._database.explaining():
            # Each looks at what is there when it begins: the rows are those of after the wait.
            _, day, rows = self._together(
                (None if self._reads else _HOLD, (_places(asked),)),
                (None if self._today is None else tables.DAY.postgresql, ()),
                (_LOAD, (asked,)),
            )
            found = {row[0]: Row(*row) for row in rows.fetchall()}
            self._look_at_day(day)
        self._loaded.update((row.alias, row.sequence) for row in found.values())
        return found

    def _look_at_day(self, found: "Cursor[Any]") -> None:
        if self._today is None:
            return
        ((newest,),) = found.fetchall()
        if newest > self._today:
            raise behind(self._database.name)
        if newest < self._today:
            self._cursor.execute(tables.NEW_DAY.postgresql, (self._today, self._today))
        self._today = None

    def seen(self, marks: Iterable[bytes]) -> set[bytes]:
        """See `Group.seen`."""
        asked = Blobs(dict.fromkeys(marks))
        return {mark for (mark,) in self._asked(_SEEN, (asked,))} if asked else set()

    def numbers(self, count: int) -> tuple[int, ...]:
        """See `Group.numbers`."""
        return tuple(sorted(n for (n,) in self._asked(_NUMBERS, (count,)))) if count else ()

    def _keep(self, kept: Kept) -> None:
        """See `Group._keep`."""
        over = [(*row, was) for row, was in kept.changed]
        with self._database.explaining():
            _, _, _, made, changes, known, posted = self._together(
                (_DROP_POSTED if kept.forgotten else None, (Blobs(kept.forgotten),)),
                (_DROP_SESSIONS if kept.dropped else None, (Blobs(kept.dropped),)),
                (_DROP_SENT if kept.sent else None, (Numbers(kept.sent),)),
                (_MAKE if kept.new else None, columns(kept.new, "bnnb")),
                (_CHANGE if over else None, columns(over, "bnnbn")),
                (_REMEMBER if kept.marks else None, columns(kept.marks, "bn")),
                (_POST if kept.outbox else None, columns(kept.outbox, "nbnnb")),
            )
        self._all_of(made, kept.new)
        self._all_of(changes, over)
        self._all_of(known, kept.marks)
        self._all_of(posted, kept.outbox)

    def footprints(self, aliases: Iterable[bytes]) -> list[Row]:
        """See `Group.footprints`."""
        asked = Blobs(dict.fromkeys(aliases))
        if not asked:
            return []
        with self._database.explaining():
            _, rows = self._together(
                (None if self._reads else _HOLD, (_places(asked),)), (_FOOTPRINTS, (asked,))
            )
            return [Row(*row) for row in rows.fetchall()]

    def _leave(
        self, new: list[Row], changed: list[tuple[Row, int]], gone: list[tuple[bytes, int]]
    ) -> None:
        """See `Group._leave`."""
        over = [(row.alias, was, row.sequence, row.sealed) for row, was in changed]
        with self._database.explaining():
            _, changes, leaves = self._together(
                (_DROP_FOOTPRINTS if gone else None, columns(gone, "bn")),
                (_CHANGE_FOOTPRINTS if over else None, columns(over, "bnnb")),
                (_LEAVE if new else None, columns(new, "bnnb")),
            )
        self._all_of(changes, over)
        self._all_of(leaves, new)

    def ask(self, statement: Statement | str, values: Any) -> list[Any]:
        """See `Group.ask`."""
        if isinstance(statement, str):
            statement = plain(statement)
        self._be_alone(statement)
        return self._asked(statement.postgresql, values)

    def run(self, statement: Statement | str, values: Sequence[tuple[Any, ...]]) -> int:
        """See `Group.run`."""
        if isinstance(statement, str):
            statement = plain(statement)
        if not values:
            return 0
        self._be_alone(statement)
        with self._database.explaining():
            if len(values) == 1:
                self._cursor.execute(statement.postgresql, values[0])
            else:
                self._cursor.executemany(statement.postgresql, values)
            return self._cursor.rowcount

    def _be_alone(self, statement: Statement) -> None:
        name = statement.alone
        if name and name not in self._alone and not self._reads:
            self._asked(_ALONE, (name,))
            self._alone.add(name)

    def _asked(self, text: str, values: Any) -> list[Any]:
        with self._database.explaining():
            self._cursor.execute(text, values)
            return list(self._cursor.fetchall())

    def _together(self, *questions: tuple[str | None, tuple[Any, ...]]) -> "list[Cursor[Any]]":
        """Asks in this order with one wait for all; None is left out, its cursor holds nothing."""
        cursors = [self._connection.cursor(binary=True) for _ in questions]
        asked = [
            (cursor, text, values)
            for cursor, (text, values) in zip(cursors, questions, strict=True)
            if text is not None
        ]
        if len(asked) == 1:
            ((cursor, text, values),) = asked
            cursor.execute(text, values)
        elif asked:
            with self._connection.pipeline():
                for cursor, text, values in asked:
                    cursor.execute(text, values)
        return cursors

    def _all_of(self, cursor: "Cursor[Any]", wanted: Sequence[object]) -> None:
        if wanted and cursor.rowcount != len(wanted):
            raise self._conflict()


def _places(aliases: Iterable[bytes]) -> Numbers:
    """What stands for them among the server's locks, in the order in which they are taken."""
    return Numbers(sorted({int.from_bytes(one[:8], "big", signed=True) for one in aliases}))
