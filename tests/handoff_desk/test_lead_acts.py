"""What an operator takes out of the line, and what a lead may do in chats of others."""

import pytest
from msgspec.structs import replace

from bot.handoff.model import Chat, NoSuchChat, Refused
from tests.handoff_desk.office import Office, agreed, asking, claimed


def refusal(act: object, *given: object) -> str:
    with pytest.raises(Refused) as refused:
        act(*given)  # type: ignore[operator]
    return refused.value.code


def test_a_wait_is_never_counted_as_less_than_nothing(office: Office) -> None:
    office.on_duty("ann")
    chat = office.ask()
    office.clock.now -= 3_600
    office.desk.claim("ann", chat.id)
    assert office.waits == [("uk", 0.0)]


def named(office: Office, name: str, person: bytes) -> bytes:
    """A waiting chat that has got that name by chance."""

    def naming(chat: Chat, _now: float) -> Chat:
        return replace(chat, name=name)

    return office.change(office.ask(person=person).id, naming).id


def test_a_chat_keeps_its_name_and_gets_another_only_where_that_is_taken(office: Office) -> None:
    office.on_duty("ann")
    first, second = named(office, "Maple", b"1"), named(office, "Heron", b"2")
    third = named(office, "Maple", b"3")
    names = [office.desk.claim("ann", chat_id).name for chat_id in (first, second, third)]
    assert names[:2] == ["Maple", "Heron"]
    assert names[2] not in {"Maple", "Heron"}


def test_next_also_finds_whom_another_process_let_in(office: Office) -> None:
    office.on_duty("ann")
    with office.store.group() as group:
        chat = office.chats.ask(group, asking(), office.clock())
    assert office.board.get(chat.id) is None
    taken = office.desk.claim_next("ann")
    assert taken is not None
    assert taken.id == chat.id


def test_who_is_full_hears_so_though_light_chats_wait(office: Office) -> None:
    office.on_duty("ann")
    office.shifts.set_limits("ann", 1, 1, by="lead")
    claimed(office, person=b"1")
    for number in range(2):
        office.ask(person=bytes([number]))
    assert refusal(office.desk.claim_next, "ann") == "limit_open"
    office.ask(severity=2, person=b"2")
    assert refusal(office.desk.claim_next, "ann") == "limit_open"


def test_a_chat_is_heavy_when_its_operator_says_so_and_light_again(staffed: Office) -> None:
    chat_id = claimed(staffed)
    assert staffed.desk.mark_heavy("ann", chat_id).heavy is True
    assert staffed.desk.mark_heavy("ann", chat_id, heavy=False).heavy is False


def test_who_ends_a_talk_is_told_apart_from_who_parks_it(staffed: Office) -> None:
    chat_id = claimed(staffed)
    parked = staffed.desk.park("ann", chat_id)
    until = staffed.clock() + staffed.rules.parked_seconds
    assert (parked.state, parked.parked_until) == ("parked", until)
    over = staffed.desk.close("ann", chat_id)
    assert (over.state, over.ending, over.told) == ("closed", "by_operator", "ended")


def test_whoever_gives_a_chat_back_is_not_asked_first_for_it(staffed: Office) -> None:
    chat_id = claimed(staffed)
    back = staffed.desk.release("ann", chat_id)
    assert (back.passed_by, back.told) == (("ann",), "in_line_again")


def test_nobody_takes_over_their_own_chat_and_a_helper_may_take_over(staffed: Office) -> None:
    staffed.on_duty("lead")
    chat_id = claimed(staffed)
    assert refusal(staffed.desk.take_over, "ann", chat_id, "urgent") == "not_now"
    staffed.desk.join("lead", chat_id, "training")
    assert refusal(staffed.desk.join, "lead", chat_id, "again") == "not_now"
    taken = staffed.desk.take_over("lead", chat_id, " urgent ")
    assert (taken.owner, taken.who, taken.told) == ("lead", "Lead Test", "changed")
    assert staffed.audit[-1] == ("lead", "take_over", "ann", "urgent")


def test_a_lead_does_not_sit_down_in_a_chat_that_is_on_its_way_or_waits(staffed: Office) -> None:
    staffed.on_duty("lead")
    waiting, chat_id = staffed.ask(person=b"1").id, claimed(staffed, person=b"2")
    staffed.desk.transfer("ann", chat_id, "ben", warm=False)
    assert refusal(staffed.desk.join, "lead", chat_id, "training") == "in_transfer"
    assert refusal(staffed.desk.join, "lead", waiting, "training") == "not_now"
    assert staffed.audit == []
    agreed(staffed, chat_id)
    taken = staffed.desk.take_over("lead", chat_id, "urgent")
    assert (taken.owner, taken.transfer) == ("lead", None)
    with pytest.raises(NoSuchChat):
        staffed.desk.accept_transfer("ben", chat_id)


def test_a_lead_who_cannot_read_or_has_no_reason_takes_nothing_over(staffed: Office) -> None:
    staffed.on_duty("rita", keys=())
    chat_id = claimed(staffed)
    assert refusal(staffed.desk.take_over, "rita", chat_id, "urgent") == "no_key"
    assert refusal(staffed.desk.take_over, "nobody", chat_id, "urgent") == "not_on_duty"
    assert refusal(staffed.desk.take_over, "ben", chat_id, "  ") == "reason"
    assert (staffed.of(chat_id).owner, staffed.audit) == ("ann", [])


def test_everybody_who_waits_in_a_language_is_told_once_and_nobody_else(office: Office) -> None:
    office.on_duty("ann")
    taken = claimed(office, person=b"0")
    uk = [office.ask(person=bytes([number])) for number in range(1, 3)]
    ru = office.ask("ru", person=b"3")
    before = office.of(taken), office.of(ru.id)
    office.later(9)
    assert office.desk.tell_waiting("uk") == 2
    told = [office.of(chat.id) for chat in uk]
    assert [(chat.told, chat.told_at) for chat in told] == [("desk_paused", office.clock())] * 2
    assert [chat.state for chat in told] == ["waiting", "waiting"]
    assert office.desk.tell_waiting("uk") == 0
    assert office.desk.tell_waiting("uk", "desk_open") == 2
    assert (office.of(taken), office.of(ru.id)) == before
