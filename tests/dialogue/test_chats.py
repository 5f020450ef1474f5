"""How a conversation moves into a chat with a human, in it, and out of it again."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.dialogue.effects import Errand
from bot.dialogue.events import (
    Arrived,
    Asked,
    Chose,
    ChoseLanguage,
    Event,
    Happened,
    Meant,
    Picked,
    Returned,
    Taken,
    Unclear,
)
from bot.dialogue.session import Session, pack, unpack
from bot.dialogue.step import NoWayOn, Turn, adopt, begin, step
from flows.table import Table
from tests.dialogue.chats import NEWS, chat_always, chat_table

JOINED = Happened("joined", {"who": ("Linden",)})
TO_THEM = Taken("person")
IN_LINE = (Asked("human"), Chose("yes"), Returned("waiting"))


def walk(table: Table, *events: Event, session: Session | None = None) -> Turn:
    """The last turn of a conversation made of these events."""
    turn = Turn(session or begin(table, "en"), ())
    for event in events:
        turn = step(table, turn.session, event)
    return turn


@pytest.fixture
def at_place(chats: Table) -> Session:
    """Somebody who chose a need and is asked for a place."""
    return walk(chats, Chose("legal")).session


@pytest.fixture
def talking(chats: Table, at_place: Session) -> Session:
    """The same person, to whom a human came."""
    return walk(chats, *IN_LINE, JOINED, session=at_place).session


def test_who_declines_is_where_they_were_and_so_is_the_way_back(
    chats: Table, at_place: Session
) -> None:
    asked = walk(chats, Asked("human"), session=at_place)
    assert asked.replies == ("desk/consent",)
    assert asked.session.position == ("desk/consent", "welcome/place")
    declined = walk(chats, Chose("no"), session=asked.session)
    assert declined.replies == ("desk/declined", "welcome/place")
    assert declined.session.position == at_place.position
    assert declined.session.trail == at_place.trail
    assert declined.session.landed == at_place.landed


def test_asking_again_and_again_lays_no_chat_on_a_chat(chats: Table, at_place: Session) -> None:
    turn = walk(chats, *[Asked("human")] * 5, session=at_place)
    assert turn.session.position == ("desk/consent", "welcome/place")
    assert walk(chats, Asked("back"), session=turn.session).session.state == "welcome/place"


def test_a_sub_flow_within_a_chat_comes_back_to_the_chat(chats: Table, at_place: Session) -> None:
    asked = walk(chats, Asked("human"), Chose("about"), session=at_place).session
    assert asked.position == ("timing/when", "desk/consent", "welcome/place")
    told = walk(chats, Chose("late"), session=asked)
    assert told.replies == ("timing/told", "desk/consent")
    assert walk(chats, Chose("no"), session=told.session).session.position == at_place.position


def test_where_no_human_can_come_people_are_led_to_others_and_back_from_there(
    chats: Table, at_place: Session
) -> None:
    turn = walk(chats, Asked("human"), Chose("yes"), Returned("none"), session=at_place)
    assert turn.replies == ("always/human",)
    assert turn.session.position == turn.session.landed == ("always/human",)
    assert walk(chats, Asked("back"), session=turn.session).session.state == "welcome/place"


def test_who_waits_and_reads_comes_back_to_what_is_true_by_then(
    chats: Table, at_place: Session
) -> None:
    line = walk(chats, *IN_LINE, session=at_place)
    assert line.replies == ("desk/line",)
    assert line.session.slots["handoff"] == "waiting"
    back = walk(chats, Chose("read"), Asked("back"), session=line.session)
    assert back.effects == (Errand("in_line", line.session.slots, "en"),)
    came = walk(chats, Returned("talking", {"who": ("Linden",)}), session=back.session)
    assert came.replies == ("desk/talk",)
    assert came.session.values == {"who": ("Linden",)}


def test_a_person_who_comes_is_told_wherever_somebody_is_and_that_place_is_kept(
    chats: Table, at_place: Session
) -> None:
    turn = walk(chats, JOINED, session=at_place)
    assert turn.replies == ("desk/joined", "desk/talk")
    assert turn.session.slots == {"need": "legal", "handoff": "talking"}
    assert turn.session.values == {"who": ("Linden",)}
    assert turn.session.mark != at_place.mark  # a button of the screen before is an old one
    back = walk(chats, Chose("here"), session=turn.session)
    assert back.replies == ("welcome/place",)
    assert (back.session.trail, back.session.landed) == (at_place.trail, at_place.landed)


def test_news_in_the_middle_of_a_sub_flow_comes_back_into_it(chats: Table) -> None:
    turn = walk(chats, Chose("about"), JOINED)
    assert turn.session.position == ("desk/talk", "timing/when", "welcome/hello")
    there = walk(chats, Chose("here"), Chose("early"), session=turn.session)
    assert there.session.position == ("welcome/hello",)


def test_news_takes_the_place_of_what_was_asked_about_the_chat(
    chats: Table, at_place: Session
) -> None:
    asked = walk(chats, Asked("human"), Chose("about"), session=at_place).session
    assert walk(chats, JOINED, session=asked).session.position == ("desk/talk", "welcome/place")


def test_news_on_top_of_an_errand_lets_it_be_done_again_afterwards(chats: Table) -> None:
    searching = walk(chats, Chose("legal"), Picked("UA-63")).session
    back = walk(chats, JOINED, Chose("here"), session=searching)
    assert [effect.name for effect in back.effects if isinstance(effect, Errand)] == [
        "find_services"
    ]


def test_news_that_no_step_tells_of_changes_nothing(chats: Table, at_place: Session) -> None:
    assert walk(chats, Happened("paused"), session=at_place) == Turn(at_place, ())


def test_after_the_end_the_guide_is_where_it_was(chats: Table, talking: Session) -> None:
    ended = walk(chats, Happened("ended"), session=talking)
    assert ended.replies == ("desk/over", "desk/after")
    assert "handoff" not in ended.session.slots
    after = walk(chats, Chose("skip"), session=ended.session)
    assert after.session.position == ("welcome/place",)
    assert after.session.slots == {"need": "legal"}


def test_a_place_in_line_that_ends_leads_straight_back(chats: Table, at_place: Session) -> None:
    turn = walk(chats, *IN_LINE, Happened("lapsed"), session=at_place)
    assert turn.replies == ("desk/stopped", "welcome/place")
    assert "handoff" not in turn.session.slots
    assert turn.session.trail == at_place.trail


def test_a_chat_after_which_no_way_back_is_known_ends_where_it_was_laid(chats: Table) -> None:
    lost = replace(begin(chats, "en"), position=("desk/line", "welcome/place"), landed=())
    turn = walk(chats, Chose("here"), session=lost)
    assert turn.session.position == turn.session.landed == ("welcome/place",)
    assert turn.session.trail == ()


def test_a_chat_that_was_laid_on_nothing_ends_at_the_menu(chats: Table) -> None:
    lost = replace(begin(chats, "en"), position=("desk/line",))
    turn = walk(chats, Happened("lapsed"), session=lost)
    assert turn.session.position == ("welcome/hello",)


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
    tmp_path: Path, chats: Table, talking: Session
) -> None:
    with pytest.raises(NoWayOn, match="desk/talk"):
        walk(chats, TO_THEM, Returned("lost"), session=talking)
    news = {name: state for name, state in NEWS.items() if name != "ended"}
    silent = chat_table(tmp_path, always=chat_always(news))
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


def test_hello_in_the_middle_of_a_chat_begins_anew_and_the_chat_goes_on(
    chats: Table, talking: Session
) -> None:
    turn = walk(chats, Arrived("en"), session=talking)
    assert turn.replies == ("welcome/hello",)
    assert turn.session.slots == {"handoff": "talking"}
    assert turn.session.trail == ()


@pytest.mark.parametrize(
    ("handoff", "note"), [("talking", "#media_for_person"), ("waiting", "#media"), ("", "#media")]
)
def test_a_picture_sent_to_a_human_gets_a_note_of_its_own(
    chats: Table, at_place: Session, handoff: str, note: str
) -> None:
    slots = {"handoff": handoff} if handoff else {}
    turn = walk(chats, Unclear("media"), session=replace(at_place, slots=slots))
    assert turn.replies == (note, "welcome/place")


def test_a_crisis_in_line_is_answered_and_the_way_back_leads_into_the_line(
    chats: Table, at_place: Session
) -> None:
    line = walk(chats, *IN_LINE, session=at_place).session
    crisis = walk(chats, Meant("suicide"), session=line)
    assert crisis.replies == ("always/crisis",)
    assert crisis.session.slots["handoff"] == "waiting"
    back = walk(chats, Asked("back"), Returned("waiting"), session=crisis.session)
    assert back.session.position == ("desk/line", "welcome/place")


def test_where_the_way_to_a_human_is_no_chat_the_way_back_is_the_screen_itself(
    tmp_path: Path,
) -> None:
    always = chat_always().replace("go: desk/start", "go: human")
    plain = chat_table(tmp_path, always=always)
    turn = walk(plain, JOINED, Chose("end"), Asked("help_now"), Asked("back"))
    assert turn.session.position == ("desk/sure", "welcome/hello")


def test_a_renewed_script_keeps_a_chat_where_it_is_and_ends_it_where_its_step_is_gone(
    chats: Table, talking: Session
) -> None:
    session, moved = adopt(chats.script, replace(talking, script="old"))
    assert (session.position, session.slots, moved) == (talking.position, talking.slots, False)
    gone = replace(talking, script="old", position=("desk/chatting", "welcome/place"))
    session, moved = adopt(chats.script, gone)
    assert (session.position, moved) == (("welcome/hello",), True)
    assert session.slots["handoff"] == "talking"


def test_what_the_shell_carries_is_packed_and_never_changed_by_the_dialogue(
    chats: Table, at_place: Session
) -> None:
    carried = replace(at_place, carried=b"\x00which chat")
    turn = walk(chats, *IN_LINE, JOINED, Asked("back"), Arrived("en"), session=carried)
    assert turn.session.carried == b"\x00which chat"
    assert unpack(pack(turn.session)) == turn.session
