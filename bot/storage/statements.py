"""One question to the database in the words of both: SQLite's and PostgreSQL's.

It decides how a clause becomes text, with its values in the order in which they stand in it, and
which statements nobody else may run meanwhile. It asks nothing itself.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Final

from sqlalchemy import ClauseElement, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

DESK: Final = "desk"
"""What is done at the desk is done by one process at a time, as `BEGIN IMMEDIATE` has it."""
PUMP: Final = "pump"
"""So is taking replies out of the outbox."""

_SQLITE: Final[Dialect] = sqlite.dialect(paramstyle="qmark")


class Statement:
    """A statement in both languages. Each text is made when it is first asked for, and kept."""

    def __init__(
        self, make_sqlite: Callable[[], str], make_postgresql: Callable[[], str], alone: str = ""
    ) -> None:
        """`alone`: a name; of all groups everywhere, one at a time runs statements of that name."""
        self._make_sqlite, self._make_postgresql = make_sqlite, make_postgresql
        self.alone = alone

    @cached_property
    def sqlite(self) -> str:
        """With `?` for each value."""
        return self._make_sqlite()

    @cached_property
    def postgresql(self) -> str:
        """With `%s` for each value."""
        return self._make_postgresql()

    def __repr__(self) -> str:
        return "Statement()"


def statement(clause: ClauseElement, *, desk: bool = False, alone: str = "") -> Statement:
    """That clause. With `desk` it takes the desk's place first, and keeps it until the commit.

    Order in a group, so that no two wait for each other: sessions are loaded before the desk is
    asked.
    """
    return Statement(
        lambda: _text(clause, _SQLITE),
        lambda: _text(clause, _postgresql()),
        DESK if desk else alone,
    )


def adding(table: Table, *, desk: bool = False) -> Statement:
    """Inserts a row of that table where none is of its key. Values: all columns in their order."""
    return Statement(
        lambda: _text(sqlite.insert(table).on_conflict_do_nothing(), _SQLITE),
        lambda: _text(postgresql.insert(table).on_conflict_do_nothing(), _postgresql()),
        DESK if desk else "",
    )


def plain(text: str) -> Statement:
    """A statement that is the same in both, with `?` for each value: for a look by hand."""
    return Statement(lambda: text, lambda: text.replace("?", "%s"))


def _text(clause: ClauseElement, dialect: Dialect) -> str:
    return str(clause.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))


def _postgresql() -> Dialect:
    # Loaded here: one machine with a file needs no driver for a server.
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg  # noqa: PLC0415

    make: Callable[..., Dialect] = PGDialect_psycopg
    return make(paramstyle="format")
