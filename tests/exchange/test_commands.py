"""The commands as somebody types them: out, mended, in again, taken back."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from bot.cli.directory_exchange import directory_app
from tests.exchange.files import GOOD, csv_of

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for all of them: seeding it takes its time."""
    return tmp_path_factory.mktemp("installation") / "data"


@pytest.fixture
def run(data: Path) -> Run:
    def typed(*words: str | Path, answer: str = "") -> Result:
        env = {"QUIETLINE_DATA": str(data), "COLUMNS": "200"}
        return CliRunner().invoke(directory_app, [str(one) for one in words], answer, env=env)

    return typed


def test_a_workbook_goes_out_comes_in_and_is_taken_back(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "all.xlsx"
    done = run("export", out, "--lang", "uk")
    assert done.exit_code == 0, done.output
    assert "Nothing to take" in run("import", out, "--yes").output

    book = openpyxl.load_workbook(out)
    page = book["Listings"]
    heads = [cell.value for cell in page[1]]
    page.cell(2, heads.index("Нотатки") + 1).value = "We called; ask for the hours."
    book.save(out)
    taken = run("import", out, answer="y\n")
    assert taken.exit_code == 0, taken.output
    assert "\n1 changed, " in taken.output
    assert "1 proposals wait for a second person" in taken.output
    batch = run("imports").output.split()[0]
    assert "1 records are as before" in run("undo", batch).output


def test_a_file_with_mistakes_takes_nothing_and_comes_back_with_remarks(
    run: Run, tmp_path: Path
) -> None:
    file, errors = tmp_path / "services.csv", tmp_path / "errors.xlsx"
    file.write_text(csv_of([GOOD, GOOD | {"Phone": "call us", "Area": "Nowhere"}]))
    done = run("import", file, "--yes", "--errors", errors)
    assert done.exit_code == 1
    assert "row 3, Phone" in done.output
    page = openpyxl.load_workbook(io.BytesIO(errors.read_bytes()))["Listings"]
    assert "Nowhere" in str(page[3][0].value)
    refused = run("import", file, "--leave-out-faulty", answer="n\n")
    assert "1 new, 1 left out" in refused.output
    assert "Nothing was taken." in refused.output


def test_columns_are_mapped_on_the_command_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "services.csv"
    file.write_text(csv_of([GOOD | {"Наш номер": "17", "Лінія": "+380440000077"}]))
    how = ("--map", "Наш номер=ignore", "--map", "Лінія=телефон 2")
    assert "not known" not in run("import", file, "--plan-only", *how).output


def test_a_pack_that_says_what_stands_brings_nothing(run: Run) -> None:
    done = run("import", "--pack", "lt", "--yes")
    assert done.exit_code == 0, done.output
    assert "Nothing to take" in done.output
    assert "no pack 'zz'" in run("import", "--pack", "zz").output


def test_partners_get_what_is_published_and_that_is_nothing_yet(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "services.json"
    assert run("export", out, "--format", "hsds", "--published").exit_code == 0
    assert json.loads(out.read_text()) == []
    assert run("export", out, "--format", "pdf").exit_code == 1


def test_only_a_region_goes_out_when_asked(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "services.csv"
    assert run("export", out, "--format", "csv", "--area", "LT").exit_code == 0
    text = out.read_text("utf-8-sig")
    assert '"lt-' in text
    assert '"ua-' not in text


def test_a_file_is_looked_at_without_taking_it_in(run: Run, tmp_path: Path) -> None:
    good, wrong, harmful = (tmp_path / name for name in ("good.csv", "wrong.csv", "harmful.csv"))
    good.write_text(csv_of([GOOD]))
    wrong.write_text(csv_of([GOOD | {"Area": "Nowhere"}]))
    harmful.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert run("check", good).exit_code == 0
    done = run("check", wrong)
    assert done.exit_code == 1
    assert "error: row 2, Area" in done.output
    assert "old or protected" in run("check", harmful).output
    assert "cannot be read" in run("check", tmp_path / "none.csv").output


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("import", "x.csv", "--pack", "ua"),
        ("import", "no-such-file.csv"),
        ("import", "x.csv", "--map", "Лінія=fone"),
        ("import", "x.csv", "--leave-out", "two"),
    ],
)
def test_a_command_that_makes_no_sense_says_what_would(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert done.output.strip()
