"""Translations: what is spoken in which language, and what happens when the English changes."""

from collections.abc import Callable
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract

from authored import Mistakes
from flows.catalogue import Phrasebook, po_path, read_catalogue, read_phrasebooks
from flows.contexts import script_texts, step_english
from flows.extract import extract_flow, extract_ui
from flows.grammar import Vocabulary
from flows.languages import read_languages
from flows.reader import read_script
from flows.translating import Sources, check, extract, status, template, update
from flows.ui import read_ui

Write = Callable[..., Path]

LANGUAGES = """\
format = 1

[[language]]
code = "en"
endonym = "English"
dir = "ltr"
script = "Latn"
fallback = []
started = true

[[language]]
code = "uk"
endonym = "Українська"
dir = "ltr"
script = "Cyrl"
fallback = []
started = true

[[language]]
code = "crh"
endonym = "Qırımtatarca"
dir = "ltr"
script = "Latn"
fallback = ["uk", "en"]
started = true

[[language]]
code = "ar"
endonym = "العربية"
dir = "rtl"
script = "Arab"
fallback = []
started = false
"""
UI = """\
format: 1
messages:
  card.free: {text: Free, note: It costs nothing.}
  card.hours: "Hours: {hours}"
"""


def po(*entries: tuple[str, str, str], flags: str = "") -> str:
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"', ""]
    for context, english, said in entries:
        lines += [*([f"#, {flags}"] if flags else []), f'msgctxt "{context}"']
        lines += [f'msgid "{english}"', f'msgstr "{said}"', ""]
    return "\n".join(lines)


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "locales"
    for language in ("uk", "crh"):
        for domain in ("flows", "ui"):
            path = po_path(folder, language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(po(), encoding="utf-8")
    (folder / "languages.toml").write_text(LANGUAGES, encoding="utf-8")
    (folder / "ui.yaml").write_text(UI, encoding="utf-8")
    return folder


@pytest.fixture
def sources(write: Write, locales: Path) -> Sources:
    return Sources(write(), locales)


def put(locales: Path, language: str, domain: str, text: str) -> Path:
    path = po_path(locales, language, domain)
    path.write_text(text, encoding="utf-8")
    return path


def translate(locales: Path, language: str, domain: str, **said: str) -> None:
    """Fill in translations by English text, as a translator would; `_` stands for a space."""
    path = po_path(locales, language, domain)
    text = path.read_text(encoding="utf-8")
    for english, translation in said.items():
        old = f'msgid "{english.replace("_", " ")}"\nmsgstr ""'
        assert old in text
        text = text.replace(old, old[:-2] + f'"{translation}"')
    path.write_text(text, encoding="utf-8")


def test_languages_are_read_in_their_order(locales: Path) -> None:
    languages = read_languages(locales)

    assert list(languages) == ["en", "uk", "crh", "ar"]
    assert languages["crh"].fallback == ("uk", "en")
    assert (languages["ar"].dir, languages["ar"].started) == ("rtl", False)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('script = "Arab"', 'script = "Latn"', 30, "the script Latn does not run rtl"),
        ('code = "crh"', 'code = "uk"', 20, "'uk' stands here twice"),
        ('fallback = ["uk", "en"]', 'fallback = ["crh"]', 24, "crh cannot fall back on 'crh'"),
        ('fallback = ["uk", "en"]', 'fallback = ["ru"]', 24, "crh cannot fall back on 'ru'"),
        ("started = false", "", 27, "'started' is missing"),
        ("started = false", "starts = false", 33, "'starts' is not known here"),
        ("format = 1", "format = 2", 1, "format:"),
        (
            'started = true\n\n[[language]]\ncode = "uk"',
            'started = false\n\n[[language]]\ncode = "uk"',
            1,
            "English is not among",
        ),
        ("format = 1", "format = ", 1, "is not TOML"),
        ("started = false", 'started = "', 33, "is not TOML"),
    ],
)
def test_a_fault_in_the_languages_is_shown(
    locales: Path, old: str, new: str, line: int, message: str
) -> None:
    path = locales / "languages.toml"
    path.write_text(LANGUAGES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Mistakes) as caught:
        read_languages(locales)

    assert [m.line for m in caught.value.found if message in m.message] == [line], caught.value


def test_languages_that_cannot_be_read_are_told(locales: Path) -> None:
    path = locales / "languages.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(Mistakes, match="is not UTF-8"):
        read_languages(locales)
    path.write_text("a = [")
    with pytest.raises(Mistakes, match="is not TOML"):
        read_languages(locales)
    path.unlink()
    with pytest.raises(Mistakes, match="cannot be read"):
        read_languages(locales)


@pytest.fixture
def books(locales: Path) -> dict[str, Phrasebook]:
    put(locales, "uk", "flows", po(("a.say", "Hi {name}", "Вітаю, {name}"), ("b.say", "Old", "Б")))
    put(locales, "crh", "flows", po(("c.say", "Bye", "Sağ olıñız")))
    return read_phrasebooks(locales)


def test_a_text_is_said_in_the_language_or_in_what_it_falls_back_on(
    books: dict[str, Phrasebook],
) -> None:
    assert set(books) == {"en", "uk", "crh"}
    assert books["uk"].text("flows", "a.say", "Hi {name}") == "Вітаю, {name}"
    assert books["crh"].text("flows", "a.say", "Hi {name}") == "Вітаю, {name}"
    assert books["crh"].text("flows", "c.say", "Bye") == "Sağ olıñız"
    assert books["uk"].text("flows", "c.say", "Bye") == "Bye"
    assert books["en"].text("flows", "a.say", "Hi {name}") == "Hi {name}"
    assert Phrasebook(books["uk"].language, {}).text("flows", "c.say", "Bye") == "Bye"


def test_a_translation_of_other_english_is_not_said(books: dict[str, Phrasebook]) -> None:
    assert books["uk"].text("flows", "b.say", "New") == "New"
    assert not books["uk"].complete("flows", {"b.say": "New"})
    assert books["uk"].complete("flows", {"b.say": "Old"})


def test_a_step_is_said_whole_in_one_language(books: dict[str, Phrasebook]) -> None:
    both = {"a.say": "Hi {name}", "b.say": "Old"}

    assert books["crh"].speaker("flows", {"c.say": "Bye"}) is books["crh"]
    assert books["crh"].speaker("flows", both).language.code == "uk"
    assert books["crh"].speaker("flows", {**both, "c.say": "Bye"}).language.code == "en"
    assert books["en"].speaker("flows", both) is books["en"]


def test_a_fuzzy_translation_is_not_said(locales: Path) -> None:
    put(locales, "uk", "flows", po(("a.say", "Hi", "Вітаю {x}"), flags="fuzzy"))

    assert read_phrasebooks(locales)["uk"].own("flows", "a.say", "Hi") is None


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("Вітаю", "a.say: lacks {name}"),
        ("Вітаю, {nme}", "a.say: lacks {name} and has {nme}, English does not"),
        ("Вітаю, {name} {x}", "a.say: has {x}, English does not"),
        ("Вітаю, {name", "a.say: a brace stands alone"),
    ],
)
def test_a_lost_placeholder_stops_the_start(locales: Path, said: str, message: str) -> None:
    put(locales, "uk", "flows", po(("a.say", "Hi {name}", said)))
    with pytest.raises(Mistakes) as caught:
        read_phrasebooks(locales)

    (fault,) = caught.value.found
    assert message in fault.message
    assert (fault.file.endswith("uk/LC_MESSAGES/flows.po"), fault.line) == (True, 6)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b'msgid "a"\nmsgsrt "b"\n', "flows.po:2:1: is not a catalogue: Unknown"),
        (
            po(("a", "b", "c")).encode().replace(b"b", b"\xff"),
            "UTF-8",
        ),
        (None, "cannot be read"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_told(
    locales: Path, raw: bytes | None, message: str
) -> None:
    path = po_path(locales, "uk", "flows")
    path.unlink()
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(Mistakes, match=message):
        read_catalogue(path)
    with pytest.raises(Mistakes, match=message):
        read_phrasebooks(locales)


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
