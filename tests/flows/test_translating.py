"""What translators are shown, and what happens to their work when the English changes."""

from collections.abc import Callable
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract

from authored import Mistakes
from flows.catalogue import po_path, read_phrasebooks
from flows.contexts import script_texts, step_english
from flows.extract import extract_flow, extract_ui
from flows.grammar import Vocabulary
from flows.reader import read_script
from flows.translating import Sources, check, extract, status, template, update
from flows.ui import read_ui

Write = Callable[..., Path]


def translate(locales: Path, language: str, domain: str, **said: str) -> None:
    """Fill in translations by English text, as a translator would; `_` stands for a space."""
    path = po_path(locales, language, domain)
    text = path.read_text(encoding="utf-8")
    for english, translation in said.items():
        old = f'msgid "{english.replace("_", " ")}"\nmsgstr ""'
        assert old in text
        text = text.replace(old, old[:-2] + f'"{translation}"')
    path.write_text(text, encoding="utf-8")


def test_every_text_of_the_script_is_shown_to_translators_under_its_own_context(
    sources: Sources, vocabulary: Vocabulary
) -> None:
    script = read_script(sources.library, vocabulary)
    texts = {text.context: text.english for text in script_texts(script)}
    found = {str(m.context): str(m.id) for m in template(sources, "flows") if m.id}

    assert found == texts
    assert found["always.commands.leave.words"] == "stop; leave"
    assert found["find_help.need.choices.same.label"] == "As before"
    assert step_english(script.steps["find_help/place"]) == {
        "find_help.place.say": "Where are you?",
        "find_help.place.choices.abroad.label": "Not in Ukraine",
    }


def test_babel_itself_finds_the_texts_with_their_lines_and_notes(sources: Sources) -> None:
    found = []
    with (sources.library / "find_help.yaml").open("rb") as file:
        keywords = {"pgettext": ((1, "c"), 2)}
        # Babel's stub knows no line in a context; its own documentation does.
        found = list(babel_extract(extract_flow, file, keywords=keywords))  # type: ignore[arg-type]

    line, english, comments, context = found[0]
    assert (line, context) == (11, "find_help.need.say")
    assert english == "What would help you most?\nYou do not have to say what happened."
    assert comments == ["Warm, no blame.", "At most 320 characters."]
    names = {point.name: point.value for point in entry_points(group="babel.extractors")}
    assert names.get("flow", "flows.extract:extract_flow") == "flows.extract:extract_flow"


@pytest.mark.parametrize(
    "text",
    ["", "- a", "id: x\nsteps: 5", "id: x\nsteps: {a: {say: 5, choices: [a]}}", "commands: {a: 5}",
     "commands: {a: {words: []}}", "notes: {a: {say: ' '}}"],
)  # fmt: skip
def test_what_is_no_text_is_not_shown(text: str) -> None:
    assert list(extract_flow(BytesIO(text.encode()), None, None, None)) == []


def test_the_words_outside_flows_are_read_and_shown(locales: Path) -> None:
    assert read_ui(locales) == {"card.free": "Free", "card.hours": "Hours: {hours}"}
    with (locales / "ui.yaml").open("rb") as file:
        found = list(extract_ui(file, None, None, None))
    assert found == [
        (3, "pgettext", ("card.free", "Free"), ["It costs nothing."]),
        (4, "pgettext", ("card.hours", "Hours: {hours}"), []),
    ]

    (locales / "ui.yaml").write_text("format: 1\nmessages: {a: '{x'}\n")
    with pytest.raises(Mistakes, match=r"ui\.yaml:2:12: a brace stands alone"):
        read_ui(locales)


def test_catalogues_are_made_and_stay_as_they_are_when_nothing_changes(sources: Sources) -> None:
    for language in ("uk", "crh"):
        for domain in ("flows", "ui"):
            po_path(sources.locales, language, domain).unlink()

    assert len(update(sources)) == 6
    assert update(sources) == []
    text = po_path(sources.locales, "ar", "ui").read_text(encoding="utf-8")
    assert 'msgctxt "card.free"\nmsgid "Free"\nmsgstr ""\n' in text
    assert "#. It costs nothing." in text
    assert "#: locales/ui.yaml\n" in text


def test_a_translation_is_kept_as_fuzzy_when_its_english_changes(
    sources: Sources, write: Write
) -> None:
    update(sources)
    translate(sources.locales, "uk", "flows", Legal_help="Правова допомога", Medical_care="Лікар")
    write(find_help=("label: Legal help", "label: Help with the law"))

    late = [m for m in check(sources) if m.rule == "late"]
    assert "find_help.need.choices.legal.label" in late[0].message
    assert "i18n update" in late[0].mend
    update(sources)
    text = po_path(sources.locales, "uk", "flows").read_text(encoding="utf-8")
    assert (
        '#, fuzzy\n#| msgid "Legal help"\nmsgctxt "find_help.need.choices.legal.label"\n'
        'msgid "Help with the law"\nmsgstr "Правова допомога"\n'
    ) in text
    assert "#~" not in text
    assert "Лікар" not in po_path(sources.locales, "crh", "flows").read_text(encoding="utf-8")
    assert "Правова" not in po_path(sources.locales, "ar", "flows").read_text(encoding="utf-8")
    book = read_phrasebooks(sources.locales)["uk"]
    context = "find_help.need.choices.legal.label"
    assert book.own("flows", context, "Help with the law") is None
    assert book.own("flows", "find_help.need.choices.medical.label", "Medical care") == "Лікар"

    write(find_help=("label: Legal help", "label: Law"))
    update(sources)
    text = po_path(sources.locales, "uk", "flows").read_text(encoding="utf-8")
    assert '#| msgid "Legal help"' in text
    assert 'msgid "Law"\nmsgstr "Правова допомога"' in text
    assert update(sources) == []


def test_status_counts_what_is_translated_fuzzy_and_missing(sources: Sources, write: Write) -> None:
    update(sources)
    translate(sources.locales, "uk", "flows", Legal_help="Правова допомога", Medical_care="Лікар")
    write(find_help=("label: Legal help", "label: Law"))
    po_path(sources.locales, "ar", "flows").unlink()

    counts = {(one.language, one.domain): one for one in status(sources)}
    flows = counts["uk", "flows"]
    assert (flows.translated, flows.fuzzy, flows.missing) == (1, 1, flows.total - 2)
    assert counts["ar", "flows"].missing == flows.total
    assert counts["uk", "ui"].total == 2


def test_check_tells_errors_from_work_to_do(sources: Sources) -> None:
    update(sources)
    path = po_path(sources.locales, "uk", "ui")
    translate(sources.locales, "uk", "ui", **{"Hours:_{hours}": "Години"})
    text = path.read_text(encoding="utf-8").replace(
        'msgstr ""\n\n#: locales', 'msgstr "x"\n\n#: locales'
    )
    path.write_text(text.replace("#. It costs", "#, fuzzy\n#. It costs"), encoding="utf-8")
    po_path(sources.locales, "ar", "ui").unlink()

    found = [m for m in check(sources) if "uk/LC_MESSAGES/ui.po" in m.file]
    assert [(m.rule, m.severity) for m in found if m.severity == "error"] == [
        ("placeholder", "error")
    ]
    work = [m.message for m in found if m.rule == "untranslated"]
    assert work == ["card.free is to be looked at again"]
    assert any("is not translated" in m.message for m in check(sources))


def test_check_names_three_late_texts_and_counts_the_rest(sources: Sources) -> None:
    (late,) = [
        m for m in check(sources) if m.rule == "late" and m.file.endswith("uk/LC_MESSAGES/flows.po")
    ]

    assert late.message.count("always.") == 3
    assert late.message.endswith("more")


def test_a_started_language_without_catalogue_is_an_error(sources: Sources) -> None:
    po_path(sources.locales, "uk", "ui").unlink()
    with pytest.raises(Mistakes, match="quietline i18n update"):
        check(sources)


def test_templates_are_written_for_translation_tools(sources: Sources) -> None:
    paths = extract(sources)

    assert [path.name for path in paths] == ["flows.pot", "ui.pot"]
    assert 'msgid "Free"' in paths[1].read_text(encoding="utf-8")
