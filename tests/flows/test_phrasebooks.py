"""What is spoken in which language, and what is said of catalogues that cannot be used."""

from pathlib import Path

import pytest

from authored import Mistakes
from flows.catalogue import Phrasebook, po_path, read_catalogue, read_phrasebooks
from flows.languages import read_languages


def po(*entries: tuple[str, str, str], flags: str = "") -> str:
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"', ""]
    for context, english, said in entries:
        lines += [*([f"#, {flags}"] if flags else []), f'msgctxt "{context}"']
        lines += [f'msgid "{english}"', f'msgstr "{said}"', ""]
    return "\n".join(lines)


def put(locales: Path, language: str, domain: str, text: str) -> Path:
    path = po_path(locales, language, domain)
    path.write_text(text, encoding="utf-8")
    return path


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
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
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
        (b'msgid "a"\nmsgsrt "b"\n', "flows.po:2:1: is no line of a catalogue"),
        (b'msgid ""\nmsgstr "POT-Creation-Date: soon\\n"\n', "its header cannot be read"),
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


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ('msgid "a"\nmsgstr "b', 5, "not quoted as a whole"),
        ('msgid "a"\nmsgstr b"', 5, "not quoted as a whole"),
        ('msgid "a" b"\nmsgstr "c"', 4, "not quoted as a whole"),
        ('msgid "a"\nmsgstr ""\n"b', 6, "not quoted as a whole"),
        ('msgid "a"\nmsgstr "b"\nmsgtsr "c"', 6, "no line of a catalogue"),
        ("words", 4, "no line of a catalogue"),
        ('msgstr "b"\nmsgctxt "c"\nmsgstr "d"', 6, "cannot stand after msgctxt"),
        ('msgid "a"', 4, "ends after msgid"),
    ],
)
def test_a_catalogue_that_would_lose_letters_is_refused_at_its_line(
    tmp_path: Path, lines: str, line: int, said: str
) -> None:
    path = tmp_path / "flows.po"
    path.write_text(f'msgid ""\nmsgstr "Language: uk\\n"\n\n{lines}\n', encoding="utf-8")
    with pytest.raises(Mistakes, match=said) as refused:
        read_catalogue(path)
    assert refused.value.found[0].line == line


def test_a_catalogue_may_not_begin_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "flows.po"
    path.write_text('"words"\n', encoding="utf-8")
    with pytest.raises(Mistakes, match="without msgid"):
        read_catalogue(path)
