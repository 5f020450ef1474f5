"""Listings as a workbook: text cells only, headers that stay, lists to choose from.

Nothing in it is calculated, nothing is loaded from elsewhere, and no cell is taken for a formula.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from referral_directory.exchange.cells import guarded
from referral_directory.exchange.columns import column
from referral_directory.exchange.sheets import Sheet

RTL: Final = frozenset({"ar", "fa", "he", "ps", "ur", "ckb", "ug", "dv"})
_ONLY_DIGITS: Final = re.compile(r"\+[0-9]+\Z")
_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS: Final = {"text": 32, "list": 32, "needs": 28, "areas": 16, "address": 22, "id": 28}


def write_xlsx(
    sheet: Sheet,
    *,
    words: Mapping[str, Iterable[tuple[str, str]]] | None = None,
    right_to_left: bool = False,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """The workbook. `words`: further sheets with codes and their names, to look things up.

    `right_to_left`: the sheet begins on the right, as people who write so expect.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (takes time to load)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    page: Any = book.create_sheet("Listings")
    page.sheet_view.rightToLeft = right_to_left
    # The headers stay, and so does what stands before the first thing to read: the id.
    page.freeze_panes = "B2"
    for place, key in enumerate(sheet.keys, 1):
        one = column(key)
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = _WIDTHS.get(one.reads if one else "", 14)
        # New rows too: a number that is typed here keeps its zero.
        page.column_dimensions[letter].number_format = "@"
    page.append([text_cell(page, one, bold=True) for one in sheet.titles])
    for done, line in enumerate(sheet.lines(), 1):
        page.append([text_cell(page, cell) if cell else None for cell in line])
        if progress is not None:
            progress(done)
    _offer(page, sheet)
    for name, pairs in (words or {}).items():
        beside: Any = book.create_sheet(name)
        beside.sheet_view.rightToLeft = right_to_left
        for pair in pairs:
            beside.append([text_cell(beside, one) for one in pair])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_cell(page: Any, text: str, *, bold: bool = False) -> Any:
    """A cell that is text for every spreadsheet program, whatever it says."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    # A number with its + is no formula in a cell of text; an apostrophe would stand in the way.
    safe = text if _ONLY_DIGITS.match(text) else guarded(text)
    cell: Any = WriteOnlyCell(page, value=_ESCAPED.sub("_x005F_", safe))
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _offer(page: Any, sheet: Sheet) -> None:
    """Lists to choose from, where there are few words."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    for key, codes in sheet.choices().items():
        letter = get_column_letter(sheet.keys.index(key) + 1)
        offered = DataValidation(
            type="list",
            formula1='"' + ",".join((*codes, "-")) + '"',
            allow_blank=True,
            # Ukrainian words are understood too, so another word is no error here.
            showErrorMessage=False,
        )
        offered.add(f"{letter}2:{letter}20001")
        page.data_validations.append(offered)
