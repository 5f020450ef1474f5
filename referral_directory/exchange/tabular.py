"""An HSDS tabular package, as a folder or a zip: read into records, and written.

It decides what may be read as a package at all: plain CSV files beside a `datapackage.json`, no
paths that lead out, nothing that unpacks to far more than it is. What is written is inert in a
spreadsheet.
"""

import csv
import io
import json
import re
import stat
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from referral_directory.exchange.hsds_flat import columns_of, tables_of
from referral_directory.exchange.hsds_shape import BY_TABLE, ENTITIES, NUMBERS
from referral_directory.exchange.hsds_tables import services_of
from referral_directory.exchange.limits import MOST_BYTES, MOST_UNPACKED, check_size
from referral_directory.exchange.rows import Refused

Files = Mapping[str, bytes]
"""The files of a package by their names, without folders."""
MOST_FILES: Final = 64
MOST_ROWS: Final = 1_000_000
DESCRIPTOR: Final = "datapackage.json"
_AGAIN: Final = "Pack the CSV files anew, all in one folder."
_ACTS: Final = re.compile(r"[=@\t\r]|[+-](?![0-9][0-9 ]*\Z)")
"""How a cell begins that a spreadsheet might act on; a plain number with its sign is none."""
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a package of ours: equal listings give equal bytes."""


def read_package(source: Path | bytes) -> Sequence[tuple[str, Mapping[str, Any]]]:
    """The services of a package, each with where it stands.

    `source`: its folder, or the bytes of a zip. Raises `Refused`, and `Broken` (one of them) with
    table, row, column and value of every key that leads nowhere.
    """
    files = _folder(source) if isinstance(source, Path) else _zip(source)
    described = _described(files)
    tables = {
        table: _rows(name, files[name], described.get(name))
        for name in sorted(files)
        if (table := name.removesuffix(".csv")) in BY_TABLE and name.endswith(".csv")
    }
    if "services" not in tables:
        raise Refused("kind", "The package has no services.csv.", "It is what a package is for.")
    return list(services_of(tables))


def package_files(services: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """The files of a package of full service records."""
    tables = tables_of(services)
    files = {
        f"{ENTITIES[entity].table}.csv": _csv(entity, tables[entity])
        for entity in ENTITIES
        if entity in tables
    }
    described = {
        "name": "quietline-directory",
        "profile": "tabular-data-package",
        "title": "Services of the directory, as HSDS 3.1",
        "resources": [_resource(entity) for entity in ENTITIES if entity in tables],
    }
    files[DESCRIPTOR] = json.dumps(described, indent=2).encode()
    return files


def package_zip(services: Iterable[Mapping[str, Any]]) -> bytes:
    """The same package as one zip."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in package_files(services).items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".csv", ".json"}:
            continue
        if path.is_symlink() or not path.is_file():
            raise Refused("paths", f"{path.name} is no plain file.", _AGAIN)
        size += path.stat().st_size
        if len(files) >= MOST_FILES or size > MOST_UNPACKED:
            raise Refused("too_large", "The folder has too many or too large files.", _AGAIN)
        files[path.name] = path.read_bytes()
    return files


def _zip(data: bytes) -> dict[str, bytes]:
    check_size(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive)
    except Refused:
        raise
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, KeyError):
        raise Refused("broken", "The package is damaged, or locked.", _AGAIN) from None
    except Exception as error:
        # zlib.error has no public base; a damaged stream must not end the program.
        if type(error).__module__ != "zlib":
            raise
        raise Refused("broken", "The package is damaged.", _AGAIN) from None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > MOST_FILES:
        raise Refused("bomb", f"The package has more than {MOST_FILES} files.", _AGAIN)
    folders = {part.filename.rpartition("/")[0] for part in parts}
    if len(folders) > 1 or any("/" in folder or folder in {"..", "."} for folder in folders):
        raise Refused("paths", "The files of the package are not in one folder.", _AGAIN)
    files: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for part in parts:
        name = part.filename.rpartition("/")[2]
        odd = "\\" in name or part.filename.startswith("/") or name in files
        if odd or stat.S_ISLNK(part.external_attr >> 16):
            raise Refused("paths", "The package has a link, or a file twice.", _AGAIN)
        with archive.open(part) as stream:
            # One byte more than may be: what the archive says of its sizes is not believed.
            files[name] = stream.read(min(room, MOST_BYTES) + 1)
        if len(files[name]) > min(room, MOST_BYTES):
            raise Refused("bomb", "The package is far larger when unpacked.", _AGAIN)
        room -= len(files[name])
    return files


def _described(files: Files) -> Mapping[str, tuple[str, ...]]:
    """The columns that each file has by the descriptor; none when there is none to be read.

    The keys that are checked are those of the standard, whatever a descriptor declares.
    """
    try:
        value = json.loads(files.get(DESCRIPTOR, b"{}"))
        resources = value.get("resources", []) if isinstance(value, dict) else []
        return {
            str(one["path"]): tuple(str(field["name"]) for field in one["schema"]["fields"])
            for one in resources
            if isinstance(one, dict) and isinstance(one.get("schema"), dict) and "path" in one
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}


def _rows(name: str, data: bytes, described: tuple[str, ...] | None) -> list[dict[str, str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("encoding", f"{name} is not UTF-8.", "Save it as UTF-8.") from None
    rows: list[dict[str, str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [cell.strip() for cell in next(reader, [])]
        if "id" not in header or len(set(header)) < len(header):
            raise Refused(
                "kind", f"{name} has no column 'id', or a column twice.", "Mend its header."
            )
        missing = set(described or ()) - set(header)
        if "id" in missing:
            raise Refused("kind", f"{name} is not as {DESCRIPTOR} says.", "Mend its header.")
        for number, cells in enumerate(reader, start=2):
            if not any(cells):
                continue
            if len(cells) != len(header):
                said = f"{name}, row {number} has {len(cells)} cells and the header {len(header)}."
                raise Refused("kind", said, "Quote cells that hold a comma.")
            if len(rows) >= MOST_ROWS:
                raise Refused("too_large", f"{name} has more than {MOST_ROWS} rows.", "Split it.")
            rows.append(dict(zip(header, map(_plain, cells), strict=True)))
    except csv.Error as error:
        raise Refused("kind", f"{name} is not CSV: {error}.", "Export it again.") from None
    return rows


def _plain(cell: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from acting on it."""
    return cell[1:] if cell.startswith("'") and _ACTS.match(cell[1:]) else cell


def _inert(value: object) -> str:
    text = str(value)
    return f"'{text}" if _ACTS.match(text) else text


def _csv(entity: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = columns_of(entity)
    whole = io.StringIO(newline="")
    writer = csv.writer(whole, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_inert(row.get(column, "")) for column in columns] for row in rows)
    return whole.getvalue().encode()


def _resource(entity: str) -> dict[str, Any]:
    shape = ENTITIES[entity]
    return {
        "name": shape.table,
        "path": f"{shape.table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                {"name": column, "type": "number" if column in NUMBERS else "string"}
                for column in columns_of(entity)
            ],
            "primaryKey": "id",
            "foreignKeys": [
                {"fields": column, "reference": {"resource": ENTITIES[of].table, "fields": "id"}}
                for column, of in shape.keys.items()
            ],
        },
    }
