"""Catalogues as a workbook, for translators without other tools, and back.

    one sheet a language:  domain | context | English | note | translation | state

A workbook changes translations and states, nothing else: a row whose English is not that of today,
or whose translation lost a placeholder, is refused with its row and column, and then nothing of the
workbook is taken. What looks like a formula is text, both ways.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from babel.messages.catalog import Catalog, Message
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation

from authored import Mistake, Mistakes, did_you_mean
from flows.catalogue import messages, po_path, read_catalogue
from flows.languages import ENGLISH, read_languages
from flows.placeholders import BadBraces, placeholders
from flows.reviewing import review_of, without_review
from flows.translating import Sources, as_po, template, updated

HEADS = ("domain", "context", "English", "note", "translation", "state")
WIDTHS = (8, 36, 60, 40, 60, 12)
STATES = ("missing", "look again", "translated", "reviewed")
MOST_BYTES = 20_000_000
MOST_ROWS = 100_000


def export(sources: Sources, file: Path, only: str | None = None) -> int:
    """Write the workbook; how many rows. Raises `Mistakes`."""
    languages = [code for code in read_languages(sources.locales) if code != ENGLISH]
    if only is not None and only not in languages:
        hint = did_you_mean(only, languages)
        raise Mistakes([Mistake(only, 0, 0, "is not a language with catalogues", hint)])
    book, rows = Workbook(write_only=True), 0
    for language in [only] if only else languages:
        sheet = book.create_sheet(language)
        sheet.freeze_panes = "A2"
        for letter, width in zip("ABCDEF", WIDTHS, strict=True):
            sheet.column_dimensions[letter].width = width
        choice = DataValidation(type="list", formula1=f'"{",".join(STATES[1:3])}"')
        choice.error = "translated, or look again"
        sheet.data_validations.append(choice)
        choice.add(f"F2:F{MOST_ROWS}")
        sheet.append([_cell(sheet, head, bold=True) for head in HEADS])
        for domain in sources.domains:
            catalogue = _current(sources, domain, language)
            for message, context, english, said in messages(catalogue):
                note = " ".join(message.auto_comments)
                row = (domain, context, english, note, said, _state(message, english, said))
                sheet.append([_cell(sheet, text) for text in row])
                rows += 1
    book.save(file)
    return rows


def _current(sources: Sources, domain: str, language: str) -> Catalog:
    """The catalogue as `update` would leave it."""
    path = po_path(sources.locales, language, domain)
    old = read_catalogue(path) if path.exists() else None
    return updated(old, template(sources, domain, language), language)


def _state(message: Message, english: str, said: str) -> str:
    if not said:
        return "missing"
    if message.fuzzy:
        return "look again"
    return "reviewed" if review_of(message, english, said) else "translated"


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, text)
    # Said to be text, so that `=1+1` is what somebody wrote and nothing that is reckoned.
    cell.data_type, cell.quotePrefix = "s", text[:1] in {"=", "+", "-", "@"}
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as it was read."""

    number: int
    domain: str
    context: str
    english: str
    said: str
    state: str


def take(sources: Sources, file: Path, only: str | None = None) -> dict[Path, int]:
    """Read a workbook into the catalogues; catalogue → how many texts changed.

    Raises `Mistakes` with every fault, and changes nothing then.
    """
    found: list[Mistake] = []
    changed: dict[Path, int] = {}
    written: dict[Path, bytes] = {}
    for language, rows in _sheets(sources, file, only).items():
        for domain in sources.domains:
            catalogue = _current(sources, domain, language)
            there = {context: message for message, context, _, _ in messages(catalogue)}
            count = 0
            for row in rows:
                if row.domain == domain:
                    faults = list(_faults(row, there, f"{file}:{language}"))
                    found += faults
                    count += not faults and _put(there[row.context], row)
            if count:
                path = po_path(sources.locales, language, domain)
                changed[path], written[path] = count, as_po(catalogue)
        known = (*sources.domains,)
        found += [
            _at(f"{file}:{language}", row, "A", f"there is no domain '{row.domain}'")
            for row in rows
            if row.domain not in known
        ]
    if found:
        raise Mistakes(found)
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return changed


def _sheets(sources: Sources, file: Path, only: str | None) -> dict[str, list[_Row]]:
    languages = [code for code in read_languages(sources.locales) if code != ENGLISH]
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Mistakes([Mistake(str(file), 0, 0, f"is over {MOST_BYTES} bytes", "Split it.")])
        book = load_workbook(file, read_only=True, data_only=False)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        if isinstance(error, Mistakes):
            raise
        mend = "Save it as .xlsx, from what export-xlsx wrote."
        raise Mistakes([Mistake(str(file), 0, 0, "cannot be read as a workbook", mend)]) from None
    try:
        found = [
            Mistake(f"{file}:{name}", 0, 0, "is not a language", did_you_mean(name, languages))
            for name in book.sheetnames
            if name not in languages
        ]
        if found:
            raise Mistakes(found)
        names = [name for name in book.sheetnames if only in {None, name}]
        return {name: list(_rows(book[name], f"{file}:{name}")) for name in names}
    finally:
        book.close()


def _rows(sheet: Any, place: str) -> Iterator[_Row]:
    width = len(HEADS)
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS, max_col=width), 1):
        # A formula is read as what was written, never as what it comes to.
        texts = [str(cell.value) if cell.value is not None else "" for cell in cells]
        texts += [""] * (width - len(texts))
        if number == 1:
            if tuple(texts) != HEADS:
                mend = f"The first row is: {', '.join(HEADS)}."
                raise Mistakes([Mistake(place, 1, 1, "is not such a sheet", mend)])
        elif any(texts):
            domain, context, english, _, said, state = texts
            yield _Row(number, domain, context, english, said.strip(), state.strip())


def _faults(row: _Row, there: Mapping[str, Message], place: str) -> Iterator[Mistake]:
    message = there.get(row.context)
    if message is None:
        hint = did_you_mean(row.context, there)
        yield _at(place, row, "B", f"there is no text '{row.context}'", hint)
        return
    if row.english != message.id:
        mend = "Export again: the English is another one now, or was changed in the sheet."
        yield _at(place, row, "C", f"{row.context}: the English is not that of today", mend)
        return
    if row.state not in STATES:
        yield _at(place, row, "F", f"'{row.state}' is no state", did_you_mean(row.state, STATES))
    try:
        wanted, got = placeholders(row.english), placeholders(row.said)
    except BadBraces as fault:
        yield _at(place, row, "E", f"{row.context}: {fault}")
        return
    if row.said and wanted != got:
        names = ", ".join(f"{{{name}}}" for name in sorted(wanted ^ got))
        mend = "Names in braces stay as they are in English."
        yield _at(place, row, "E", f"{row.context}: {names} is lost or made up", mend)


def _at(place: str, row: _Row, column: str, message: str, mend: str = "") -> Mistake:
    return Mistake(f"{place}!{column}{row.number}", 0, 0, message, mend)


def _put(message: Message, row: _Row) -> bool:
    """Write a row into its entry; whether that changed anything.

    A workbook cannot mark a text as reviewed, and loses that mark with a changed text.
    """
    fuzzy = bool(row.said) and row.state == "look again"
    if message.string == row.said and message.fuzzy == fuzzy:
        return False
    if message.string != row.said:
        without_review(message)
    message.string = row.said
    message.flags.discard("fuzzy")
    message.previous_id = message.previous_id if fuzzy else []
    if fuzzy:
        message.flags.add("fuzzy")
    return True
