"""What would harm the machine, or lead out of the file, is refused before it is read."""

import io
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest

from referral_directory.exchange.limits import MOST_BYTES, inspect_workbook
from referral_directory.exchange.rows import Refused
from referral_directory.exchange.tables import read_table
from tests.exchange.files import FOOT, HEAD, raw_xlsx, xlsx_of

ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
LINKED = '<Relationships><Relationship Id="a" Target="{}" TargetMode="External"/></Relationships>'
Case = tuple[str, Callable[[], bytes]]
CASES: dict[str, Case] = {
    "bomb of empty bytes": ("bomb", lambda: raw_xlsx(b"\0" * 20_000_000)),
    "many parts": ("bomb", lambda: raw_xlsx(HEAD + FOOT, {f"a/{i}.xml": "" for i in range(600)})),
    "large beside it": (
        "bomb",
        lambda: raw_xlsx(HEAD + FOOT, {"xl/media/a.bin": b"\0" * 20_000_000}),
    ),
    "rows without numbers": ("too_large", lambda: raw_xlsx(HEAD + "<row/>" * 250_000 + FOOT)),
    "rows without numbers behind a prefix": (
        "too_large",
        lambda: raw_xlsx(HEAD + "<any:row/>" * 250_000 + FOOT),
    ),
    "cells without places": (
        "kind",
        lambda: raw_xlsx(f"{HEAD}<row r='1'>{'<c/>' * 900}</row>{FOOT}"),
    ),
    "two cells far apart": (
        "too_large",
        lambda: raw_xlsx(f'{HEAD}{ROW}<row r="190000"><c r="ZA190000"/></row>{FOOT}'),
    ),
    "a cell far to the right": (
        "too_large",
        lambda: raw_xlsx(f'{HEAD}<row r="1"><c r="XFD1"/></row>{FOOT}'),
    ),
    "a cell that is not in its row": (
        "too_large",
        lambda: raw_xlsx(f'{HEAD}<row r="1"><c r="A999999999999"/></row>{FOOT}'),
    ),
    "a thousand columns": ("too_large", lambda: b"a," * 1_000 + b"a\n"),
    "a cell without an end": ("too_large", lambda: b'Name,Needs\n"' + b"a" * 90_000 + b'",b'),
    "a file too large": ("too_large", lambda: b"a,b\n" * (MOST_BYTES // 4 + 1)),
    "entity of a file": (
        "entities",
        lambda: raw_xlsx(
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + HEAD + ROW + FOOT
        ),
    ),
    "billion laughs": (
        "entities",
        lambda: raw_xlsx(
            HEAD + FOOT,
            {"xl/sharedStrings.xml": '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst/>'},
        ),
    ),
    "entity behind a long comment": (
        "entities",
        lambda: raw_xlsx(f"<!--{'a-' * 600_000}--><!DOCTYPE x [<!ENTITY a 'b'>]>{HEAD}{FOOT}"),
    ),
    "letters that hide the entity": (
        "encoding",
        lambda: raw_xlsx('<?xml version="1.0" encoding="UTF-7"?>' + HEAD + FOOT),
    ),
    "UTF-16 that hides the entity": (
        "encoding",
        lambda: raw_xlsx(('<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD).encode("utf-16")),
    ),
    "values of another workbook": (
        "links",
        lambda: raw_xlsx(HEAD + FOOT, {"xl/externalLinks/externalLink1.xml": "<a/>"}),
    ),
    "a query to elsewhere": (
        "links",
        lambda: raw_xlsx(HEAD + FOOT, {"xl/connections.xml": "<a/>"}),
    ),
    "a picture from elsewhere": (
        "links",
        lambda: raw_xlsx(
            HEAD + FOOT,
            {"xl/worksheets/_rels/sheet1.xml.rels": LINKED.format("https://example.org/pixel.png")},
        ),
    ),
    "macros": ("macros", lambda: raw_xlsx(HEAD + FOOT, {"xl/vbaProject.bin": b"x"})),
    "an object in it": ("macros", lambda: raw_xlsx(HEAD + FOOT, {"xl/embeddings/a.bin": b"x"})),
    "a way out": ("paths", lambda: raw_xlsx(HEAD + FOOT, {"../../outside.xml": "x"})),
    "a way from the top": ("paths", lambda: raw_xlsx(HEAD + FOOT, {"/etc/outside": "x"})),
    "a way of another system": ("paths", lambda: raw_xlsx(HEAD + FOOT, {"..\\outside": "x"})),
    "a part twice": ("paths", lambda: raw_xlsx(HEAD + FOOT, {"XL/Workbook.xml": "x"})),
    "another zip": ("kind", lambda: _zip({"a.txt": "hello"})),
    "half a workbook": ("broken", lambda: xlsx_of([["Name", "Area"]])[:-600]),
    "formulas everywhere": (
        "formulas",
        lambda: raw_xlsx(
            HEAD
            + "".join(f'<row r="{i}"><c r="A{i}"><f>1</f></c></row>' for i in range(1, 1_500))
            + FOOT
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_harmful_file_is_refused_with_what_helps(name: str) -> None:
    code, make = CASES[name]
    with pytest.raises(Refused) as refused:
        read_table(make(), "services.xlsx")
    assert refused.value.code == code
    assert refused.value.mend


def test_a_part_that_is_a_link_to_another_file_is_refused() -> None:
    link = zipfile.ZipInfo("xl/linked.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO(raw_xlsx(HEAD + FOOT))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/hostname")
    with pytest.raises(Refused) as refused:
        inspect_workbook(out.getvalue())
    assert refused.value.code == "paths"


def test_a_part_that_is_larger_than_it_says_is_refused() -> None:
    data = bytearray(raw_xlsx(HEAD + ROW * 400_000 + FOOT))
    at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 100)
    with pytest.raises(Refused):
        inspect_workbook(bytes(data))


def test_parts_that_lie_over_one_another_are_refused() -> None:
    data = bytearray(raw_xlsx(HEAD + ROW + FOOT, {"xl/a.xml": "a" * 50, "xl/b.xml": "b" * 50}))
    first = data.find(b"PK\x01\x02" + data[data.find(b"PK\x01\x02") + 4 :][:0])
    places = []
    while first != -1:
        places.append(first)
        first = data.find(b"PK\x01\x02", first + 4)
    here = struct.unpack_from("<I", data, places[-2] + 42)[0]
    struct.pack_into("<I", data, places[-1] + 42, here)
    with pytest.raises(Refused) as refused:
        inspect_workbook(bytes(data))
    assert refused.value.code == "bomb"


def test_a_hyperlink_on_a_cell_is_only_a_word() -> None:
    rels = LINKED.format("https://example.org").replace(
        "<Relationship ", '<Relationship Type="…/relationships/hyperlink" '
    )
    data = raw_xlsx(HEAD + ROW + FOOT, {"xl/worksheets/_rels/sheet1.xml.rels": rels})
    assert inspect_workbook(data).formulas == {}


def test_a_calculated_cell_is_named_by_its_place() -> None:
    data = xlsx_of([["Name", "Area"], ["Example", "=A1"], ["=1+1", "UA"]], name="Other & name")
    assert inspect_workbook(data).formulas == {"Other & name": frozenset({"B2", "A3"})}
    lines = read_table(data, "x.xlsx").lines
    assert [line.formulas for line in lines] == [(), (1,), (0,)]


def test_the_worst_files_are_refused_in_little_memory() -> None:
    """In a process that may not have more than 200 MiB of its own."""
    program = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (200 << 20, 200 << 20))
from referral_directory.exchange.rows import Refused
from referral_directory.exchange.tables import read_table
while head := sys.stdin.buffer.read(8):
    try:
        read_table(sys.stdin.buffer.read(int.from_bytes(head)), "x")
    except Refused as refused:
        print(refused.code)
"""
    rows = "".join(f'<row r="{i}"><c r="A{i}"/></row>' for i in range(1, 1_000_001))
    files = [
        raw_xlsx(HEAD + " " * 100_000_000),
        raw_xlsx(HEAD + rows + FOOT),
        b"a,b\n" + b"1,2\n" * 1_000_000,
        CASES["two cells far apart"][1](),
    ]
    told = b"".join(len(data).to_bytes(8) + data for data in files)
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, input=told, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.decode().split() == ["bomb", "too_large", "too_large", "too_large"]


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
