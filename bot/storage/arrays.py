"""Lists of whole numbers and of bytes on their way to PostgreSQL, in its binary form.

It decides how they are written, and that a number has 64 bits however small it is: so one statement
is prepared once, whatever the values. The driver's own lists cost a group of turns more than all
that it does besides.
"""

from collections.abc import Iterable
from itertools import chain
from struct import Struct, pack
from typing import Any, Final

from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.numeric import Int8BinaryDumper

_INT8, _INT8_ARRAY = 20, 1016
_BYTEA, _BYTEA_ARRAY = 17, 1001
_HEAD: Final = Struct(">iiIii")
_EMPTY: Final = Struct(">iiI")
_LENGTH: Final = Struct(">i").pack


class Numbers(list[int]):
    """A list of whole numbers as one value."""


class Blobs(list[bytes]):
    """A list of bytes as one value. Shows nothing of itself in a log."""

    def __repr__(self) -> str:
        return "Blobs()"


class _Numbers(Dumper):
    format = Format.BINARY
    oid = _INT8_ARRAY

    def dump(self, obj: Any) -> bytes:
        if not obj:
            return _EMPTY.pack(0, 0, _INT8)
        count = len(obj)
        each = chain.from_iterable((8, number) for number in obj)
        return _HEAD.pack(1, 0, _INT8, count, 1) + pack(">" + "iq" * count, *each)


class _Blobs(Dumper):
    format = Format.BINARY
    oid = _BYTEA_ARRAY

    def dump(self, obj: Any) -> bytes:
        if not obj:
            return _EMPTY.pack(0, 0, _BYTEA)
        each = chain.from_iterable((_LENGTH(len(blob)), blob) for blob in obj)
        return b"".join((_HEAD.pack(1, 0, _BYTEA, len(obj), 1), *each))


def teach(connection: Connection[Any]) -> None:
    """Have a connection write numbers and lists so."""
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.adapters.register_dumper(Numbers, _Numbers)
    connection.adapters.register_dumper(Blobs, _Blobs)


def columns(rows: Iterable[tuple[Any, ...]], kinds: str) -> tuple[Numbers | Blobs, ...]:
    """Rows as columns. `kinds`: a letter each, `n` for numbers and `b` for bytes."""
    turned = tuple(zip(*rows, strict=True)) or ((),) * len(kinds)
    return tuple(
        Numbers(column) if kind == "n" else Blobs(column)
        for kind, column in zip(kinds, turned, strict=True)
    )
