"""What we export, opened by a real spreadsheet program that calculates what it can.

Only where somebody asks for it (`QUIETLINE_SPREADSHEET=1`), with LibreOffice installed: see
conftest.py. It takes its time to start.
"""

import subprocess
from pathlib import Path
from typing import Any

from referral_directory.exchange.csv_out import write_csv
from referral_directory.exchange.sheets import Exported, sheet_of
from referral_directory.exchange.xlsx_out import write_xlsx
from tests.exchange.test_round_trip import ACTS, PAYLOADS

CSV_FILTER = "CSV:44,34,76,1,,0,false,true,false,false,false,0,true"
"""Commas, UTF-8; whatever looks like a number or a formula is taken for one."""


def test_no_cell_of_ours_is_calculated_and_one_of_theirs_is(tmp_path: Path) -> None:
    texts = [f"{before}{text}" for text in PAYLOADS for before in ("", ";", "\n", "a,")]
    sheet = sheet_of(Exported(f"ua-example-{at}", 1, _full(t)) for at, t in enumerate(texts))
    (tmp_path / "ours.csv").write_bytes(write_csv(sheet))
    (tmp_path / "book.xlsx").write_bytes(write_xlsx(sheet))
    (tmp_path / "theirs.csv").write_text('"a","b"\r\n"=1+1",+3\r\n')
    assert _formulas(tmp_path, "theirs.csv") > 0
    assert _formulas(tmp_path, "ours.csv") == 0
    assert _formulas(tmp_path, "book.xlsx") == 0


def _formulas(folder: Path, name: str) -> int:
    filtered = [f"--infilter={CSV_FILTER}"] if name.endswith(".csv") else []
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "fods", *filtered, "--outdir", str(folder), str(folder / name)),
        ],
        check=True,
        capture_output=True,
    )
    text = (folder / name).with_suffix(".fods").read_text()
    assert "table:table-cell" in text
    return text.count("table:formula")


def _full(text: str) -> dict[str, Any]:
    assert any(mark in text for mark in ACTS)
    return {
        "names": {"en": text, "uk": text},
        "organization": {"en": text},
        "needs": ["legal"],
        "area": ["UA"],
        "languages": ["uk"],
        "summary": {"en": text},
        "contacts": [{"kind": "phone", "number": "+380440000001", "label": {"en": text}}],
        "also": [text],
        "accepted": {text: text},
        "notes": text,
    }
