"""Reads a CSV file or a workbook into lines of text cells, and refuses what it should not read.

It decides what the file's letters, separators and lines are; what a column means is decided in
`headers.py`, what a cell means in `cells.py`. Nothing outside the file is ever opened.
"""

import csv
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from referral_directory.exchange.limits import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    check_size,
    inspect_workbook,
)
from referral_directory.exchange.rows import Refused

Progress = Callable[[int, int], None]
"""Told how many lines of how many are done; the second is 0 while it is not known."""

_SEPARATORS: Final = (",", ";", "\t", "|")
_LONGEST_CELL: Final = 60_000
_OTHER_ENCODINGS: Final = ("windows-1251", "windows-1252", "utf-16", "koi8-u", "utf-8")
_ZIPS: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its number as a spreadsheet shows it, and its cells."""

    number: int
    cells: tuple[str, ...] = field(repr=False)
    typed: tuple[int, ...] = ()
    """Columns, from 0, whose cell is a number for the spreadsheet: zeros in front are lost."""
    formulas: tuple[int, ...] = ()
    """Columns, from 0, whose cell is calculated."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was read. Lines without any text are left out."""

    name: str
    """The name of the sheet; of a CSV file, its own."""
    lines: tuple[Line, ...] = field(repr=False)
    said: str = ""
    """How it was read, for the person: encoding and separator, or the sheet."""


def read_table(
    data: bytes,
    filename: str,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Table:
    """A table of a CSV or XLSX file; what it is follows from its bytes, not from its name.

    Raises `Refused` with what helps. `encoding` names that of a CSV file that is not UTF-8.
    """
    check_size(data)
    if data.startswith(_ZIPS):
        return _read_workbook(data, sheet)
    if data.startswith(_OLD_OFFICE):
        raise Refused(
            "kind",
            "The file is an old or protected workbook.",
            "Save it as XLSX without a password.",
        )
    if data.lstrip()[:5] in {b"<?xml", b"<html"} or data.startswith(b"%PDF"):
        raise Refused("kind", "The file is not a table.", "Save it as XLSX or CSV.")
    return _read_csv(data, filename, encoding)


def _read_csv(data: bytes, filename: str, encoding: str | None) -> Table:
    text, read_as = _decoded(data, encoding)
    separator = _separator(text)
    lines = tuple(_csv_lines(text, separator))
    if not lines:
        raise Refused("empty", "The file has no rows.")
    named = {"\t": "tab"}.get(separator, f"“{separator}”")
    return Table(filename, lines, f"{read_as}, {named} between columns")


def _decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    if encoding is not None:
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except LookupError:
            known = ", ".join(_OTHER_ENCODINGS)
            raise Refused("encoding", "There is no such encoding.", f"Known: {known}.") from None
        except UnicodeError:
            raise Refused("encoding", "The file is not in that encoding.") from None
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), "UTF-16"
        text = data.decode("utf-8-sig")
    except UnicodeError:
        text = ""
    else:
        if "\0" not in text:
            return text, "UTF-8"
    save = "Save it as “CSV UTF-8”, or as XLSX."
    if b"\0" in data[:1000]:
        raise Refused("encoding", "The file looks like UTF-16 without its mark.", save)
    if _like_cyrillic(data):
        mend = f"{save} Or say --encoding windows-1251, and look at the letters in the plan."
        raise Refused("encoding", "The file is not UTF-8; it looks like Windows-1251.", mend)
    raise Refused("encoding", "The file is not UTF-8.", save)


def _like_cyrillic(data: bytes) -> bool:
    """Whether most of what is not ASCII would be small letters of Windows-1251."""
    high = [byte for byte in data[:100_000] if byte > 127]
    return sum(byte >= 224 or byte in b"\xb3\xba\xbf\xb4" for byte in high) * 2 > len(high)


def _separator(text: str) -> str:
    """The separator that the first line with any has most of, outside quotes."""
    for line in text[:100_000].splitlines()[:20]:
        if line.lower().startswith("sep=") and len(line) == 5:
            return line[4]
        bare = "".join(line.split('"')[::2])
        counts = {one: bare.count(one) for one in _SEPARATORS}
        if any(counts.values()):
            return max(_SEPARATORS, key=lambda one: counts[one])
    return ","


def _csv_lines(text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begun, cells_seen = 1, 0
    try:
        for cells in reader:
            number, begun = begun, reader.line_num + 1
            if reader.line_num > MOST_ROWS:
                raise Refused("too_large", f"The file has more than {MOST_ROWS:,} lines.", _SPLIT)
            cells_seen += len(cells)
            if len(cells) > MOST_COLUMNS or cells_seen > MOST_CELLS:
                raise Refused("too_large", f"Line {number} has too many columns.", _SPLIT)
            if max(map(len, cells), default=0) > _LONGEST_CELL:
                raise Refused("too_large", f"A cell in line {number} is far too long.", _SPLIT)
            if number == 1 and len(cells) == 1 and cells[0].lower().startswith("sep"):
                continue
            if any(map(str.strip, cells)):
                yield Line(number, tuple(cells))
    except csv.Error:
        mend = "Look at its quotes: each that opens must close, and one inside is written twice."
        raise Refused("quotes", f"The row that begins in line {begun} is broken.", mend) from None


_SPLIT: Final = "Split it into several files."


def _read_workbook(data: bytes, wanted: str | None) -> Table:
    inspected = inspect_workbook(data)
    import python_calamine  # noqa: PLC0415  (only for workbooks)

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            one.name
            for one in workbook.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
            and (one.visible == python_calamine.SheetVisibleEnum.Visible or one.name == wanted)
        ]
        if wanted is not None and wanted not in names:
            raise Refused("sheet", "There is no such sheet.", f"There are: {', '.join(names)}.")
        for name in [wanted] if wanted is not None else names:
            sheet = workbook.get_sheet_by_name(name)
            formulas = inspected.formulas.get(name, frozenset())
            rows = sheet.to_python(skip_empty_area=False)
            if lines := tuple(_sheet_lines(rows, formulas)):
                return Table(name, lines, f"sheet “{name}”")
    except python_calamine.CalamineError:
        raise Refused("broken", "The workbook is damaged.", "Open it and save it anew.") from None
    raise Refused("empty", "The workbook has no rows.")


def _sheet_lines(rows: list[list[Any]], formulas: frozenset[str]) -> Iterator[Line]:
    calculated: dict[int, list[int]] = {}
    for cell in formulas:
        letters = cell.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        calculated.setdefault(int(cell[len(letters) :]), []).append(column - 1)
    for number, row in enumerate(rows, 1):
        at = calculated.get(number, ())
        if not any(row) and not at:
            continue
        others = [i for i, value in enumerate(row) if value.__class__ is not str]
        typed = tuple(i for i in others if row[i].__class__ in {int, float})
        for i in others:
            row[i] = _text(row[i])
        if max(map(len, row)) > _LONGEST_CELL:
            raise Refused("too_large", f"A cell in row {number} is far too long.", _SPLIT)
        if at or any(cell and not cell.isspace() for cell in row):
            yield Line(number, tuple(row), typed, tuple(sorted(at)))


def _text(value: Any) -> str:
    """A value of a spreadsheet as somebody would have typed it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case None:
            return ""
    return str(value)
