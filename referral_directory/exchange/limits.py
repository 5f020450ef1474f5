"""What a workbook may be before anything reads it: small, plain, and what it says it is.

It looks at the archive without unpacking it, then at each part in pieces that are forgotten at
once. It trusts nothing that the archive says about its own sizes. It reads no cell for its value.
"""

import html
import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from referral_directory.exchange.rows import Refused

MOST_BYTES: Final = 32 * 1024 * 1024
"""Of any file as it comes. 20,000 listings with every column filled are about 6 MiB."""
MOST_UNPACKED: Final = 128 * 1024 * 1024
MOST_PARTS: Final = 500
MOST_RATIO: Final = 200
"""Unpacked by packed size, of parts that are large enough to hurt. Sheets reach about 30."""
RATIO_FROM: Final = 4 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 700
MOST_CELLS: Final = 6_000_000
"""Filled or not: what lies between the first and the last cell of a sheet is held at once."""
MOST_TAGS: Final = 3_000_000
"""Cells that are written in one sheet."""
MOST_FORMULAS: Final = 1_000

_PIECE: Final = 1024 * 1024
_MACROS: Final = re.compile(
    r"vbaproject|activex|/embeddings/|macrosheets|dialogsheets", re.IGNORECASE
)
_LINKS: Final = re.compile(r"externallink|/connections\.xml|querytable", re.IGNORECASE)
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml\Z", re.IGNORECASE)
_OUTSIDE: Final = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
_AT: Final = re.compile(rb"\sr\s*=\s*[\"']([A-Z]+)([0-9]+)[\"']")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"']([0-9]+)")
_NUMBER: Final = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)")
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Z]+[0-9]+)[\"'][^>]*>\s*<(?:\w+:)?f[\s>/]"
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is worth knowing of a workbook that may be read."""

    formulas: dict[str, frozenset[str]] = field(default_factory=dict)
    """Cells with a formula, like `B14`, by the name of their sheet."""


def check_size(data: bytes) -> None:
    """Raises `Refused` for a file that is too large to be a table of listings."""
    if len(data) > MOST_BYTES:
        raise Refused(
            "too_large",
            f"The file has more than {MOST_BYTES // 1024 // 1024} MiB.",
            "Split it, or take out pictures and formats.",
        )


def inspect_workbook(data: bytes) -> Inspected:
    """Looks at a whole XLSX file and says what must be known of it. Raises `Refused`."""
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _plain_parts(archive)
            formulas = {part.filename: _scan(archive, part) for part in parts}
            sheets = _sheets(archive) if any(formulas.values()) else {}
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("broken", "The workbook is damaged.", "Open it and save it anew.") from None
    except Exception as error:
        # zlib.error has no public base; a damaged stream must not end the program.
        if type(error).__module__ != "zlib":
            raise
        raise Refused("broken", "The workbook is damaged.", "Open it and save it anew.") from None
    return Inspected({name: formulas.get(part, frozenset()) for name, part in sheets.items()})


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by the name of the sheet."""
    book = archive.read("xl/workbook.xml").decode()
    relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    parts: dict[str, str] = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        at = dict(re.findall(r"\s(Id|Target)\s*=\s*[\"']([^\"']*)[\"']", tag))
        target = at.get("Target", "")
        parts[at.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    found = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name = re.search(r"\sname\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
        relation = re.search(r"\s\w+:id\s*=\s*[\"']([^\"']*)[\"']", tag)
        if name and relation:
            found[html.unescape(name[1] or name[2] or "")] = parts.get(relation[1], "")
    return found


def _plain_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Refused("bomb", f"The workbook has more than {MOST_PARTS} parts.", _SAVE_ANEW)
    names = [part.filename for part in parts]
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("paths", "The workbook has a part twice.", _SAVE_ANEW)
    for part in parts:
        _check_part(part)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused("bomb", "The workbook is far larger when unpacked.", _SPLIT)
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise Refused("bomb", "Parts of the workbook lie over one another.", _SAVE_ANEW)
        end = part.header_offset + part.compress_size
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused("kind", "This is not an XLSX workbook.", "Save it as XLSX or CSV.")
    return parts


_SAVE_ANEW: Final = "Open it in a spreadsheet program and save it anew as XLSX."
_SPLIT: Final = "Split it into several files."


def _check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename
    steps = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in steps or ":" in name or "\\" in name:
        raise Refused("paths", "A part of the workbook leads out of it.", _SAVE_ANEW)
    if stat.S_ISLNK(part.external_attr >> 16):
        raise Refused("paths", "A part of the workbook is a link to another file.", _SAVE_ANEW)
    if part.flag_bits & 0x1:
        raise Refused("encrypted", "The workbook has a password.", "Save it without one.")
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Refused("kind", "The workbook is packed in an unusual way.", _SAVE_ANEW)
    if _MACROS.search(name):
        raise Refused("macros", "The workbook has macros or objects in it.", "Save it as XLSX.")
    if _LINKS.search(name):
        raise Refused(
            "links", "The workbook takes values from other files.", "Paste the values, then save."
        )
    if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(1, part.compress_size):
        raise Refused("bomb", "The workbook is far larger when unpacked.", _SAVE_ANEW)


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> frozenset[str]:
    """Reads a part through, keeping nothing but the cells with formulas."""
    if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
        for _ in _pieces(archive, part):
            pass
        return frozenset()
    is_sheet = bool(_SHEET.match(part.filename))
    # Only relations of sheets and workbook matter: a link on the title page opens nothing.
    no_outside = part.filename.lower().endswith(".rels")
    looks: list[Callable[[bytes], None]] = [_no_entities]
    extent = _Extent()
    if is_sheet:
        looks.append(extent.look)
    if no_outside:
        looks.append(_no_outside)
    tail, first = b"", True
    for piece in _pieces(archive, part):
        if first:
            _check_encoding(piece)
            first = False
        text = tail + piece
        # What is cut in two by the border of pieces is looked at whole with the next one.
        cut = max(text.rfind(b"<c ", -65536), text.rfind(b"<row", -65536), len(text) - 65536)
        for look in looks:
            look(text[:cut] if cut > 0 else b"")
        tail = text[max(cut, 0) :]
    for look in looks:
        look(tail)
    extent.end()
    return frozenset(extent.formulas)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    total = 0
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            total += len(piece)
            if total > part.file_size or total > MOST_UNPACKED:
                raise Refused("bomb", "The workbook is larger than it says.", _SAVE_ANEW)
            yield piece


def _check_encoding(start: bytes) -> None:
    declared = _DECLARED.match(start[:200])
    if b"\0" in start[:200] or (
        declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}
    ):
        raise Refused("encoding", "A part of the workbook is not UTF-8.", _SAVE_ANEW)


def _no_entities(text: bytes) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refused("entities", "The workbook defines entities of its own.", _SAVE_ANEW)


def _no_outside(text: bytes) -> None:
    for found in _OUTSIDE.finditer(text):
        near = text[max(0, found.start() - 400) : found.end() + 400]
        # A hyperlink on a cell is only a word: it is never followed. Anything else is loaded.
        if b"/hyperlink" not in near:
            raise Refused("links", "The workbook takes parts from elsewhere.", _SAVE_ANEW)


class _Extent:
    """How far a sheet reaches, and where it has formulas."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.tags = 0
        self.formulas: set[str] = set()
        self._row_tags = 0
        self._placed = 0

    def end(self) -> None:
        """After the last look. Cells without a place could reach anywhere."""
        if self.tags != self._placed:
            raise Refused("kind", "The sheet does not say where its cells are.", _SAVE_ANEW)

    def look(self, text: bytes) -> None:
        self.tags += _tags(text, b"c")
        if self.tags > MOST_TAGS:
            raise Refused("too_large", "The sheet has too many cells.", _SPLIT)
        # At most eight digits are turned into a number: more are too far in any case.
        rows = _ROW.findall(text) if b":row" in text else _numbers_of_rows(text)
        numbers = [int(number[:8]) for number in rows]
        cells = _AT.findall(text)
        self._row_tags += _tags(text, b"row")
        self._placed += len(cells)
        numbers += [int(number[:8]) for _, number in cells]
        self.rows = max(self.rows, *numbers, self._row_tags)
        self.columns = max(self.columns, *map(_column, {letters for letters, _ in cells}), 0)
        if self.rows > MOST_ROWS:
            raise Refused("too_large", f"The sheet has more than {MOST_ROWS:,} rows.", _SPLIT)
        if self.columns > MOST_COLUMNS:
            raise Refused(
                "too_large", f"The sheet has more than {MOST_COLUMNS} columns.", "Take some out."
            )
        if self.rows * self.columns > MOST_CELLS:
            raise Refused("too_large", "The sheet reaches too far.", _SPLIT)
        if b"<f" in text or b":f" in text:
            self.formulas.update(cell.decode() for cell in _FORMULA.findall(text))
            if len(self.formulas) > MOST_FORMULAS:
                raise Refused(
                    "formulas",
                    f"The sheet has more than {MOST_FORMULAS:,} formulas.",
                    "Copy it and paste the values only.",
                )


def _tags(text: bytes, name: bytes) -> int:
    """How many elements of that name begin here, whatever stands before a colon."""
    found = len(re.findall(b"<" + name + rb"[\s/>]", text))
    # Prefixes are rare, and looking for them takes its time.
    if b":" + name in text:
        found += len(re.findall(rb"<\w+:" + name + rb"[\s/>]", text))
    return found


def _numbers_of_rows(text: bytes) -> list[bytes]:
    starts = (part[: part.find(b">") + 1] for part in text.split(b"<row")[1:])
    return [found[1] for start in starts if (found := _NUMBER.search(start))]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
