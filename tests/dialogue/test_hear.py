"""What is understood, and what is kindly not."""

import dataclasses

import pytest
from msgspec.structs import replace

from bot.dialogue.events import Arrived, Asked, Chose, ChoseLanguage, Event, Meant, Picked, Unclear
from bot.dialogue.hear import (
    MOST_CHARACTERS,
    hear_button,
    hear_media,
    hear_words,
    is_urgent,
)
from bot.dialogue.lexicon import Lexicon, alike, build
from bot.dialogue.session import Session
from bot.dialogue.step import begin
from flows.table import Table
from tests.dialogue.scripts import LANGUAGES, PLACES


@pytest.fixture
def session(table: Table) -> Session:
    return begin(table, "en")


def at_place(session: Session) -> Session:
    return replace(session, position=("welcome/place",))


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("1", Chose("medical")),
        ("٢", Chose("legal")),
        ("9", Unclear("unclear")),
        ("0", Unclear("unclear")),
        ("Medical care", Chose("medical")),
        ("  MEDICAL   care!! ", Chose("medical")),
        ("ＭＥＤＩＣＡＬ care", Chose("medical")),
        ("medi", Chose("medical")),
        ("me", Unclear("unclear")),
        ("Медична допомога", Chose("medical")),
        ("медична", Chose("medical")),
        ("help", Asked("help_now")),
        ("SOS", Asked("help_now")),
        ("допоможіть!", Asked("help_now")),
        ("стоп", Asked("leave")),
        ("stop please", Asked("leave")),
        ("please, HELP me he is here", Asked("help_now")),
        ("he will help my sister", Unclear("unclear")),
        ("sos food", Unclear("unclear")),
        ("I think I want to end it", Meant("suicide")),
        ("a child told me", Meant("child_at_risk")),
        ("end it in Kharkiv", Meant("suicide", {"place": "UA-63"})),
        ("and then " * 200 + "i want to end it", Meant("suicide")),
        ("some lawyer", Meant("need", {"need": "legal", "heard": "yes"})),
        (
            "some lawyer in Kyiv",
            Meant("need", {"need": "legal", "place": "UA-30", "heard": "yes"}),
        ),
        ("a lawyer on the moon", Meant("need", {"need": "legal", "heard": "yes"})),
        ("some bread", Unclear("unclear")),
        ("near Kyiv", Meant("place", {"place": "UA-30", "heard": "yes"})),
        ("somewhere else", Unclear("unclear")),
        ("the beginning again", Meant("menu")),
        ("/privacy", Meant("privacy")),
        ("Конфіденційність?", Meant("privacy")),
        ("wipe all of this", Asked("leave")),
        ("one before", Asked("back")),
        ("STOP.", Asked("leave")),
        ("back", Asked("back")),
        ("/start", Arrived("en")),
        ("Привіт!", Arrived("en")),
        ("українська", ChoseLanguage("uk")),
        ("Hidden", Unclear("unclear")),
        ("", Unclear("unclear")),
        ("\x00\u202e\ud800", Unclear("unclear")),
        ("the weather", Unclear("unclear")),
        ("x" * (MOST_CHARACTERS + 1), Unclear("long")),
    ],
)
def test_words_become_an_event_without_words(
    table: Table, lexicon: Lexicon, session: Session, words: str, event: Event
) -> None:
    assert hear_words(table.script, lexicon, session, words) == event


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("Kharkiv", Picked("UA-63")),
        ("Харкові", Picked("UA-63")),
        ("Kiev", Picked("UA-30")),
        ("UA-30", Picked("UA-30")),
        ("kha", Picked("UA-63")),
        ("kyiv", Unclear("unclear")),
        ("2", Picked("UA-63")),
        ("1", Chose("skip")),
    ],
)
def test_places_are_known_by_their_names_and_never_guessed(
    table: Table, lexicon: Lexicon, session: Session, words: str, event: Event
) -> None:
    assert hear_words(table.script, lexicon, at_place(session), words) == event


def test_a_place_is_not_picked_where_none_is_asked(
    table: Table, lexicon: Lexicon, session: Session
) -> None:
    assert hear_words(table.script, lexicon, session, "Kharkiv") == Unclear("unclear")


def test_a_place_that_is_understood_is_picked_where_it_is_asked(
    table: Table, lexicon: Lexicon, session: Session
) -> None:
    assert hear_words(table.script, lexicon, at_place(session), "near Kyiv") == Picked("UA-30")


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("some lawyer in Kyiv", Unclear("staff")),
        ("her name and what was done", Unclear("staff")),
        ("a child told me", Unclear("staff")),
        ("I want to end it", Meant("suicide")),
        ("go on", Chose("ok")),
        ("one before", Asked("back")),
        ("human", Asked("human")),
    ],
)
def test_people_at_work_are_asked_to_write_nothing_about_anyone_and_a_crisis_is_still_heard(
    table: Table, lexicon: Lexicon, session: Session, words: str, event: Event
) -> None:
    at_work = replace(session, position=("work/start",))
    assert hear_words(table.script, lexicon, at_work, words) == event


def test_without_a_note_for_people_at_work_the_plain_one_is_said(
    table: Table, lexicon: Lexicon, session: Session
) -> None:
    notes = {name: said for name, said in table.script.notes.items() if name != "staff"}
    script = dataclasses.replace(table.script, notes=notes)
    at_work = replace(session, position=("work/start",))
    assert hear_words(script, lexicon, at_work, "her name") == Unclear("unclear")


@pytest.mark.parametrize(
    "words", ["I want to end it", "some lawyer", "near Kyiv", "the beginning again"]
)
def test_a_script_that_leads_nowhere_from_free_text_finds_it_unclear(
    table: Table, lexicon: Lexicon, session: Session, words: str
) -> None:
    deaf = dataclasses.replace(table.script, hears={})
    assert hear_words(deaf, lexicon, session, words) == Unclear("unclear")


def test_a_script_that_remembers_no_place_hears_of_none(
    table: Table, lexicon: Lexicon, session: Session
) -> None:
    flows = {
        name: dataclasses.replace(
            flow, slots={slot: kept for slot, kept in flow.slots.items() if slot != "place"}
        )
        for name, flow in table.script.flows.items()
    }
    script = dataclasses.replace(table.script, flows=flows)
    assert hear_words(script, lexicon, session, "near Kyiv") == Unclear("unclear")


def test_words_of_a_language_that_is_not_ours_are_still_heard_in_the_others(
    table: Table, lexicon: Lexicon, session: Session
) -> None:
    foreign = replace(session, language="xx")
    assert hear_words(table.script, lexicon, foreign, "legal help") == Chose("legal")


def test_without_an_understanding_only_known_words_are_heard(
    table: Table, session: Session
) -> None:
    plain = build(table.script, {"en": lambda _, english: english}, {"places": PLACES}, LANGUAGES)
    assert hear_words(table.script, plain, session, "I want to end it") == Unclear("unclear")
    assert hear_words(table.script, plain, session, "legal help") == Chose("legal")


def test_what_is_not_text_is_not_taken() -> None:
    assert hear_media("voice") == Unclear("media")


@pytest.mark.parametrize(
    ("key", "mark", "event"),
    [
        ("legal", "0", Chose("legal")),
        ("legal", "7", Unclear("stale")),
        ("nonsense", "0", Unclear("stale")),
        ("=UA-63", "0", Unclear("stale")),
        ("!back", "7", Asked("back")),
        ("!format", "0", Unclear("stale")),
        ("@uk", "7", ChoseLanguage("uk")),
        ("@tlh", "0", Unclear("stale")),
    ],
)
def test_a_button_counts_only_under_its_own_message(
    table: Table, session: Session, key: str, mark: str, event: Event
) -> None:
    assert hear_button(table.script, session, key, mark) == event


def test_an_item_found_is_picked_by_its_button(table: Table, session: Session) -> None:
    found = replace(session, position=("welcome/results",), values={"found": ("a-line",)})
    assert hear_button(table.script, found, "=a-line", "0") == Picked("a-line")


@pytest.mark.parametrize(
    ("words", "urgent"),
    [
        ("stop", True),
        ("he is here", True),
        ("quick, I think he is here", True),
        ("wipe all of this", True),
        ("near Kyiv", False),
        ("the beginning again", False),
        ("legal help", False),
        ("x" * (MOST_CHARACTERS + 1), False),
    ],
)
def test_urgent_words_are_known_before_a_turn_is_taken(
    lexicon: Lexicon, words: str, *, urgent: bool
) -> None:
    assert is_urgent(lexicon, words) == urgent


def test_words_are_made_alike_without_their_looks() -> None:
    assert alike("  «Привіт,\u200b СВІТ!» ") == "привіт, світ"
    assert alike("п’ять") == alike("п'ять") == alike("пʼять")


@pytest.mark.parametrize(
    ("small", "capitals"), [("çıxış", "ÇIXIŞ"), ("sil", "SİL"), ("imdad", "İmdad")]
)
def test_words_with_and_without_a_dotted_i_are_the_same_in_capitals(
    small: str, capitals: str
) -> None:
    assert alike(small) == alike(capitals)


def test_items_are_numbered_before_choices(
    table: Table, lexicon: Lexicon, session: Session
) -> None:
    found = replace(session, position=("welcome/results",), values={"found": ("a-line", "b-line")})
    assert hear_words(table.script, lexicon, found, "2") == Picked("b-line")
    assert hear_words(table.script, lexicon, found, "3") == Chose("again")
    assert hear_button(table.script, found, "=c-line", "0") == Unclear("stale")
