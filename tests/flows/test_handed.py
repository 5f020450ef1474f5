"""Words of the packs among the catalogues: who is asked to translate them, and what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from authored import Mistakes
from flows.catalogue import messages, po_path, read_catalogue, read_phrasebooks
from flows.commands import Places
from flows.handed import DOMAIN, Handed
from flows.i18n_commands import make_app
from flows.translating import Sources, check, extract, status, template, update

LINE = "Call 116 123, day and night, since 2014."
TEXTS = (
    Handed("ua-line.name", "A line", frozenset({"uk"}), "packs/ua/lines.yaml", 7),
    Handed("ua-line.summary", LINE, frozenset({"uk"}), most=60),
    Handed("need.legal", "Legal help", notes=("What a person looks for.",)),
)


@pytest.fixture
def handed(sources: Sources) -> Sources:
    return replace(sources, packs=TEXTS)


def write(sources: Sources, language: str, **said: str) -> Path:
    """Bring the catalogue in step and fill in translations, by the last word of their context."""
    update(sources)
    path = po_path(sources.locales, language, DOMAIN)
    text = path.read_text(encoding="utf-8")
    for message, context, _, _ in messages(read_catalogue(path)):
        for end, translation in said.items():
            if context.endswith(end):
                entry = f'msgctxt "{context}"\nmsgid "{message.id}"\nmsgstr '
                assert entry + '""' in text
                text = text.replace(entry + '""', f'{entry}"{translation}"')
    path.write_text(text, encoding="utf-8")
    return path


def contexts(sources: Sources, language: str | None) -> list[str]:
    return [context for _, context, _, _ in messages(template(sources, DOMAIN, language))]


def test_a_language_that_the_pack_speaks_itself_is_not_asked_to_translate_it(
    handed: Sources,
) -> None:
    assert contexts(handed, "uk") == ["need.legal"]
    assert contexts(handed, "crh") == [text.context for text in TEXTS]
    assert contexts(handed, None) == [text.context for text in TEXTS]
    counts = {(one.language, one.total) for one in status(handed) if one.domain == DOMAIN}
    assert counts == {("uk", 1), ("crh", 3), ("ar", 3)}


def test_translators_see_where_a_text_stands_and_how_long_it_may_be(handed: Sources) -> None:
    extract(handed)
    pot = (handed.locales / "packs.pot").read_text(encoding="utf-8")
    assert "#: packs/ua/lines.yaml" in pot
    assert "#. At most 60 characters." in pot
    assert "#. What a person looks for." in pot


def test_a_translation_is_said_and_one_of_another_english_is_not(handed: Sources) -> None:
    write(handed, "crh", name="Bir hat")
    book = read_phrasebooks(handed.locales)["crh"]
    assert book.text(DOMAIN, "ua-line.name", "A line") == "Bir hat"
    assert book.text(DOMAIN, "ua-line.name", "Another line") == "Another line"

    update(replace(handed, packs=(replace(TEXTS[0], english="Another line"), *TEXTS[1:])))
    path = po_path(handed.locales, "crh", DOMAIN)
    kept = {context: (m.fuzzy, said) for m, context, _, said in messages(read_catalogue(path))}
    assert kept["ua-line.name"] == (True, "Bir hat")
    book = read_phrasebooks(handed.locales)["crh"]
    assert book.text(DOMAIN, "ua-line.name", "Another line") == "Another line"


@pytest.mark.parametrize(
    ("translation", "said"),
    [
        ("116 123 — 2014.", ""),
        ("116 132 — 2014.", "ua-line.summary: lacks 123 and has 132, English does not"),
        ("116 123.", "ua-line.summary: lacks 2014"),
        ("116 123, 2014, 0800.", "ua-line.summary: has 0800, English does not"),
        ("116 123, 2014, 24/7.", ""),
    ],
)
def test_no_translation_loses_a_number_or_makes_one_up(
    handed: Sources, translation: str, said: str
) -> None:
    path = write(handed, "crh", summary=translation)
    errors = [one for one in check(handed) if one.severity == "error"]
    if not said:
        assert errors == []
        assert read_phrasebooks(handed.locales)["crh"].own(DOMAIN, "ua-line.summary", LINE)
        return
    assert [(one.file, one.message, one.rule) for one in errors] == [(str(path), said, "digits")]
    with pytest.raises(Mistakes) as refused:
        read_phrasebooks(handed.locales)
    assert said in str(refused.value)


def test_the_hour_may_be_written_with_or_without_a_nought(handed: Sources) -> None:
    hours = Handed("hours.Mon-Fri 8:30-16:30", "Mon-Fri 8:30-16:30")
    given = replace(handed, packs=(hours,))
    write(given, "uk", **{"16:30": "пн-пт 08:30-16:30"})
    assert [one for one in check(given) if one.severity == "error"] == []
    said = read_phrasebooks(given.locales)["uk"].text(DOMAIN, hours.context, hours.english)
    assert said == "пн-пт 08:30-16:30"


def test_a_translation_too_long_for_a_phone_stops_the_check(handed: Sources) -> None:
    write(handed, "crh", summary="116 123 2014 " + "a" * 60)
    errors = [one for one in check(handed) if one.severity == "error"]
    assert [one.rule for one in errors] == ["length"]
    assert "73 characters; at most 60" in errors[0].message


def test_where_nobody_handed_them_in_their_catalogues_are_left_as_they_are(
    handed: Sources, sources: Sources
) -> None:
    path = write(handed, "crh", name="Bir hat")
    before = path.read_bytes()
    update(sources)
    assert path.read_bytes() == before
    assert DOMAIN not in {one.domain for one in status(sources)}
    assert not any("packs" in one.file for one in check(sources))
    path.unlink()
    assert "crh" in read_phrasebooks(sources.locales)


@pytest.mark.parametrize("texts", [TEXTS, None])
def test_the_commands_treat_them_like_the_other_catalogues(
    handed: Sources, texts: Sequence[Handed] | None
) -> None:
    places = Places(handed.library, handed.library, handed.locales)

    def run(command: str) -> Any:
        return CliRunner().invoke(make_app(places, lambda: texts), [command])

    assert ("packs.po" in run("update").output) == (texts is not None)
    assert ("uk packs" in run("status").output) == (texts is not None)
    assert ("packs.pot" in run("extract").output) == (texts is not None)
    assert ("need.legal is not translated" in run("check").output) == (texts is not None)
