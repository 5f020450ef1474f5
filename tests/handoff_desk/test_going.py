"""A colleague is asked, comes, stays away or goes: whose the chat is then, and what is told."""

import pytest
from msgspec.structs import replace

from bot.handoff.model import Chat, NoSuchChat, Refused, Transfer
from bot.handoff.passing import Left
from tests.handoff_desk.office import Office, agreed, claimed


def offered(office: Office, to: str = "ben", *, warm: bool = False, person: bytes = b"1") -> bytes:
    """A chat of Ann's whose person agreed that it goes to somebody else."""
    chat_id = claimed(office, person=person)
    office.desk.transfer("ann", chat_id, to, warm=warm)
    agreed(office, chat_id)
    return chat_id


def beside(office: Office) -> bytes:
    """A chat in which Ben sits beside Ann until she leaves."""
    chat_id = offered(office, warm=True)
    office.desk.accept_transfer("ben", chat_id)
    return chat_id


def refusal(act: object, *given: object, **more: object) -> str:
    with pytest.raises(Refused) as refused:
        act(*given, **more)  # type: ignore[operator]
    return refused.value.code


@pytest.mark.parametrize("warm", [True, False])
def test_a_transfer_says_to_whom_how_and_since_when(staffed: Office, warm: bool) -> None:
    chat_id = claimed(staffed)
    staffed.later(7)
    asked = staffed.desk.transfer("ann", chat_id, "ben", warm=warm)
    now = staffed.clock()
    assert asked.transfer == Transfer("ben", warm, "asking_person", now)
    assert (asked.owner, asked.told_at) == ("ann", now)


def test_a_queue_in_which_nobody_else_can_read_gets_no_chat(office: Office) -> None:
    office.on_duty("ann", languages=("uk", "ru"))
    office.on_duty("rita", languages=("ru",), keys=())
    chat_id = claimed(office)
    for queue in ("queue:ru", "queue:uk"):
        assert refusal(office.desk.transfer, "ann", chat_id, queue, warm=False) == "nobody_there"
    assert refusal(office.desk.transfer, "ann", chat_id, "rita", warm=False) == "no_such_colleague"
    assert office.of(chat_id).transfer is None
    office.on_duty("vera", languages=("lt", "ru"))
    assert office.desk.transfer("ann", chat_id, "queue:ru", warm=False).transfer


def test_while_somebody_sits_beside_no_third_is_asked(staffed: Office) -> None:
    chat_id = claimed(staffed)
    staffed.desk.join("eve", chat_id, "training")
    assert refusal(staffed.desk.transfer, "ann", chat_id, "ben", warm=False) == "in_transfer"
    assert refusal(staffed.desk.leave_warm, "ann", chat_id) == "not_now"
    assert staffed.desk.leave_warm("eve", chat_id).helper == ""


def test_what_is_on_offer_to_nobody_cannot_be_taken(staffed: Office) -> None:
    mine, waiting = claimed(staffed, person=b"1"), staffed.ask(person=b"2").id
    for chat_id in (mine, waiting, b"?" * 16):
        with pytest.raises(NoSuchChat):
            staffed.desk.accept_transfer("ben", chat_id)


def test_whoever_has_a_pause_or_heavy_chats_enough_takes_nothing_that_is_offered(
    staffed: Office,
) -> None:
    first, second = offered(staffed, person=b"1"), offered(staffed, person=b"2")
    for chat_id in (first, second):
        staffed.desk.mark_heavy("ann", chat_id)
    assert staffed.desk.accept_transfer("ben", first).owner == "ben"
    assert refusal(staffed.desk.accept_transfer, "ben", second) == "limit_heavy"
    staffed.shifts.pause("ben")
    assert refusal(staffed.desk.accept_transfer, "ben", second) == "paused"
    assert staffed.of(second).owner == "ann"


def test_who_comes_beside_is_there_from_that_moment_on(staffed: Office) -> None:
    chat_id = offered(staffed, warm=True)
    staffed.later(5)
    both = staffed.desk.accept_transfer("ben", chat_id)
    now = staffed.clock()
    assert both.transfer == Transfer("ben", warm=True, step="joined", since=now)
    assert (both.helper, both.told_at) == ("ben", now)
    staffed.later(5)
    alone = staffed.desk.leave_warm("ann", chat_id)
    assert (alone.owner, alone.who, alone.since) == ("ben", "Ben Test", staffed.clock())
    with pytest.raises(NoSuchChat):
        staffed.desk.leave_warm("ann", chat_id)


@pytest.mark.parametrize("warm", [True, False])
def test_a_chat_that_went_to_another_queue_is_in_its_language_from_then_on(
    staffed: Office, warm: bool
) -> None:
    staffed.on_duty("rita", languages=("ru",))
    chat_id = offered(staffed, "queue:ru", warm=warm)
    assert staffed.of(chat_id).language == "uk"
    taken = staffed.desk.accept_transfer("rita", chat_id)
    assert (taken.language, taken.owner, taken.helper) == (
        *(("ru", "ann", "rita") if warm else ("ru", "rita", "")),
    )


def test_a_transfer_between_two_is_nobody_elses_to_refuse(staffed: Office) -> None:
    chat_id = offered(staffed)
    for other in ("eve", "nobody"):
        with pytest.raises(NoSuchChat):
            staffed.desk.refuse_transfer(other, chat_id)
    assert staffed.of(chat_id).transfer is not None
    assert staffed.desk.refuse_transfer("ben", chat_id).transfer is None
    joined = beside(staffed)
    for one in ("ann", "ben"):
        with pytest.raises(NoSuchChat):
            staffed.desk.refuse_transfer(one, joined)
    assert staffed.of(joined).helper == "ben"


def test_what_is_offered_to_a_queue_is_taken_back_by_who_offered_it_alone(
    staffed: Office,
) -> None:
    chat_id = offered(staffed, "queue:uk")
    still = staffed.desk.refuse_transfer("ben", chat_id)
    assert still.transfer == staffed.of(chat_id).transfer
    assert still.transfer is not None
    staffed.shifts.end_shift("ann")
    assert staffed.desk.refuse_transfer("ann", chat_id).transfer is None


def test_nobody_leaves_a_chat_in_which_they_are_not(staffed: Office) -> None:
    chat_id, alone = beside(staffed), claimed(staffed, person=b"2")
    for who, where in (("eve", chat_id), ("", chat_id), ("", alone), ("ben", alone)):
        with pytest.raises(NoSuchChat):
            staffed.desk.leave_warm(who, where)
    back = staffed.desk.leave_warm("ben", chat_id)
    assert (back.owner, back.helper, back.transfer, back.told) == ("ann", "", None, "changed")
    assert back.told_at == staffed.clock()


def test_nobody_leaves_a_chat_to_a_colleague_whose_shift_is_over(staffed: Office) -> None:
    chat_id = beside(staffed)
    staffed.shifts.end_shift("ben")
    assert refusal(staffed.desk.leave_warm, "ann", chat_id) == "not_now"
    assert staffed.of(chat_id).owner == "ann"


def test_heavy_chats_are_passed_on_to_colleagues_who_can_bear_them(office: Office) -> None:
    office.on_duty("ann", "ben")
    chats = [claimed(office, person=bytes([number])) for number in range(3)]
    for chat_id in chats[:2]:
        office.desk.mark_heavy("ann", chat_id)
    office.later(3)
    assert office.desk.hand_over_all("ann") == Left(passed_on=2, back_in_line=1)
    kept = [office.of(chat_id) for chat_id in chats]
    assert sorted((chat.owner, chat.heavy) for chat in kept) == [
        *(("", True), ("ben", False), ("ben", True)),
    ]
    assert {chat.told_at for chat in kept} == {office.clock()}
    assert {chat.told for chat in kept if chat.owner} == {"changed"}


def test_who_went_is_not_asked_first_for_what_they_left_behind(office: Office) -> None:
    office.on_duty("ann")
    chat_id = claimed(office)
    assert office.desk.dropped("ann") == Left(0, 1)
    back = office.of(chat_id)
    assert (back.state, back.passed_by, back.since) == ("waiting", ("ann",), office.clock())


def test_at_the_end_of_a_shift_who_sits_beside_has_the_chat_though_others_have_more_room(
    staffed: Office,
) -> None:
    chat_id = beside(staffed)
    for number in range(2):
        claimed(staffed, "ben", person=bytes([number]))
    assert staffed.desk.hand_over_all("ann") == Left(1, 0)
    chat = staffed.of(chat_id)
    assert (chat.owner, chat.who, chat.helper) == ("ben", "Ben Test", "")


def test_when_the_lines_of_both_are_gone_the_chat_goes_back_in_line_at_once(
    staffed: Office,
) -> None:
    chat_id = beside(staffed)
    for one in ("ann", "ben"):
        staffed.shifts.connected(one, False)
    staffed.clock.now += staffed.rules.drop_seconds
    assert staffed.desk.dropped("ann") == Left(0, 1)
    assert staffed.of(chat_id).state == "waiting"


def test_a_colleague_who_goes_while_beside_leaves_no_transfer_behind(staffed: Office) -> None:
    chat_id = beside(staffed)
    staffed.later(4)
    assert staffed.desk.hand_over_all("ben") == Left(0, 0)
    chat = staffed.of(chat_id)
    assert (chat.owner, chat.helper, chat.transfer, chat.told_at) == (
        *("ann", "", None, staffed.clock()),
    )


def test_nothing_is_on_offer_any_more_to_who_went(staffed: Office) -> None:
    first, second = staffed.ask(person=b"1"), staffed.ask(person=b"2")
    staffed.later(1)
    asked = {staffed.of(chat.id).offered: chat.id for chat in (first, second)}
    mine, theirs = asked.pop("ann"), next(iter(asked.values()))
    handed = claimed(staffed, "eve", person=b"3")
    staffed.desk.transfer("eve", handed, "ann", warm=False)
    other = claimed(staffed, "eve", person=b"4")
    staffed.desk.transfer("eve", other, "ben", warm=False)
    before = staffed.of(theirs), staffed.of(other)
    staffed.desk.hand_over_all("ann")
    left: Chat = staffed.of(mine)
    assert (left.offered, left.offered_until, left.passed_by) == ("", 0.0, ("ann",))
    assert staffed.of(handed).transfer is None
    assert (staffed.of(theirs), staffed.of(other)) == before


def test_who_went_leaves_all_of_it_what_is_theirs_and_where_they_only_sat_beside(
    office: Office,
) -> None:
    office.on_duty("ann", "eve")
    helped = claimed(office, "eve", person=b"1")
    office.desk.join("ann", helped, "training")
    office.later(1)
    mine = [claimed(office, person=bytes([number])) for number in range(2, 4)]
    waiting = office.ask(person=b"5")
    office.change(waiting.id, _offered_to_ann)
    assert office.desk.dropped("ann") == Left(0, 2)
    assert office.of(helped).helper == ""
    assert [office.of(chat_id).state for chat_id in mine] == ["waiting", "waiting"]
    left = office.of(waiting.id)
    assert (left.offered, left.passed_by) == ("", ("zoe", "ann"))


def _offered_to_ann(chat: Chat, now: float) -> Chat:
    return replace(chat, offered="ann", offered_until=now + 45, passed_by=("zoe",))
