"""Types of columns that mean the same on SQLite and on PostgreSQL.

They decide that a whole number has 64 bits and that text is of any length and sorted by its code
points, as SQLite has it anyway; on SQLite the tables are what they were.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Integer, LargeBinary, String, Text, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

_TEXT: Final = Text(collation="C")

WHOLE: Final[TypeEngine[int]] = Integer().with_variant(BigInteger(), "postgresql")
"""A whole number."""
TEXT: Final[TypeEngine[str]] = Text().with_variant(_TEXT, "postgresql")
"""Words, or a name of ours. Sorted by code points: `C` is on every server, and sorts alike."""


def line(length: int) -> TypeEngine[str]:
    """A short text; whoever writes it keeps to the length."""
    return String(length).with_variant(_TEXT, "postgresql")


class Utf8(GenericFunction[bytes]):
    """The bytes of a text."""

    type = LargeBinary()
    inherit_cache = True
    name = "utf8"


@compiles(Utf8, "sqlite")
def _on_sqlite(element: Utf8, compiler: Any, **more: Any) -> str:
    (text,) = element.clauses
    return str(compiler.process(cast(text, LargeBinary), **more))


@compiles(Utf8, "postgresql")
def _on_postgresql(element: Utf8, compiler: Any, **more: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **more)}, 'UTF8')"


def utf8(text: ColumnElement[Any]) -> ColumnElement[bytes]:
    """The bytes of a text, so that they need not become text on the way."""
    return Utf8(text)
