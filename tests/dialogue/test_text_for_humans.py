"""Text that is not for the guide: what became of it, and what the person is told."""

import dataclasses
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.dialogue.effects import Errand
from bot.dialogue.events import Asked, Chose, ChoseLanguage, Returned, Taken, Unclear
from bot.dialogue.session import Session
from bot.dialogue.step import NoWayOn, Turn
from flows.table import Table
from tests.dialogue.chats import JOINED, chat_always, chat_table, walk

TO_THEM = Taken("person")


def test_text_for_a_human_decides_nothing_and_once_sent_nothing_is_said(
    chats: Table, talking: Session
) -> None:
    assert walk(chats, TO_THEM, session=talking) == Turn(talking, ())
    missed = replace(talking, misses=1)
    sent = walk(chats, TO_THEM, Returned("sent"), session=missed)
    assert sent == Turn(talking, ())


@pytest.mark.parametrize(
    ("outcome", "note"),
    [("nobody", "#nobody"), ("long", "#long_for_person"), ("sealed", "#sealed")],
)
def test_text_that_could_not_be_sent_is_told_with_its_own_note_alone(
    chats: Table, talking: Session, outcome: str, note: str
) -> None:
    turn = walk(chats, TO_THEM, Returned(outcome), session=talking)
    assert turn.replies == turn.session.said == (note,)
    assert turn.session.position == talking.position
    # Said again later, the screen is whole.
    again = walk(chats, ChoseLanguage("uk"), session=turn.session)
    assert again.replies == ("desk/talk",)


def test_a_script_without_notes_for_a_chat_has_a_kind_word_all_the_same(tmp_path: Path) -> None:
    bare = chat_table(tmp_path, always=chat_always(notes=""))
    talking = walk(bare, JOINED).session
    assert walk(bare, TO_THEM, Returned("nobody"), session=talking).replies == ("#unclear",)
    assert walk(bare, Unclear("media"), session=talking).replies[0] == "#media"


def test_words_after_the_end_tell_of_the_end_from_wherever_they_were_typed(
    chats: Table, talking: Session
) -> None:
    reading = walk(chats, Chose("here"), session=talking).session
    for session in (talking, reading):
        turn = walk(chats, TO_THEM, Returned("over"), session=session)
        assert turn.replies == ("desk/over", "desk/after")
        assert turn.session.position == ("desk/after", "welcome/place")
        assert "handoff" not in turn.session.slots


def test_what_became_of_text_and_is_told_nowhere_is_our_loud_fault(
    chats: Table, talking: Session
) -> None:
    with pytest.raises(NoWayOn, match="desk/talk"):
        walk(chats, TO_THEM, Returned("lost"), session=talking)
    # The reader refuses such a script; a step that came from elsewhere would still be told.
    news = {name: state for name, state in chats.script.news.items() if name != "ended"}
    silent = Table(dataclasses.replace(chats.script, news=news))
    with pytest.raises(NoWayOn, match="desk/talk"):
        walk(silent, TO_THEM, Returned("over"), session=talking)


@pytest.mark.parametrize(
    ("outcome", "replies", "errands"),
    [
        ("found", (), ["in_line"]),
        ("unknown", ("desk/again", "desk/enter"), []),
        ("wait", ("desk/often",), []),
    ],
)
def test_six_words_lead_where_they_open_or_kindly_do_not(
    chats: Table, at_place: Session, outcome: str, replies: tuple[str, ...], errands: list[str]
) -> None:
    enter = walk(chats, Asked("human"), Chose("code"), session=at_place).session
    tried = walk(chats, Taken("code"), Returned(outcome), session=enter)
    assert tried.replies == replies
    assert [effect.name for effect in tried.effects if isinstance(effect, Errand)] == errands
    assert tried.session.mark != enter.mark
    assert tried.session.position[1:] == ("welcome/place",)
    assert tried.session.trail == enter.trail
