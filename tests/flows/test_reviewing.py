"""What is done with catalogues besides writing: reviews, workbooks, .mo files, a made-up one."""

import gettext
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from authored import Mistakes
from flows.catalogue import messages, po_path, read_catalogue, read_phrasebooks
from flows.commands import Places
from flows.compiling import compile_all
from flows.i18n_commands import make_app
from flows.i18n_xlsx import export, take
from flows.placeholders import placeholders
from flows.pseudo import pseudo
from flows.reviewing import awaiting, mark_reviewed, review_of
from flows.translating import Sources, as_po, update

TODAY = date(2026, 11, 22)
HOURS = "card.hours"


@pytest.fixture
def ready(sources: Sources) -> Sources:
    """Catalogues in step, with two texts of the pages in Ukrainian."""
    for domain in ("flows", "ui"):
        po_path(sources.locales, "uk", domain).unlink()
    update(sources)
    for context, said in (("card.free", "Безкоштовно"), (HOURS, "Години: {hours}")):
        put(sources, context, said)
    return sources


def put(sources: Sources, context: str, said: str, *, fuzzy: bool = False) -> None:
    path = po_path(sources.locales, "uk", "ui")
    catalogue = read_catalogue(path)
    for message, there, _, _ in messages(catalogue):
        if there == context:
            message.string = said
            message.flags.update({"fuzzy"} if fuzzy else ())
    path.write_bytes(as_po(catalogue))


def entry(sources: Sources, context: str) -> Any:
    found = messages(read_catalogue(po_path(sources.locales, "uk", "ui")))
    return next(one for one in found if one[1] == context)


def test_a_review_lasts_as_long_as_the_text(ready: Sources) -> None:
    assert awaiting(ready)["uk", "ui"] == 2
    assert mark_reviewed(ready, "uk", ["card.free"], "Organisation", TODAY) == 1
    assert awaiting(ready)["uk", "ui"] == 1
    message, _, english, said = entry(ready, "card.free")
    review = review_of(message, english, said)
    assert review is not None
    assert (review.by, review.on) == ("Organisation", TODAY)

    put(ready, "card.free", "Даром")
    assert awaiting(ready)["uk", "ui"] == 2
    assert mark_reviewed(ready, "uk", (), "Organisation", TODAY) == 2
    assert awaiting(ready)["uk", "ui"] == 0
    remarks = entry(ready, "card.free")[0].user_comments
    assert len(remarks) == 1, "the old remark is taken away"


def test_a_review_goes_with_the_english_it_was_for(ready: Sources) -> None:
    mark_reviewed(ready, "uk", ["card"], "Organisation", TODAY)
    ui = ready.locales / "ui.yaml"
    ui.write_text(ui.read_text(encoding="utf-8").replace("{text: Free,", "{text: For free,"))

    assert awaiting(ready)["uk", "ui"] == 1 - 1
    update(ready)
    assert review_of(*pick(entry(ready, "card.free"))) is None
    assert review_of(*pick(entry(ready, HOURS))) is not None


def pick(found: Any) -> Any:
    return found[0], found[2], found[3]


def test_what_cannot_be_reviewed_is_told(ready: Sources) -> None:
    po_path(ready.locales, "uk", "flows").unlink()
    put(ready, "card.free", "Даром", fuzzy=True)
    assert mark_reviewed(ready, "uk", ["card.free"], "Organisation", TODAY) == 0
    for language, contexts, by, message in (
        ("uk", ["card.fre"], "Organisation", "is no context of uk"),
        ("en", [], "Organisation", "is not a language with catalogues"),
        ("uk", [], "One, two", "cannot be written as a reviewer"),
    ):
        with pytest.raises(Mistakes, match=message):
            mark_reviewed(ready, language, contexts, by, TODAY)


def rows(path: Path, sheet: str = "uk") -> list[list[Any]]:
    book = load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def changed(path: Path, change: Callable[[Any], None], sheet: str = "uk") -> Path:
    book = load_workbook(path)
    change(book[sheet])
    book.save(path)
    return path


def row_of(sheet: Any, context: str) -> int:
    return next(int(cell.row) for cell in sheet["B"] if cell.value == context)


def test_a_workbook_goes_out_and_comes_back_unchanged(ready: Sources, tmp_path: Path) -> None:
    mark_reviewed(ready, "uk", ["card.free"], "Organisation", TODAY)
    put(ready, HOURS, "Години: {hours}", fuzzy=True)
    file = tmp_path / "all.xlsx"
    before = {p: p.read_bytes() for p in ready.locales.rglob("*.po")}

    # The languages of the tests: Ukrainian, Crimean Tatar, and Arabic that is not started.
    assert export(ready, file) == 3 * (len(rows(file)) - 1)
    assert rows(file)[0] == ["domain", "context", "English", "note", "translation", "state"]
    told = {row[1]: row for row in rows(file)}
    assert told["card.free"][2:] == ["Free", "It costs nothing.", "Безкоштовно", "reviewed"]
    assert told[HOURS][5] == "look again"
    assert told["find_help.need.say"][5] == "missing"
    assert take(ready, file) == {}
    assert {p: p.read_bytes() for p in ready.locales.rglob("*.po")} == before


def test_a_workbook_brings_translations_and_states(ready: Sources, tmp_path: Path) -> None:
    mark_reviewed(ready, "uk", ["card.free"], "Organisation", TODAY)
    put(ready, HOURS, "Години: {hours}", fuzzy=True)
    file = tmp_path / "uk.xlsx"
    export(ready, file, "uk")

    def change(sheet: Any) -> None:
        sheet[f"E{row_of(sheet, 'card.free')}"] = "Даром"
        sheet[f"F{row_of(sheet, HOURS)}"] = "translated"
        sheet[f"E{row_of(sheet, 'find_help.place.say')}"] = "Де ви?"
        sheet[f"F{row_of(sheet, 'find_help.place.say')}"] = "look again"
        sheet.append([None] * 6)

    done = take(ready, changed(file, change), "uk")
    assert {path.name: count for path, count in done.items()} == {"flows.po": 1, "ui.po": 2}
    message, _, english, said = entry(ready, "card.free")
    assert said == "Даром"
    assert review_of(message, english, said) is None
    assert not entry(ready, HOURS)[0].fuzzy
    flows = messages(read_catalogue(po_path(ready.locales, "uk", "flows")))
    assert [m.fuzzy for m, _, _, said in flows if said] == [True]


def test_a_workbook_with_a_fault_changes_nothing(ready: Sources, tmp_path: Path) -> None:
    file = tmp_path / "uk.xlsx"
    export(ready, file, "uk")
    before = po_path(ready.locales, "uk", "ui").read_bytes()

    def change(sheet: Any) -> None:
        sheet[f"E{row_of(sheet, 'card.free')}"] = "Даром"
        sheet[f"E{row_of(sheet, HOURS)}"] = "Години"
        sheet[f"C{row_of(sheet, 'find_help.place.say')}"] = "Where?"
        sheet[f"E{row_of(sheet, 'find_help.need.say')}"] = "Що { треба"
        sheet[f"F{row_of(sheet, 'find_help.bye.say')}"] = "done"
        sheet.append(["flows", "find_help.ned.say", "x", "", "", "missing"])
        sheet.append(["flos", "a.b", "x", "", "", "missing"])

    with pytest.raises(Mistakes) as caught:
        take(ready, changed(file, change))
    told = str(caught.value)
    sheet = load_workbook(file)["uk"]
    assert f":uk!E{row_of(sheet, HOURS)}: {HOURS}: {{hours}} is lost or made up" in told
    assert f":uk!C{row_of(sheet, 'find_help.place.say')}" in told
    assert f":uk!E{row_of(sheet, 'find_help.need.say')}" in told
    assert f":uk!F{row_of(sheet, 'find_help.bye.say')}: 'done' is no state" in told
    assert "there is no text 'find_help.ned.say'\n    Did you mean" in told
    assert "there is no domain 'flos'" in told
    assert po_path(ready.locales, "uk", "ui").read_bytes() == before


def test_a_formula_is_text_both_ways(ready: Sources, tmp_path: Path) -> None:
    put(ready, "card.free", "=1+1")
    file = tmp_path / "uk.xlsx"
    export(ready, file, "uk")
    sheet = load_workbook(file)["uk"]
    assert sheet[f"E{row_of(sheet, 'card.free')}"].data_type == "s"

    def change(sheet: Any) -> None:
        sheet[f"E{row_of(sheet, 'card.free')}"] = '=HYPERLINK("https://example.org")'

    take(ready, changed(file, change))
    assert entry(ready, "card.free")[3] == '=HYPERLINK("https://example.org")'


def test_what_is_no_such_workbook_is_told(
    ready: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "a.xlsx"
    text.write_text("hello")
    other = Workbook()
    other.active.title = "de"  # type: ignore[union-attr]  # a new workbook has a sheet
    other.save(tmp_path / "de.xlsx")
    other.active.title = "uk"  # type: ignore[union-attr]
    other.active["A1"] = "x"  # type: ignore[index]
    other.save(tmp_path / "uk.xlsx")
    for file, message in {
        text: "cannot be read as a workbook",
        tmp_path / "none.xlsx": "cannot be read as a workbook",
        tmp_path / "de.xlsx": "is not a language",
        tmp_path / "uk.xlsx": "is not such a sheet",
    }.items():
        with pytest.raises(Mistakes, match=message):
            take(ready, file)
    with pytest.raises(Mistakes, match="Did you mean 'uk'"):
        export(ready, tmp_path / "b.xlsx", "ukr")
    monkeypatch.setattr("flows.i18n_xlsx.MOST_BYTES", 10)
    with pytest.raises(Mistakes, match="is over 10 bytes"):
        take(ready, tmp_path / "uk.xlsx")


def test_compiled_catalogues_say_what_the_service_says(ready: Sources, tmp_path: Path) -> None:
    put(ready, HOURS, "Години: {hours}", fuzzy=True)
    path = po_path(ready.locales, "uk", "ui")
    plural = '\nmsgctxt "n"\nmsgid "{n} day"\nmsgid_plural "{n} days"\n'
    whole = "".join(
        f'msgstr[{i}] "{{n}} {word}"\n' for i, word in enumerate(("день", "дні", "днів"))
    )
    half = whole.replace("{n} днів", "").replace('"n"', '"half"')
    path.write_text(path.read_text(encoding="utf-8") + plural + whole, encoding="utf-8")
    path.write_text(
        path.read_text(encoding="utf-8") + plural.replace('"n"', '"half"') + half, encoding="utf-8"
    )

    files = compile_all(ready, tmp_path / "out")
    assert po_path(tmp_path / "out", "uk", "ui").with_suffix(".mo") in files
    said = gettext.translation("ui", tmp_path / "out", ["uk"])
    assert said.pgettext("card.free", "Free") == "Безкоштовно"
    assert said.pgettext(HOURS, "Hours: {hours}") == "Hours: {hours}"
    assert said.npgettext("n", "{n} day", "{n} days", 5) == "{n} днів"
    assert said.npgettext("half", "{n} day", "{n} days", 5) == "{n} days"
    beside = compile_all(ready)
    assert path.with_suffix(".mo") in beside
    po_path(ready.locales, "uk", "flows").unlink()
    assert po_path(ready.locales, "uk", "flows").with_suffix(".mo") not in compile_all(ready)


def test_a_catalogue_with_the_plurals_of_another_language_is_not_compiled(ready: Sources) -> None:
    path = po_path(ready.locales, "uk", "ui")
    text = path.read_text(encoding="utf-8")
    start = text.index('"Plural-Forms')
    end = text.index("\n", start)
    text = text[:start] + '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"' + text[end:]
    path.write_text(text, encoding="utf-8")

    with pytest.raises(Mistakes, match="has 2 plural forms; uk has 3"):
        compile_all(ready)
    assert not path.with_suffix(".mo").exists()


def test_the_made_up_language_keeps_what_is_filled_in() -> None:
    english = "Open until {time}, see https://example.org/care, day and night"
    said = pseudo(english)

    assert placeholders(said) == placeholders(english)
    assert "https://example.org/care" in said
    assert len(said) >= len(english) * 1.2
    assert said[0] + said[-1] == "[]"


def test_the_commands_of_translators(ready: Sources, tmp_path: Path) -> None:
    app = make_app(Places(ready.library, tmp_path / "tests", ready.locales), today=lambda: TODAY)

    def run(*words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    book = str(tmp_path / "a.xlsx")
    assert "Unreviewed are drafts" in run("status").output
    assert run("export-xlsx", book).output.endswith("texts\n")
    assert run("import-xlsx", book).output == "Nothing changed.\n"
    assert "uk/LC_MESSAGES/ui.mo" in run("compile", "--out", str(tmp_path / "mo")).output
    assert run("review", "uk", "card", "--by", "Organisation").output == (
        "2 translations are marked as read by Organisation.\n"
    )
    assert "Unreviewed" not in run("status").output
    assert run("review", "uk").exit_code == 2
    assert run("pseudo", str(tmp_path / "pseudo")).exit_code == 0
    assert run("pseudo", str(tmp_path / "pseudo")).exit_code == 2
    qps = read_phrasebooks(tmp_path / "pseudo")["qps"]
    assert qps.own("ui", "card.free", "Free") == pseudo("Free")
    assert qps.own("flows", "always.commands.leave.words", "stop; leave") == "stop; leave"
    sheet_of = changed(
        Path(book), lambda sheet: sheet.__setitem__(f"E{row_of(sheet, 'card.free')}", "Так")
    )
    assert "ui.po: 1 texts changed" in run("import-xlsx", str(sheet_of)).output
