"""A chat goes from one to another: asked first, never lost, never in nobody's hands."""

import pytest

from bot.handoff import moves
from bot.handoff.model import NoSuchChat, Refused
from bot.handoff.passing import Left
from tests.handoff_desk.office import Office, agreed, claimed


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


def test_there_is_nothing_to_refuse_where_nothing_was_offered(staffed: Office) -> None:
    chat_id = claimed(staffed)
    for staff in ("ann", "ben"):
        with pytest.raises(NoSuchChat):
            staffed.desk.refuse_transfer(staff, chat_id)
