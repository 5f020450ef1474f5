"""What the clock brings: nobody waits in silence, quiet ends gently, offers go on, keys change."""

from pathlib import Path

import pytest

from bot.handoff import moves
from bot.handoff.model import Chat
from bot.handoff.ticking import STILL
from tests.handoff_desk.office import Office, an_office

MINUTE = 60.0
HOUR = 3_600.0


def talking(office: Office, *, answered: bool) -> Chat:
    """A chat in which both have written; `answered`: the last word is the operator's."""
    office.on_duty("ann")
    chat = office.desk.claim("ann", office.ask().id)
    chat = office.change(chat.id, moves.replied)
    chat = office.change(chat.id, moves.said)
    return office.change(chat.id, moves.replied) if answered else chat


def test_who_waits_hears_of_us_every_ten_minutes(office: Office) -> None:
    chat = office.ask()
    told = []
    for _ in range(6):
        office.later(5 * MINUTE)
        told.append(office.of(chat.id).news)
    assert told == [0, 1, 1, 2, 2, 3]
    assert office.of(chat.id).told == STILL


def test_who_was_told_in_their_own_turn_is_not_told_again_by_the_clock(office: Office) -> None:
    chat = office.ask()
    office.later(9 * MINUTE)
    office.turn(office.chats.told_in_turn, chat.id, office.clock())
    office.later(9 * MINUTE)
    assert office.of(chat.id).news == 0


def test_who_looks_keeps_waiting_and_who_stays_away_is_given_up(office: Office) -> None:
    looks, stays_away = office.ask(), office.ask()
    for _ in range(13):
        office.turn(office.chats.seen_by_person, looks.id, office.clock())
        office.later(HOUR)
    assert office.of(looks.id).state == "waiting"
    gone = office.of(stays_away.id)
    assert (gone.state, gone.ending, gone.told) == ("abandoned", "left", "ended")
    assert office.board.get(stays_away.id) is None


def test_looking_often_is_not_written_often(office: Office) -> None:
    chat = office.ask()
    for _ in range(119):
        office.clock.now += 1
        office.turn(office.chats.seen_by_person, chat.id, office.clock())
    assert office.of(chat.id).version == chat.version


def test_a_person_who_falls_silent_is_asked_gently_and_only_then_is_it_over(office: Office) -> None:
    chat = talking(office, answered=True)
    office.later(15 * MINUTE)
    assert office.of(chat.id).told == "quiet"
    office.later(29 * MINUTE)
    assert office.of(chat.id).state == "claimed"
    office.later(MINUTE)
    over = office.of(chat.id)
    assert (over.state, over.ending, over.told) == ("closed", "idle", "ended")


@pytest.mark.parametrize("how", ["writes", "presses"])
def test_a_person_who_is_still_there_is_not_sent_away(office: Office, how: str) -> None:
    chat = talking(office, answered=True)
    office.later(15 * MINUTE)
    if how == "writes":
        office.change(chat.id, moves.said)
        office.change(chat.id, moves.replied)
    else:
        office.turn(office.chats.still_here, chat.id, office.clock())
    office.later(14 * MINUTE)
    assert office.of(chat.id).warned == 0.0
    office.later(MINUTE)
    assert office.of(chat.id).told == "quiet"


def test_after_a_long_sleep_of_the_clock_the_gentle_question_still_comes_first(
    office: Office,
) -> None:
    chat = talking(office, answered=True)
    office.later(3 * HOUR)
    assert office.of(chat.id).told == "quiet"
    office.later(29 * MINUTE)
    assert office.of(chat.id).state == "claimed"
    office.later(MINUTE)
    assert office.of(chat.id).ending == "idle"


def test_a_person_who_is_owed_an_answer_is_told_and_then_gets_back_in_line(office: Office) -> None:
    chat = talking(office, answered=False)
    office.later(5 * MINUTE)
    office.change(chat.id, moves.said)  # asks again: the first question still counts
    office.later(5 * MINUTE)
    later = office.of(chat.id)
    assert (later.state, later.owner, later.told) == ("parked", "ann", "paused")
    office.later(10 * MINUTE)
    back = office.of(chat.id)
    assert (back.state, back.told, back.passed_by) == ("waiting", "in_line_again", ("ann",))


def test_an_operator_who_answers_a_parked_chat_is_back_in_it(office: Office) -> None:
    chat = talking(office, answered=False)
    office.later(10 * MINUTE)
    back = office.change(chat.id, moves.replied)
    assert (back.state, back.told, back.owed, back.parked_until) == ("claimed", "resumed", 0, 0)


def test_whoever_claims_owes_the_first_word(office: Office) -> None:
    office.on_duty("ann")
    chat = office.desk.claim("ann", office.ask().id)
    office.later(10 * MINUTE)
    assert office.of(chat.id).told == "paused"


def test_a_parked_chat_comes_back_by_itself_or_goes_back_in_line(office: Office) -> None:
    chat = talking(office, answered=True)
    assert office.desk.park("ann", chat.id).told == "paused"
    assert office.desk.unpark("ann", chat.id).told == "resumed"
    office.desk.park("ann", chat.id)
    office.later(30 * MINUTE - 1)
    assert office.of(chat.id).state == "parked"
    office.later(1)
    assert office.of(chat.id).told == "in_line_again"


def test_an_offer_goes_to_who_has_most_room_and_goes_on_when_it_is_let_pass(office: Office) -> None:
    office.on_duty("ann", "ben")
    office.desk.claim("ann", office.ask().id)
    chat = office.ask()
    asked = []
    for _ in range(4):
        office.later(office.rules.offer_seconds)
        asked.append(office.of(chat.id).offered)
    assert asked == ["ben", "ann", "ben", "ann"]


def test_an_offer_stands_while_its_time_lasts_and_others_may_still_be_quicker(
    office: Office,
) -> None:
    office.on_duty("ann", "ben")
    chat = office.ask()
    office.later(1)
    offered = office.of(chat.id)
    office.later(office.rules.offer_seconds - 1)
    assert office.of(chat.id) == offered
    other = "ben" if offered.offered == "ann" else "ann"
    taken = office.desk.claim(other, chat.id)
    assert (taken.owner, taken.offered) == (other, "")


def test_nobody_is_asked_about_two_at_once_and_the_first_in_line_is_offered_first(
    office: Office,
) -> None:
    office.on_duty("ann")
    office.ask()
    grave, calm = office.ask(severity=2), office.ask()
    office.later(1)
    assert [chat.offered for chat in office.board.queue()] == ["ann", "", ""]
    assert office.of(grave.id).offered == "ann"
    office.desk.claim("ann", calm.id)
    office.later(1)
    assert office.of(grave.id).offered == "ann"


@pytest.mark.parametrize("why", ["away", "pause", "full", "end"])
def test_an_offer_to_who_cannot_take_it_any_more_goes_on_at_once(office: Office, why: str) -> None:
    office.on_duty("ann", skills=("legal",))
    office.on_duty("ben")
    chat = office.ask(skills=("legal",))
    office.later(1)
    assert office.of(chat.id).offered == "ann"
    match why:
        case "away":
            office.shifts.connected("ann", False)
            office.later(office.rules.drop_seconds / 2)
            office.later(office.rules.drop_seconds / 2)
        case "pause":
            office.shifts.pause("ann")
        case "full":
            for _ in range(3):
                office.desk.claim("ann", office.ask().id)
        case _:
            office.desk.hand_over_all("ann")
            office.shifts.end_shift("ann")
    office.later(1)
    assert office.of(chat.id).offered == "ben"


def test_when_nobody_can_be_asked_the_offer_is_taken_back(office: Office) -> None:
    office.on_duty("ann")
    chat = office.ask()
    office.later(1)
    office.shifts.pause("ann")
    office.later(1)
    assert office.of(chat.id).offered == ""
    assert office.of(chat.id).passed_by == ("ann",)


def test_a_long_wait_outlives_the_key_of_its_first_day_while_the_person_looks(
    office: Office,
) -> None:
    chat = office.ask()
    for _ in range(20):
        office.later(6 * HOUR)
        office.turn(office.chats.seen_by_person, chat.id, office.clock())
        office.ring.destroy_expired()
        with office.store.group() as group:
            office.rows.sweep(group, office.ring.live())
        office.desk.look()
    assert office.of(chat.id).state == "waiting"
    assert office.board.picture.epochs[chat.id] == office.ring.today()


def test_a_chat_under_way_at_midnight_is_sealed_under_the_new_day_at_once(office: Office) -> None:
    chat = talking(office, answered=True)
    office.clock.now += 16 * HOUR - 60
    chat = office.change(chat.id, moves.replied)
    yesterday = office.board.picture.epochs[chat.id]
    office.later(61)
    assert office.board.picture.epochs[chat.id] == yesterday + 1
    assert office.of(chat.id).news == chat.news


def test_a_chat_whose_key_went_with_its_day_ends_and_the_person_is_told(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path, keep_hours=24) as office:
        chat = office.ask()
        office.clock.now += 17 * HOUR
        office.ring.destroy_expired()
        office.turn(office.chats.seen_by_person, chat.id, office.clock())
        office.desk.tick(office.clock.now)
        over = office.of(chat.id)
        assert (over.state, over.ending, over.told) == ("closed", "keys_gone", "ended")


def test_nothing_of_a_chat_opens_when_its_key_is_gone(office: Office) -> None:
    chat = office.ask()
    office.clock.now += 81 * HOUR
    office.ring.destroy_expired()
    with office.store.group() as group:
        assert office.chats.of_person(group, chat.id) is None
        assert office.rows.sweep(group, office.ring.live()) == 1
    office.desk.look()
    assert office.board.get(chat.id) is None
    assert office.heard[-1].kind == "gone"


def test_everyone_in_a_queue_that_pauses_is_told_once(office: Office) -> None:
    mine = [office.ask() for _ in range(3)]
    other = office.ask("ru")
    assert office.desk.tell_waiting("uk") == 3
    assert office.desk.tell_waiting("uk") == 0
    assert [office.of(chat.id).told for chat in (*mine, other)] == [*["desk_paused"] * 3, ""]
