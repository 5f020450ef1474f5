"""Listings as a CSV file that a spreadsheet opens without harm and this room reads back."""

import csv
import io

from referral_directory.exchange.cells import guarded
from referral_directory.exchange.sheets import Sheet


def write_csv(sheet: Sheet, *, separator: str = ",") -> bytes:
    """The file: UTF-8 with its mark, every cell in quotes, none taken for a formula.

    A number like +380… stands behind an apostrophe, as any cell that begins like a formula, and so
    keeps its +.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(sheet.titles)
    for line in sheet.lines():
        writer.writerow([guarded(cell) for cell in line])
    return text.getvalue().encode("utf-8-sig")
