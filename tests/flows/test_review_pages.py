"""The pages for those who judge a flow, with translations in every state they can be in."""

from datetime import date
from pathlib import Path

from flows.catalogue import messages, po_path, read_catalogue, read_phrasebooks
from flows.grammar import Vocabulary
from flows.reader import read_library
from flows.review import Page, pages, write_pages
from flows.reviewing import mark_reviewed
from flows.signoffs import SignOffs, content_of, read_signoffs
from flows.translating import Sources, as_po, update

TODAY = date(2026, 11, 22)
STEP = "find_help.place"


def translate(sources: Sources, texts: dict[str, str], fuzzy: tuple[str, ...] = ()) -> None:
    path = po_path(sources.locales, "uk", "flows")
    catalogue = read_catalogue(path)
    for message, context, _, _ in messages(catalogue):
        message.string = texts.get(context, message.string)
        message.flags.update({"fuzzy"} if context in fuzzy else ())
    path.write_bytes(as_po(catalogue))


def made(sources: Sources, vocabulary: Vocabulary) -> Page:
    library, books = read_library(sources.library, vocabulary), read_phrasebooks(sources.locales)
    found = pages(library, books, sources.locales, SignOffs(), [], TODAY)
    return next(page for page in found if page.flow == "find_help")


def test_every_state_of_a_translation_is_shown(sources: Sources, vocabulary: Vocabulary) -> None:
    read = read_signoffs(sources.locales / "none.yaml")
    assert read == SignOffs()
    page = made(sources, vocabulary)
    states = {cell.state for step in page.steps for row in step.rows for cell in row.cells}
    assert states == {"", "not translated"}, "the catalogues do not know the texts yet"

    update(sources)
    texts = {
        f"{STEP}.say": "Де ви?",
        f"{STEP}.choices.abroad.label": "Не тут",
        "find_help.bye.say": "Все.",
    }
    translate(sources, texts)
    mark_reviewed(sources, "uk", [f"{STEP}.say"], "Organisation", TODAY)
    translate(sources, {}, ("find_help.bye.say",))
    page = made(sources, vocabulary)
    shown = {
        (step.name, row.name): cell.state
        for step in page.steps
        for row in step.rows
        for cell in row.cells
        if cell.language.code == "uk"
    }
    assert shown["find_help/place", "prompt"] == ""
    assert shown["find_help/place", "abroad"] == "draft"
    assert shown["find_help/bye", "prompt"] == "to be looked at again: the English changed"
    assert shown["find_help/need", "prompt"] == "not translated"
    assert page.unread == ("uk", "crh", "ar")
    assert ("need_name",) in {step.placeholders for step in page.steps}


def test_a_page_says_what_comes_after_a_sub_flow_and_where_it_returns(
    sources: Sources, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    library, books = read_library(sources.library, vocabulary), read_phrasebooks(sources.locales)
    all_pages = pages(library, books, sources.locales, SignOffs(), [], TODAY)
    files = write_pages(library, all_pages, tmp_path / "out", None)

    assert [path.name for path in files] == [
        "always.html",
        "find_help.html",
        "medical_time.html",
        "index.html",
    ]
    text = files[1].read_text(encoding="utf-8")
    assert "Medical care → medical_time/when, then find_help/place" in text
    assert "back to where it was done" in files[2].read_text(encoding="utf-8")
    assert 'dir="rtl"' in text


def test_what_is_signed_is_what_is_said_in_the_languages_that_were_read(
    sources: Sources, vocabulary: Vocabulary
) -> None:
    update(sources)
    script = read_library(sources.library, vocabulary).script

    def content(*languages: str) -> str:
        return content_of(script, read_phrasebooks(sources.locales), "find_help", languages)

    english, both, unknown = content("en"), content("en", "uk"), content("en", "de")
    translate(sources, {f"{STEP}.say": "Де ви?"})
    assert content("en") == english
    assert content("uk", "en") != both
    assert content("en", "de") == unknown
    assert len({english, both, unknown}) == 3
