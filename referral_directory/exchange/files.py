"""A file of any kind that can be imported, as rows: table, workbook, HSDS, package, country pack.

It decides by the bytes what a file is, and hands it to whoever reads that. It plans nothing.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from referral_directory.directory import Directory
from referral_directory.exchange.cells import plain
from referral_directory.exchange.headers import Headed, read_headers
from referral_directory.exchange.hsds import Book, ReadAs, contents_from, rows_from
from referral_directory.exchange.limits import check_size
from referral_directory.exchange.listing_rows import rows_of
from referral_directory.exchange.rows import Base, Fault, Row
from referral_directory.exchange.tables import read_table
from referral_directory.exchange.tabular import DESCRIPTOR, read_package
from referral_directory.exchange.vocabulary import Vocabulary

_ZIP: Final = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person says for a file."""

    country: str = "UA"
    """Whose its rows are that name no area: ISO 3166-1 alpha-2."""
    language: str = "en"
    """In which the texts of an HSDS file are."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Keys of columns, or `ignore`, by their headers."""
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as rows. They are made while they are asked for, once."""

    rows: Iterable[Row]
    total: int
    said: str
    """How it was read."""
    headed: Headed | None = None
    """Of a table: its own lines, to give back with remarks."""
    faults: tuple[Fault, ...] = ()
    """Of the file as a whole."""


def bring(
    source: bytes | Path, filename: str, directory: Directory, base: Base, wanted: Wanted
) -> Brought:
    """The rows of a file, over what stands. `source`: its bytes, or the folder of a package.

    Raises `Refused`.
    """
    book, as_ = Book.of(directory), ReadAs(wanted.country, wanted.language)
    if isinstance(source, Path):
        return _counted(rows_from(read_package(source), book, base=base, as_=as_), "HSDS package")
    check_size(source)
    if source.startswith(_ZIP) and _is_package(source):
        return _counted(rows_from(read_package(source), book, base=base, as_=as_), "HSDS package")
    if source.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        return _counted(contents_from(source, book, base=base, as_=as_), "HSDS, JSON")
    table = read_table(source, filename, encoding=wanted.encoding, sheet=wanted.sheet)
    headed = read_headers(table, wanted.mapped)
    rows = rows_of(headed, Vocabulary.of(directory), base, country=wanted.country, where=table.name)
    return Brought(rows, len(headed.lines), table.said, headed, headed.faults)


def bring_pack(directory: Directory, pack: str) -> Brought:
    """The listings of a country pack as rows."""
    mine = {
        name: entry.written
        for name, entry in directory.entries.items()
        if Path(entry.file).parent.name == pack
    }

    def rows() -> Iterator[Row]:
        for number, (name, written) in enumerate(mine.items(), 1):
            content = written.model_dump(mode="json", exclude_defaults=True, by_alias=True)
            yield Row(number, f"pack {pack}", content, id=name)

    return Brought(rows(), len(mine), f"country pack “{pack}”")


def revisions_named(brought: Brought, base: Base) -> dict[str, int]:
    """The revisions that the rows of a table say they were exported from, where these are past."""
    if brought.headed is None:
        return {}
    at = {one.key: i for i, one in enumerate(brought.headed.columns) if one is not None}
    if not {"id", "revision"} <= at.keys():
        return {}
    found = {}
    for line in brought.headed.lines:
        cells = (*line.cells, *[""] * len(brought.headed.columns))
        name, revision = plain(cells[at["id"]]), plain(cells[at["revision"]])
        if name in base and revision.isdecimal() and int(revision) != base[name][0]:
            found[name] = int(revision)
    return found


def _counted(rows: tuple[Row, ...], said: str) -> Brought:
    return Brought(rows, len(rows), said)


def _is_package(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.rpartition("/")[2] == DESCRIPTOR for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
