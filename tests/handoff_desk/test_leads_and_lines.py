"""Who comes into a chat of others, and what becomes of chats of who is not there any more."""

from pathlib import Path

import pytest

from bot.handoff.model import NoSuchChat, Refused
from bot.handoff.passing import Left
from tests.handoff_desk.office import Office, agreed, an_office, claimed


def test_a_line_that_is_gone_for_a_minute_gives_the_chat_back_and_the_person_is_told(
    staffed: Office,
) -> None:
    chat_id = claimed(staffed)
    staffed.shifts.connected("ann", False)
    staffed.later(staffed.rules.drop_seconds - 1)
    assert staffed.of(chat_id).owner == "ann"
    staffed.later(1)
    chat = staffed.of(chat_id)
    assert (chat.state, chat.owner, chat.told) == ("waiting", "", "in_line_again")
    assert staffed.board.place_of(chat) == 1


def test_who_comes_back_within_the_minute_keeps_the_chat(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.shifts.connected("ann", False)
    staffed.later(staffed.rules.drop_seconds - 1)
    staffed.shifts.connected("ann", True)
    staffed.later(staffed.rules.drop_seconds)
    assert staffed.of(chat_id).owner == "ann"


def test_when_the_line_of_one_of_two_is_gone_the_other_has_the_chat(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=True)
    agreed(staffed, chat_id)
    staffed.desk.accept_transfer("ben", chat_id)
    staffed.shifts.connected("ann", False)
    staffed.later(staffed.rules.drop_seconds)
    chat = staffed.of(chat_id)
    assert (chat.owner, chat.helper, chat.transfer) == ("ben", "", None)


def test_after_a_restart_who_does_not_come_back_loses_their_chats(tmp_path: Path) -> None:
    with an_office(tmp_path) as before:
        before.on_duty("ann", "ben")
        chats = [claimed(before, "ann"), claimed(before, "ben")]
        clock = before.clock
    with an_office(tmp_path, clock=clock) as after:
        after.shifts.connected("ben", True)
        after.later(after.rules.drop_seconds - 1)
        assert [after.of(chat_id).owner for chat_id in chats] == ["ann", "ben"]
        after.later(2)
        assert [after.of(chat_id).owner for chat_id in chats] == ["", "ben"]
        assert after.of(chats[0]).told == "in_line_again"


def test_chats_of_who_has_no_shift_any_more_go_back_too(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.shifts.end_shift("ann")
    staffed.later(1)
    staffed.later(staffed.rules.drop_seconds)
    assert staffed.of(chat_id).state == "waiting"


def test_a_lead_comes_in_or_takes_over_only_with_a_reason_that_is_recorded(staffed: Office) -> None:
    staffed.on_duty("lead")
    chat_id = claimed(staffed)
    for act in (staffed.desk.join, staffed.desk.take_over):
        with pytest.raises(Refused) as refused:
            act("lead", chat_id, " ")
        assert refused.value.code == "reason"
    assert staffed.audit == []
    both = staffed.desk.join("lead", chat_id, "training")
    assert (both.owner, both.helper, both.told) == ("ann", "lead", "changed")
    taken = staffed.desk.take_over("lead", chat_id, "urgent")
    assert (taken.owner, taken.helper) == ("lead", "")
    assert staffed.audit == [
        ("lead", "join", "ann", "training"),
        ("lead", "take_over", "ann", "urgent"),
    ]
    with pytest.raises(NoSuchChat):
        staffed.desk.close("ann", chat_id)


def test_a_lead_whose_reason_cannot_be_written_down_does_not_come_in(staffed: Office) -> None:
    staffed.on_duty("lead")
    chat_id = claimed(staffed)
    staffed.audit_broken = True
    for act in (staffed.desk.join, staffed.desk.take_over):
        with pytest.raises(Refused) as refused:
            act("lead", chat_id, "training")
        assert refused.value.code == "not_recorded"
    assert (staffed.of(chat_id).owner, staffed.of(chat_id).helper) == ("ann", "")


def test_a_lead_may_take_over_beyond_every_limit_also_from_the_queue(staffed: Office) -> None:
    staffed.on_duty("lead", languages=("en",))
    staffed.shifts.pause("lead")
    for _ in range(4):
        taken = staffed.desk.take_over("lead", staffed.ask().id, "nobody else")
        assert (taken.owner, taken.told) == ("lead", "joined")
    assert staffed.board.load("lead") == (4, 0)


def test_a_helper_who_goes_or_whose_line_is_gone_leaves_the_chat_with_its_operator(
    staffed: Office,
) -> None:
    staffed.on_duty("lead")
    chat_id = claimed(staffed)
    for leaves in (staffed.desk.hand_over_all, staffed.desk.dropped):
        assert staffed.desk.join("lead", chat_id, "training").helper == "lead"
        assert leaves("lead") == Left(0, 0)
        chat = staffed.of(chat_id)
        assert (chat.owner, chat.helper, chat.told) == ("ann", "", "changed")


def test_a_lead_without_a_shift_or_a_key_cannot_read_and_so_cannot_join(staffed: Office) -> None:
    staffed.on_duty("rita", keys=())
    chat_id = claimed(staffed)
    why = []
    for lead in ("nobody", "rita"):
        with pytest.raises(Refused) as refused:
            staffed.desk.join(lead, chat_id, "training")
        why.append(refused.value.code)
    assert why == ["not_on_duty", "no_key"]
    assert staffed.audit == []


def test_nobody_joins_their_own_chat_or_one_that_has_two_already(staffed: Office) -> None:
    staffed.on_duty("lead")
    chat_id = claimed(staffed)
    why = []
    for lead in ("ann", "lead", "lead", "ben"):
        try:
            staffed.desk.join(lead, chat_id, "training")
        except Refused as refused:
            why.append(refused.code)
    assert why == ["not_now", "not_now", "in_transfer"]


def test_who_begins_a_new_shift_within_the_minute_keeps_their_chats(staffed: Office) -> None:
    chat_id = claimed(staffed)
    for _ in range(2):
        staffed.shifts.end_shift("ann")
        staffed.later(staffed.rules.drop_seconds - 1)
        staffed.on_duty("ann")
        staffed.later(1)
    assert staffed.of(chat_id).owner == "ann"
