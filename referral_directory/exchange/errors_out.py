"""The rows of a file with what is to be mended beside each cell: to be mended and brought again.

All rows are in it, as they came, for nothing of the file was taken yet.
"""

import io
from collections.abc import Iterable
from typing import Any, Final

from referral_directory.exchange.headers import REMARKS, Headed
from referral_directory.exchange.plans import Like, Plan, PlanItem
from referral_directory.exchange.rows import Fault
from referral_directory.exchange.xlsx_out import text_cell
from referral_directory.insight.duplicates import REASONS

_LONGEST_REMARK: Final = 1500
_COLOURS: Final = {"error": "FFF4CCCC", "warning": "FFFFF2CC"}


def error_workbook(plan: Plan, headed: Headed | None, language: str = "en") -> bytes:
    """The workbook. Without `headed` (a file that was no table) it lists what is to be mended."""
    from openpyxl import Workbook  # noqa: PLC0415  (takes time to load)

    book = Workbook(write_only=True)
    page: Any = book.create_sheet("Listings")
    page.freeze_panes = "B2"
    if headed is None:
        _listed(page, plan)
    else:
        _beside(page, plan, headed, REMARKS["uk" if language == "uk" else "en"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def said_of(item: PlanItem) -> list[Fault]:
    """All that is to be said of a row, faults and what it may be the same as."""
    said = list(item.faults)
    if item.action == "duplicate":
        said += [
            Fault(item.row, "", f"This may be {like.id} already: {_why(like)}.", _SAME)
            for like in item.likes
            if like.sure
        ]
    elif item.likes:
        said += [
            Fault(item.row, "", f"A little like {like.id}: {_why(like)}.", "", "warning")
            for like in item.likes[:3]
        ]
    if item.action == "conflict" and item.why == "draft":
        said.append(Fault(item.row, "", "A change of it is waiting for a second look.", _DRAFT))
    elif item.action == "conflict":
        fields = ", ".join(item.changes[:6])
        said.append(Fault(item.row, "", f"Somebody changed it since: {fields}.", _CHANGED))
    return said


def _why(like: Like) -> str:
    return ", ".join(REASONS.get(code, code) for code in like.reasons)


_SAME: Final = "Put its id into the row, or say that it is another one."
_DRAFT: Final = "Publish or discard that first, or take the row out."
_CHANGED: Final = "Export it anew, or keep what stands."


def _listed(page: Any, plan: Plan) -> None:
    page.append([text_cell(page, one, bold=True) for one in ("Row", "Where", "Column", "Remark")])
    for fault in plan.faults:
        page.append(_cells(page, (str(fault.row), "", fault.column, _remark([fault]))))
    for item in plan.items:
        for fault in said_of(item):
            row = (str(fault.row), item.where, fault.column, _remark([fault]))
            page.append(_cells(page, row))


def _cells(page: Any, row: Iterable[str]) -> list[Any]:
    return [text_cell(page, one) for one in row]


def _beside(page: Any, plan: Plan, headed: Headed, title: str) -> None:
    by_row = {item.row: said_of(item) for item in plan.items}
    kept = [i for i, one in enumerate(headed.titles) if one not in REMARKS.values()]
    titles = [headed.titles[i] for i in kept]
    page.append(_line(page, [title, *titles], ["", *titles], list(plan.faults), bold=True))
    for line in headed.lines:
        faults = by_row.get(line.number, [])
        cells = [line.cells[i] if i < len(line.cells) else "" for i in kept]
        page.append(_line(page, [_remark(faults, named=True), *cells], ["", *titles], faults))


def _line(
    page: Any, cells: list[str], titles: list[str], faults: list[Fault], *, bold: bool = False
) -> list[Any]:
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    out: list[Any] = []
    for place, text in enumerate(cells):
        own = [one for one in faults if one.column and one.column == titles[place]]
        if not text and not own:
            out.append(None)
            continue
        cell: Any = text_cell(page, text, bold=bold)
        if own:
            grave = "error" if any(one.severity == "error" for one in own) else "warning"
            cell.fill = PatternFill("solid", fgColor=_COLOURS[grave])
            cell.comment = Comment(_remark(own), "Quietline", height=120, width=320)
        out.append(cell)
    return out


def _remark(faults: list[Fault], *, named: bool = False) -> str:
    said = [
        (f"{one.column}: " if named and one.column else "") + f"{one.said} {one.mend}".strip()
        for one in faults
    ]
    return "\n".join(said)[:_LONGEST_REMARK]
