"""A file is read as it was saved, by any program in any country, or it is said why not."""

import codecs
from datetime import date

import pytest

from referral_directory.exchange.rows import Refused
from referral_directory.exchange.tables import read_table
from tests.exchange.conftest import Planned
from tests.exchange.files import GOOD, HEADS, csv_of, xlsx_of

TEXT = csv_of([GOOD])


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        csv_of([GOOD], ";").encode(),
        csv_of([GOOD], "\t").encode(),
        csv_of([GOOD], "|").encode(),
        csv_of([GOOD], end="\r\n").encode(),
        ("sep=;\r\n" + csv_of([GOOD], ";")).encode(),
        ("\n\n" + TEXT).encode(),
        ("Our services in 2026,,\n" + TEXT).encode(),
        xlsx_of([HEADS, [GOOD[head] for head in HEADS]]),
        xlsx_of([["Our services"], [], HEADS, [GOOD[head] for head in HEADS]]),
    ],
)
def test_one_table_says_the_same_however_it_was_saved(planned: Planned, data: bytes) -> None:
    plan = planned(data)
    assert plan.ready
    item = plan.items[0]
    assert item.content is not None
    assert item.content["names"] == {"en": "Example Centre", "uk": "Центр «Приклад»"}
    assert item.content["contacts"] == [{"kind": "phone", "number": "+380440000001"}]


def test_a_file_in_windows_letters_is_named_and_read_only_when_somebody_says_so(
    planned: Planned,
) -> None:
    data = TEXT.encode("windows-1251")
    with pytest.raises(Refused) as refused:
        planned(data)
    assert refused.value.code == "encoding"
    assert "Windows-1251" in str(refused.value)
    content = planned(data, encoding="windows-1251").items[0].content
    assert content is not None
    assert content["names"]["uk"] == "Центр «Приклад»"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Name,Area\nÅngström,UA\n".encode("latin-1"), "not UTF-8"),
        (TEXT.encode("utf-16-le"), "UTF-16 without its mark"),
        (b"%PDF-1.7 \x00", "not a table"),
        (b"<html><table></table></html>", "not a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "old or protected"),
        (b"", "no rows"),
        (b"\n \n", "no rows"),
        (b'Name,Needs\n"Example,legal\nand so on', "begins in line 2"),
        (b'Name,Needs\n"Example" Centre,legal\n', "begins in line 2"),
        (b"one,two\nthree,four\n", "looks like headers"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    planned: Planned, data: bytes, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        planned(data)
    assert said in str(refused.value)


def test_an_encoding_that_does_not_exist_or_does_not_fit_is_refused() -> None:
    for encoding in ("nonsense-8", "ascii"):
        with pytest.raises(Refused):
            read_table("Назва".encode(), "x.csv", encoding=encoding)


def test_a_quoted_cell_may_have_lines_and_separators_in_it(planned: Planned) -> None:
    told = 'First line, with a comma;\nsecond line “quoted” and "so"'
    plan = planned([GOOD | {"Notes": told}, GOOD | {"Name": "Another", "Phone": "+380440000002"}])
    assert [item.row for item in plan.items] == [2, 4]
    content = plan.items[0].content
    assert content is not None
    assert content["notes"] == told


def test_a_workbook_gives_its_first_filled_sheet_or_the_one_that_is_named() -> None:
    data = xlsx_of([["Name", "Area"], ["Example", "UA"]], name="Services")
    assert read_table(data, "x.xlsx").name == "Services"
    assert read_table(data, "x.xlsx", sheet="Services").lines[1].cells == ("Example", "UA")
    with pytest.raises(Refused) as refused:
        read_table(data, "x.xlsx", sheet="Servces")
    assert "There are: Services." in str(refused.value)


def test_values_of_a_spreadsheet_are_read_as_somebody_would_have_typed_them() -> None:
    data = xlsx_of([["a", "b", "c", "d"], [date(2026, 5, 1), 5.0, True, 2.5]])
    line = read_table(data, "x.xlsx").lines[1]
    assert line.cells == ("2026-05-01", "5", "yes", "2.5")
    assert line.typed == (1, 3)
