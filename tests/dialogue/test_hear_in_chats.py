"""What a human is written, what the guide still takes, and which words are a code."""

import pytest
from msgspec.structs import replace

from bot.dialogue.events import Asked, Chose, ChoseLanguage, Event, Meant, Taken, Unclear
from bot.dialogue.hear import MOST_CHARACTERS, hear_button, hear_words
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.session import Session
from bot.dialogue.step import begin
from flows.table import Table
from tests.dialogue.scripts import lexicon_of

TO_THEM = Taken("person")
LONG = "x" * (MOST_CHARACTERS + 1)


@pytest.fixture(scope="module")
def lexicon(chats: Table) -> Lexicon:
    return lexicon_of(chats)


def at(table: Table, state: str, handoff: str = "") -> Session:
    slots = {"handoff": handoff} if handoff else {}
    below = ("welcome/hello",) if state.startswith("desk/") else ()
    return replace(begin(table, "en"), position=(state, *below), slots=slots)


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("it happened again", TO_THEM),
        ("2", TO_THEM),
        ("٢", TO_THEM),
        ("English", TO_THEM),
        ("back", TO_THEM),
        ("hello", TO_THEM),
        ("end this", TO_THEM),
        ("some lawyer in Kyiv", TO_THEM),
        ("I want to end it", TO_THEM),
        ("wipe all of this", TO_THEM),
        ("?!", TO_THEM),
        ("/nonsense", TO_THEM),
        (LONG, TO_THEM),
        ("help", Asked("help_now")),
        ("please, SOS", Asked("help_now")),
        ("стоп", Asked("leave")),
        ("/back", Asked("back")),
        (" /language", Asked("language")),
        ("/privacy", Meant("privacy")),
        ("privacy", TO_THEM),
        ("End this chat.", Chose("end")),
        (" \n ", Unclear("unclear")),
        ("", Unclear("unclear")),
    ],
)
def test_who_talks_with_a_human_is_heard_by_the_human_except_for_the_exit_help_and_the_screen(
    chats: Table, lexicon: Lexicon, words: str, event: Event
) -> None:
    talking = at(chats, "desk/talk", "talking")
    assert hear_words(chats.script, lexicon, talking, words) == event


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("2", Chose("legal")),
        ("9", TO_THEM),
        ("Medical care", Chose("medical")),
        ("medi", TO_THEM),
        ("українська", TO_THEM),
        ("I want to end it", TO_THEM),
        ("stop", Asked("leave")),
        ("human", TO_THEM),
        ("/human", Asked("human")),
        (LONG, TO_THEM),
    ],
)
def test_who_reads_meanwhile_may_answer_the_screen_and_all_else_still_reaches_the_human(
    chats: Table, lexicon: Lexicon, words: str, event: Event
) -> None:
    reading = at(chats, "welcome/hello", "talking")
    assert hear_words(chats.script, lexicon, reading, words) == event


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("I will write it down already", TO_THEM),
        ("some lawyer in Kyiv", TO_THEM),
        ("read", TO_THEM),
        ("hello", TO_THEM),
        (LONG, TO_THEM),
        ("1", Chose("read")),
        ("Stop waiting", Chose("stop")),
        ("stop", Asked("leave")),
        ("back", Asked("back")),
        ("українська", ChoseLanguage("uk")),
        ("I want to end it", Meant("suicide")),
        (f"{LONG} I want to end it", Meant("suicide")),
        ("...", Unclear("unclear")),
    ],
)
def test_who_waits_in_line_has_the_guide_for_commands_and_a_crisis_and_the_rest_is_kept_for_them(
    chats: Table, lexicon: Lexicon, words: str, event: Event
) -> None:
    waiting = at(chats, "desk/line", "waiting")
    assert hear_words(chats.script, lexicon, waiting, words) == event


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("the weather", Unclear("unclear")),
        ("hello there", Unclear("unclear")),
        ("some lawyer", Meant("need", {"need": "legal", "heard": "yes"})),
        (LONG, Unclear("long")),
    ],
)
def test_who_waits_and_reads_something_else_talks_with_the_guide(
    chats: Table, lexicon: Lexicon, words: str, event: Event
) -> None:
    reading = at(chats, "welcome/hello", "waiting")
    assert hear_words(chats.script, lexicon, reading, words) == event


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("apple river stone cloud lamp door", Taken("code")),
        ("Hi", Taken("code")),
        ("2", Taken("code")),
        ("1", Chose("skip")),
        ("back", Asked("back")),
        ("help", Asked("help_now")),
        ("a child told me", Meant("child_at_risk")),
        (LONG, Unclear("long")),
    ],
)
def test_where_six_words_are_asked_for_text_is_tried_as_a_code(
    chats: Table, lexicon: Lexicon, words: str, event: Event
) -> None:
    assert hear_words(chats.script, lexicon, at(chats, "desk/enter"), words) == event


def test_no_event_holds_what_was_written_to_a_human(chats: Table, lexicon: Lexicon) -> None:
    talking = at(chats, "desk/talk", "talking")
    heard = hear_words(chats.script, lexicon, talking, "my sister Oksana")
    assert "Oksana" not in repr(heard)
    assert hear_words(chats.script, lexicon, talking, "something else") == heard


def test_buttons_of_a_chat_count_only_under_their_own_message(chats: Table) -> None:
    talking = replace(at(chats, "desk/talk", "talking"), turn=4)
    assert hear_button(chats.script, talking, "end", "4") == Chose("end")
    assert hear_button(chats.script, talking, "end", "3") == Unclear("stale")
    assert hear_button(chats.script, talking, "!leave", "3") == Asked("leave")


def test_all_words_of_a_command_are_known_by_language_as_they_are_compared(
    lexicon: Lexicon,
) -> None:
    assert lexicon.words_for("leave") == {
        "en": ("stop", "exit", "leave"),
        "uk": ("stop", "exit", "стоп", "leave"),
    }
    assert lexicon.words_for("format") == {"en": (), "uk": ()}
