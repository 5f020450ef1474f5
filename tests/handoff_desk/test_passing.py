"""A chat goes from one to another: asked first, never lost, never in nobody's hands."""

from pathlib import Path

import pytest

from bot.handoff import moves
from bot.handoff.model import NoSuchChat, Refused
from bot.handoff.passing import Left
from tests.handoff_desk.office import Office, an_office


@pytest.fixture
def staffed(office: Office) -> Office:
    office.on_duty("ann", "ben", "eve")
    return office


def claimed(office: Office, staff: str = "ann", **more: object) -> bytes:
    chat = office.ask(**more)  # type: ignore[arg-type]
    return office.desk.claim(staff, chat.id).id


def agreed(office: Office, chat_id: bytes) -> None:
    office.turn(office.chats.answer_transfer, chat_id, yes=True, now=office.clock())


def test_a_colleague_gets_a_chat_only_after_the_person_agreed(staffed: Office) -> None:
    chat_id = claimed(staffed)
    assert staffed.desk.transfer("ann", chat_id, "ben", warm=False).told == "transfer_asked"
    with pytest.raises(NoSuchChat):
        staffed.desk.accept_transfer("ben", chat_id)
    agreed(staffed, chat_id)
    assert [chat.id for chat in staffed.board.handed(staffed.shifts.of("ben"))] == [chat_id]  # type: ignore[arg-type]
    with pytest.raises(NoSuchChat):
        staffed.desk.accept_transfer("eve", chat_id)
    taken = staffed.desk.accept_transfer("ben", chat_id)
    assert (taken.owner, taken.who, taken.told, taken.transfer) == (
        *("ben", "Ben Test", "changed", None),
    )
    assert staffed.board.of("ann") == ()


def test_a_person_who_says_no_keeps_who_they_have(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=True)
    staffed.turn(staffed.chats.answer_transfer, chat_id, yes=False, now=staffed.clock())
    chat = staffed.of(chat_id)
    assert (chat.owner, chat.transfer, chat.state) == ("ann", None, "claimed")
    assert staffed.turn(staffed.chats.answer_transfer, chat_id, yes=True, now=0.0) is None


def test_in_a_warm_transfer_both_are_there_until_the_first_leaves(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=True)
    agreed(staffed, chat_id)
    both = staffed.desk.accept_transfer("ben", chat_id)
    assert (both.owner, both.helper, both.told) == ("ann", "ben", "changed")
    assert staffed.board.load("ben") == (1, 0)
    alone = staffed.desk.leave_warm("ann", chat_id)
    assert (alone.owner, alone.helper, alone.transfer) == ("ben", "", None)


def test_a_colleague_who_goes_again_leaves_it_with_the_first(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=True)
    agreed(staffed, chat_id)
    staffed.desk.accept_transfer("ben", chat_id)
    back = staffed.desk.leave_warm("ben", chat_id)
    assert (back.owner, back.helper, back.transfer) == ("ann", "", None)
    with pytest.raises(Refused) as refused:
        staffed.desk.leave_warm("ann", chat_id)
    assert refused.value.code == "not_now"


@pytest.mark.parametrize("how", ["refused", "expired", "taken back", "they left", "unanswered"])
def test_a_transfer_that_comes_to_nothing_is_back_with_the_first_and_not_in_line(
    staffed: Office, how: str
) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=False)
    staffed.change(chat_id, moves.replied)
    if how != "unanswered":
        agreed(staffed, chat_id)
    match how:
        case "refused":
            staffed.desk.refuse_transfer("ben", chat_id)
        case "expired":
            staffed.later(staffed.rules.offer_seconds)
        case "taken back":
            staffed.desk.refuse_transfer("ann", chat_id)
        case "they left":
            staffed.desk.hand_over_all("ben")
        case _:
            staffed.later(staffed.rules.quiet_seconds)
    chat = staffed.of(chat_id)
    assert (chat.owner, chat.transfer, chat.state) == ("ann", None, "claimed")
    with pytest.raises(NoSuchChat):
        staffed.desk.accept_transfer("ben", chat_id)


def test_a_queue_gets_a_chat_when_somebody_there_takes_it(staffed: Office) -> None:
    staffed.on_duty("rita", languages=("ru",))
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "queue:ru", warm=False)
    agreed(staffed, chat_id)
    assert staffed.of(chat_id).owner == "ann"
    with pytest.raises(NoSuchChat):
        staffed.desk.accept_transfer("ben", chat_id)
    taken = staffed.desk.accept_transfer("rita", chat_id)
    assert (taken.owner, taken.language) == ("rita", "ru")


def test_one_of_a_queue_who_refuses_leaves_it_to_the_others(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "queue:uk", warm=False)
    agreed(staffed, chat_id)
    staffed.desk.refuse_transfer("ben", chat_id)
    assert staffed.desk.accept_transfer("eve", chat_id).owner == "eve"


def test_a_chat_is_passed_on_to_who_is_there_and_once_at_a_time(staffed: Office) -> None:
    chat_id = claimed(staffed)
    why = []
    for to in ("nobody", "ann", "queue:lt"):
        with pytest.raises(Refused) as refused:
            staffed.desk.transfer("ann", chat_id, to, warm=False)
        why.append(refused.value.code)
    staffed.desk.transfer("ann", chat_id, "ben", warm=False)
    with pytest.raises(Refused) as refused:
        staffed.desk.transfer("ann", chat_id, "eve", warm=False)
    assert [*why, refused.value.code] == [
        *("no_such_colleague", "no_such_colleague", "nobody_there", "in_transfer"),
    ]


def test_a_colleague_without_room_cannot_take_it(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=False)
    agreed(staffed, chat_id)
    for _ in range(3):
        claimed(staffed, "ben")
    with pytest.raises(Refused) as refused:
        staffed.desk.accept_transfer("ben", chat_id)
    assert refused.value.code == "limit_open"


def test_at_the_end_of_a_shift_colleagues_take_what_they_have_room_for_and_the_rest_waits_in_front(
    staffed: Office,
) -> None:
    for _ in range(2):
        claimed(staffed, "ben")
        claimed(staffed, "eve")
    staffed.later(5)
    mine = [claimed(staffed) for _ in range(3)]
    staffed.later(5)
    newcomer = staffed.ask()
    assert staffed.desk.hand_over_all("ann") == Left(passed_on=2, back_in_line=1)
    staffed.shifts.end_shift("ann")
    chats = [staffed.of(chat_id) for chat_id in mine]
    assert sorted(chat.owner for chat in chats) == ["", "ben", "eve"]
    waiting = next(chat for chat in chats if not chat.owner)
    assert waiting.told == "in_line_again"
    assert [chat.id for chat in staffed.board.queue()] == [waiting.id, newcomer.id]
    assert staffed.board.of("ann") == ()
    assert staffed.desk.hand_over_all("ann") == Left(0, 0)


def test_who_is_alone_on_duty_leaves_their_chats_in_line(office: Office) -> None:
    office.on_duty("ann")
    chat_id = claimed(office)
    assert office.desk.hand_over_all("ann") == Left(0, 1)
    assert office.of(chat_id).state == "waiting"


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


def test_a_lead_may_take_over_beyond_every_limit_also_from_the_queue(staffed: Office) -> None:
    staffed.on_duty("lead", languages=("en",))
    staffed.shifts.pause("lead")
    for _ in range(4):
        taken = staffed.desk.take_over("lead", staffed.ask().id, "nobody else")
        assert (taken.owner, taken.told) == ("lead", "joined")
    assert staffed.board.load("lead") == (4, 0)


def test_after_a_heavy_chat_a_pause_begins_however_it_ended(staffed: Office) -> None:
    ends = {"ann": staffed.desk.close, "ben": staffed.desk.release, "eve": None}
    for staff, act in ends.items():
        chat_id = claimed(staffed, staff, severity=2)
        if act:
            act(staff, chat_id)
        else:
            staffed.turn(staffed.chats.leave, chat_id, "by_person", staffed.clock())
        duty = staffed.shifts.of(staff)
        assert duty is not None
        assert duty.paused, staff


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


def test_there_is_nothing_to_refuse_where_nothing_was_offered(staffed: Office) -> None:
    chat_id = claimed(staffed)
    for staff in ("ann", "ben"):
        with pytest.raises(NoSuchChat):
            staffed.desk.refuse_transfer(staff, chat_id)


def test_who_begins_a_new_shift_within_the_minute_keeps_their_chats(staffed: Office) -> None:
    chat_id = claimed(staffed)
    for _ in range(2):
        staffed.shifts.end_shift("ann")
        staffed.later(staffed.rules.drop_seconds - 1)
        staffed.on_duty("ann")
        staffed.later(1)
    assert staffed.of(chat_id).owner == "ann"
