"""The words of packs in a language: the pack's own, else the catalogue's, else English."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.app import LOCALES
from bot.cards import Cards
from bot.dialogue.session import Session
from bot.pack_words import Worded, _texts, pack_texts, worded
from bot.speech import Speech, emergency_blocks, names_in, read_speech
from flows.catalogue import messages, po_path, read_catalogue
from flows.handed import DOMAIN
from flows.translating import Sources, as_po, update
from referral_directory import Confirmation, Directory, load_packs
from tests.directory.helpers import NOON, directory, listing

LANGUAGES = "".join(
    f'\n[[language]]\ncode = "{code}"\nendonym = "{code}"\ndir = "ltr"\nscript = "{script}"\n'
    f"fallback = [{fallback}]\nstarted = true\n"
    for code, script, fallback in (
        ("en", "Latn", ""),
        ("uk", "Cyrl", ""),
        ("lt", "Latn", ""),
        ("crh", "Latn", '"uk", "en"'),
    )
)
CLOSED = """{printed: Mon-Fri 9-16, rules: "Mo-Fr 09:00-16:00", closed: [
    {from: 2026-11-20, to: 2026-11-30, reason: {en: Holidays, uk: Свята}}]}"""
CONTACTS = """[
    {kind: phone, number: "116123", label: {en: From a mobile, uk: З мобільного}, hours: "24/7"},
    {kind: web, url: "https://example.org/a", label: {en: Website, uk: Сайт}}]"""
LITHUANIAN = {
    "ua-line.name": "Linija",
    "ua-line.summary": "Kas nors atsako.",
    "ua-line.contacts.phone.116123.label": "Iš mobiliojo",
    "ua-line.closed.2026-11-20": "Šventės",
    "hours.Mon-Fri 9-16": "I–V 9–16",
    "need.medical": "Medicinos pagalba",
    "place.UA-63": "Charkivas",
    "country.UA": "Ukraina",
}


@pytest.fixture
def packs(tmp_path: Path) -> Directory:
    names = "{en: A line, uk: Лінія}"
    line = listing("ua-line", names=names, hours=CLOSED, contacts=CONTACTS)
    return directory(tmp_path, line, listing("ua-chat", needs="[emergency.hotline]"))


@pytest.fixture
def speech(tmp_path: Path, packs: Directory) -> Speech:
    """The phrases of the service, and some words of the packs in Lithuanian."""
    locales = tmp_path / "locales"
    locales.mkdir()
    shutil.copy(LOCALES / "ui.yaml", locales)
    (locales / "languages.toml").write_text(f"format = 1\n{LANGUAGES}", encoding="utf-8")
    update(Sources(tmp_path, locales, pack_texts(packs)))
    path = po_path(locales, "lt", DOMAIN)
    catalogue = read_catalogue(path)
    for message, context, _, _ in messages(catalogue):
        message.string = LITHUANIAN.get(context, "")
    path.write_bytes(as_po(catalogue))
    return read_speech(locales)


@pytest.fixture
def serving(packs: Directory, speech: Speech) -> Worded:
    return Worded(packs.serving(None), speech.packs)


@pytest.mark.parametrize(
    ("language", "name", "label", "hours", "reason"),
    [
        ("en", "A line", "From a mobile", "Mon-Fri 9-16", "Holidays"),
        ("uk", "Лінія", "З мобільного", "Mon-Fri 9-16", "Свята"),
        ("lt", "Linija", "Iš mobiliojo", "I–V 9–16", "Šventės"),
        ("crh", "Лінія", "З мобільного", "Mon-Fri 9-16", "Свята"),
    ],
)
def test_a_listing_is_read_in_the_words_of_its_pack_then_of_the_catalogue_then_in_english(
    serving: Worded, language: str, name: str, label: str, hours: str, reason: str
) -> None:
    found = serving.listing("ua-line", language)
    assert found is not None
    assert found.names[language] == name
    assert [one.label[language] for one in found.phones] == [label]
    assert (found.printed, found.channels[0].printed) == (hours, hours)
    assert dict(found.state(NOON, "occupied").reason)[language] == reason


def test_what_nobody_translated_is_said_in_english(serving: Worded) -> None:
    found = serving.listing("ua-chat", "lt")
    assert found is not None
    assert found.names["lt"] == "A service"
    assert found.organization["lt"] == "ua-chat"
    assert serving.listing("ua-gone", "lt") is None


def test_numbers_addresses_and_whom_it_is_for_stay_as_the_pack_has_them(
    serving: Worded, packs: Directory
) -> None:
    bare = packs.serving(None).listing("ua-line")
    said = serving.listing("ua-line", "lt")
    assert bare is not None
    assert said is not None
    for before, after in zip(bare.contacts, said.contacts, strict=True):
        assert (before.number, before.uri, before.source_url) == (
            (after.number, after.uri, after.source_url)
        )
        assert before.hours.week == after.hours.week
    assert (bare.who, bare.needs, bare.area) == (said.who, said.needs, said.area)
    assert bare.state(NOON) == said.state(NOON)


def test_a_card_is_worded_in_the_language_of_the_person(serving: Worded, speech: Speech) -> None:
    places = {one.code: {"UA-63": "x"} for one in speech.languages}
    cards = Cards(lambda: serving, speech.phrases, places, {})
    session = Session("v", "lt", ("a/b",), slots={"chosen": "ua-line"})
    (card,) = cards.show(["chosen"], session, "lt", NOON)
    text = " ".join(line.text for line in card.lines)
    assert "Linija" in text
    assert "Kas nors atsako." in text
    assert "Iš mobiliojo" in text
    assert text.count("I–V 9–16") == 1
    assert "116 123" in text
    assert cards.name("ua-line", "lt") == "Linija"


def test_who_is_elsewhere_sees_in_which_country_a_service_is(
    serving: Worded, speech: Speech
) -> None:
    places = {one.code: {"UA": "Ukraina"} for one in speech.languages}
    cards = Cards(lambda: serving, speech.phrases, places, {})
    said = {}
    for place in ("UA-63", "abroad", "PL", "occupied"):
        session = Session("v", "lt", ("a/b",), slots={"place": place, "chosen": "ua-line"})
        (card,) = cards.show(["chosen"], session, "lt", NOON)
        said[place] = any(line.text.startswith("Ukraina · ") for line in card.lines)
    assert said == {"UA-63": False, "abroad": True, "PL": True, "occupied": False}


def test_lines_for_the_worst_moment_have_their_names_too(
    serving: Worded, speech: Speech, packs: Directory
) -> None:
    blocks = emergency_blocks(speech.phrases["lt"], serving, NOON, {"UA": "Ukraina"})[1:]
    assert blocks[0].lines[0].text == "A service"
    assert blocks[0].lines[-1].text.endswith("Ukraina")
    # Where nothing is published, the numbers of the fixed words; Ukraine has its own line here.
    assert {block.lines[0].text for block in blocks[1:]} == {"LT", "AZ", "CO"}


def test_places_countries_and_needs_have_names_in_every_language(
    packs: Directory, speech: Speech
) -> None:
    lithuanian, ukrainian = (names_in(one, packs, speech) for one in ("lt", "uk"))
    assert lithuanian["places"]["UA-63"] == "Charkivas"
    assert lithuanian["places"]["UA"] == "Ukraina"
    assert lithuanian["needs"]["medical"] == "Medicinos pagalba"
    assert lithuanian["places"]["UA-65"] == "Kherson"
    assert ukrainian["places"]["UA-65"] == "Херсон"
    assert names_in("crh", packs, speech)["needs"]["medical"] == "Медична"


def test_what_was_confirmed_stays_confirmed_whatever_is_translated(
    packs: Directory, speech: Speech
) -> None:
    content = packs.entries["ua-line"].content
    confirmed = {"ua-line": Confirmation("ua-line", "O", "call", date(2026, 11, 22))}
    now = worded(lambda: packs.serving(confirmed), speech.packs)
    found = now().listing("ua-line", "lt")
    assert found is not None
    assert found.confirmed is not None
    assert now().listing("ua-chat", "lt") is None
    assert packs.entries["ua-line"].content == content


def test_what_is_served_anew_is_worded_anew(packs: Directory, speech: Speech) -> None:
    served = [packs.serving(None), packs.serving({})]
    live = served[0]
    now = worded(lambda: live, speech.packs)
    first = now()
    assert now() is first
    assert first.listing("ua-line", "lt") is not None
    live = served[1]
    assert now().listing("ua-line", "lt") is None


def test_a_contact_that_moves_takes_its_translation_along(tmp_path: Path) -> None:
    there = f"{CONTACTS[:-1]}, {{kind: email, email: a@example.org, label: {{en: Mail}}}}]"
    turned = there.replace("[", "[{kind: sms, number: '123', label: {en: First}},", 1)
    before, after = (
        {one.context: one.english for one in pack_texts(directory(tmp_path, ready))}
        for ready in (listing("ua-line", contacts=there), listing("ua-line", contacts=turned))
    )
    assert before.items() <= after.items()
    assert after["ua-line.contacts.email.a@example.org.label"] == "Mail"
    assert after["ua-line.contacts.web.example.org/a.label"] == "Website"


def test_what_is_never_shown_is_nobodys_work_to_translate(tmp_path: Path) -> None:
    hidden = listing("ua-hidden", confidence="unverified")
    contexts = {one.context for one in pack_texts(directory(tmp_path, hidden, listing("ua-a")))}
    assert "ua-a.name" in contexts
    assert not any(one.startswith("ua-hidden") for one in contexts)


@pytest.mark.parametrize("country", ["ua", "cd", "co"])
def test_no_two_texts_of_a_pack_share_a_name_for_translators(country: str) -> None:
    texts = {(one.context, one.english) for one in _texts(load_packs(countries=(country,)))}
    assert [name for name, count in Counter(one for one, _ in texts).items() if count > 1] == []
    assert len(texts) > 100
