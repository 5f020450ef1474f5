"""Types of columns that mean the same on SQLite and on PostgreSQL.

They decide that a whole number has 64 bits and that text is of any length and sorted by its code
points, as SQLite has it anyway; on SQLite the tables are what they were. A text may hold any
character: PostgreSQL keeps none that is zero, so there another stands for it.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    cast,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine

_SIGN: Final = "\ufdd0"
"""Begins what stands for another character. Unicode keeps it for such uses."""
_KEPT_AS: Final = {_SIGN: f"{_SIGN}1", "\0": f"{_SIGN}0"}
"""In this order, and back in the other."""
_RAW: Final = {one.encode(): kept.encode() for one, kept in _KEPT_AS.items()}


class _AnyText(TypeDecorator[str]):
    """Text with any character."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value and ("\0" in value or _SIGN in value):
            for one, kept in _KEPT_AS.items():
                value = value.replace(one, kept)
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value and _SIGN in value:
            for one, kept in reversed(_KEPT_AS.items()):
                value = value.replace(kept, one)
        return value


class _AnyBytes(TypeDecorator[bytes]):
    """The bytes of such a text."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        if value and _SIGN.encode() in value:
            for one, kept in reversed(_RAW.items()):
                value = value.replace(kept, one)
        return value


_TEXT: Final = _AnyText(collation="C")

WHOLE: Final[TypeEngine[int]] = Integer().with_variant(BigInteger(), "postgresql")
"""A whole number."""
TEXT: Final[TypeEngine[str]] = Text().with_variant(_TEXT, "postgresql")
"""Words, or a name of ours. Sorted by code points: `C` is on every server, and sorts alike."""


def line(length: int) -> TypeEngine[str]:
    """A short text; whoever writes it keeps to the length."""
    return String(length).with_variant(_TEXT, "postgresql")


class Utf8(GenericFunction[bytes]):
    """The bytes of a text."""

    type = LargeBinary().with_variant(_AnyBytes(), "postgresql")
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
