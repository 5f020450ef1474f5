"""The words of the staff console go to translators and come back whole."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from flows.catalogue import po_path
from flows.screen_words import DOMAIN, Screens, awaiting, check, extract, status, update

LOCALES = Path(__file__).resolve().parents[2] / "locales"


@pytest.fixture
def screens(tmp_path: Path) -> Screens:
    code, locales = tmp_path / "console", tmp_path / "locales"
    (code / "templates").mkdir(parents=True)
    locales.mkdir()
    (locales / "languages.toml").write_bytes((LOCALES / "languages.toml").read_bytes())
    (code / "page.py").write_text(
        'NAME = N_("Drafts")\nsaid = _("Saved %(name)s.", name=x)\n'
        'many = words.many("%(count)s listing", "%(count)s listings", 3)\n',
        encoding="utf-8",
    )
    (code / "templates" / "page.html").write_text(
        '<h1>{{ _("This week") }}</h1>{% trans %}Sign in{% endtrans %}\n', encoding="utf-8"
    )
    return Screens((code,), locales)


def fill(screens: Screens, **said: str) -> None:
    """A translator's work: English beginning → translation."""
    path = po_path(screens.locales, "uk", DOMAIN)
    text = path.read_text(encoding="utf-8")
    for english, ukrainian in said.items():
        head = f'msgid "{english}'
        before, after = text.split(head, 1)
        line, rest = after.split("\n", 1)
        text = before + head + line + "\n" + rest.replace('msgstr ""', f'msgstr "{ukrainian}"', 1)
    path.write_text(text, encoding="utf-8")


def test_a_translator_gets_every_word_of_code_and_templates(screens: Screens) -> None:
    (pot,) = extract(screens)
    with pot.open("rb") as file:
        texts = {message.id for message in read_po(file) if message.id}
    assert texts == {
        "Drafts",
        "Saved %(name)s.",
        ("%(count)s listing", "%(count)s listings"),
        "This week",
        "Sign in",
    }


def test_a_translation_stays_when_other_words_change(screens: Screens) -> None:
    (path,) = update(screens)
    fill(screens, Drafts="Чернетки", Saved="Збережено %(name)s.")
    assert [(one.language, one.translated, one.total) for one in status(screens)] == [("uk", 2, 5)]
    page = screens.folders[0] / "templates" / "page.html"
    page.write_text('{{ _("Last week") }}', encoding="utf-8")
    assert "late" in {fault.rule for fault in check(screens)}
    assert update(screens) == [path]
    assert update(screens) == []
    assert [(one.translated, one.total) for one in status(screens)] == [(2, 4)]
    assert {fault.rule for fault in check(screens)} == {"untranslated"}


def test_what_nobody_who_grew_up_with_the_language_has_read_is_counted(screens: Screens) -> None:
    (path,) = update(screens)
    fill(screens, Drafts="Чернетки", Saved="Збережено %(name)s.")
    assert awaiting(screens) == {("uk", DOMAIN): 2}
    text = path.read_text("utf-8")
    at = text.rindex("#:", 0, text.index('msgid "Drafts"'))
    path.write_text(f"{text[:at]}# reviewed: Example Foundation\n{text[at:]}", "utf-8")
    assert awaiting(screens) == {("uk", DOMAIN): 1}


@pytest.mark.parametrize("wrong", ["Збережено.", "Збережено %(nmae)s.", "Збережено %(name)s 100 %"])
def test_a_translation_that_could_not_be_filled_is_an_error(screens: Screens, wrong: str) -> None:
    update(screens)
    fill(screens, Saved=wrong)
    assert [fault.rule for fault in check(screens) if fault.severity == "error"] == ["placeholder"]
