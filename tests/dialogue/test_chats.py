"""How a conversation moves into a chat with a human, in it, and out of it again."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.dialogue.effects import Errand
from bot.dialogue.events import (
    Arrived,
    Asked,
    Chose,
    Happened,
    Meant,
    Picked,
    Returned,
    Unclear,
)
from bot.dialogue.session import Session, pack, unpack
from bot.dialogue.step import Turn, adopt, begin
from flows.table import Table
from tests.dialogue.chats import IN_LINE, JOINED, chat_always, chat_table, walk


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


@pytest.mark.parametrize(("menu", "state"), [("menu", "always/menu"), ("", "welcome/hello")])
def test_a_chat_that_was_laid_on_nothing_ends_at_the_menu_or_where_all_begins(
    tmp_path: Path, menu: str, state: str
) -> None:
    always = chat_always().replace("  menu: menu\n", "  menu: menu\n" if menu else "")
    table = chat_table(tmp_path, always=always)
    lost = replace(begin(table, "en"), position=("desk/line",))
    assert walk(table, Happened("lapsed"), session=lost).session.position == (state,)


def test_a_step_that_only_passes_on_into_a_chat_is_not_come_back_to(
    chats: Table, at_place: Session
) -> None:
    danger = walk(chats, Meant("immediate_danger"), session=at_place)
    assert danger.replies == ("always/grave", "desk/consent")
    declined = walk(chats, Chose("no"), session=danger.session)
    assert declined.replies == ("desk/declined", "always/menu")
    # Asked for while the chat is open, back leads to where it was written.
    back = walk(chats, Asked("back"), session=danger.session)
    assert back.session.position == at_place.position


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
