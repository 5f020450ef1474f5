"""Files as people send them, and as nobody should: made here, never kept."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

GOOD = {
    "Name": "Example Centre",
    "Назва": "Центр «Приклад»",
    "Organisation": "Example Foundation",
    "Організація": "Фонд «Приклад»",
    "Needs": "legal.advice",
    "Area": "UA-63",
    "Phone": "+380440000001",
    "Languages": "uk",
    "Summary": "A lawyer answers.",
    "Опис": "Відповідає юрист.",
    "Source": "https://example.org/about",
    "Source date": "2026-05-01",
}
HEADS = list(GOOD)


def csv_of(rows: Iterable[Mapping[str, str]], separator: str = ",", end: str = "\n") -> str:
    """A CSV text of rows by header; what a row lacks is empty."""
    listed = list(rows)
    heads = list(dict.fromkeys((*HEADS, *(head for row in listed for head in row))))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerow(heads)
    writer.writerows([row.get(head, "") for head in heads] for row in listed)
    return text.getvalue()


def xlsx_of(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> bytes:
    """A workbook as a spreadsheet program saves it."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = name
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FOOT = "</sheetData></worksheet>"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
}


def raw_xlsx(sheet: str | bytes, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook whose sheet is any bytes, with further parts or other ones."""
    out = io.BytesIO()
    parts: dict[str, str | bytes] = {**_PARTS, "xl/worksheets/sheet1.xml": sheet, **(more or {})}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
