"""Who takes a chat: one of all who want it, able, with room, and as the person asked."""

import pytest
from msgspec.structs import replace

from bot.handoff.model import NoSuchChat, Refused, TakenAlready
from bot.handoff.names import NAMES
from tests.handoff_desk.office import Office


def test_a_person_is_told_who_came_and_the_wait_is_counted_once(office: Office) -> None:
    office.on_duty("ann", "ben")
    chat = office.ask()
    office.later(90)
    taken = office.desk.claim("ann", chat.id)
    assert (taken.state, taken.owner, taken.who, taken.told) == (
        *("claimed", "ann", "Ann Test", "joined"),
    )
    assert taken.news == chat.news + 1
    office.desk.release("ann", chat.id)
    office.desk.claim("ben", chat.id)
    assert office.waits == [("uk", 90.0)]


def test_whoever_comes_second_is_told_so_and_changes_nothing(office: Office) -> None:
    office.on_duty("ann", "ben")
    chat = office.ask()
    taken = office.desk.claim("ann", chat.id)
    with pytest.raises(TakenAlready):
        office.desk.claim("ben", chat.id)
    assert office.of(chat.id) == taken


def test_a_chat_that_was_loaded_before_it_changed_is_not_overwritten(office: Office) -> None:
    office.on_duty("ann")
    chat = office.ask()
    office.desk.claim("ann", chat.id)
    with pytest.raises(TakenAlready):
        office.turn(office.rows.save, chat, chat)
    assert office.of(chat.id).owner == "ann"


@pytest.mark.parametrize("act", ["release", "park", "close", "mark_heavy", "leave_warm", "unpark"])
def test_a_chat_of_another_is_as_unknown_as_one_that_is_not_there(office: Office, act: str) -> None:
    office.on_duty("ann", "ben")
    chat = office.ask()
    office.desk.claim("ann", chat.id)
    said = []
    for chat_id in (chat.id, b"?" * 16):
        with pytest.raises(NoSuchChat) as refused:
            getattr(office.desk, act)("ben", chat_id)
        said.append((refused.value.code, str(refused.value), refused.value.values))
    assert said[0] == said[1]


def test_nobody_takes_a_chat_without_a_shift_a_key_or_in_a_pause(office: Office) -> None:
    office.on_duty("ben", keys=())
    office.on_duty("eve")
    office.shifts.pause("eve")
    chat = office.ask()
    why = {}
    for staff in ("ann", "ben", "eve"):
        with pytest.raises(Refused) as refused:
            office.desk.claim(staff, chat.id)
        why[staff] = refused.value.code
    assert why == {"ann": "not_on_duty", "ben": "no_key", "eve": "paused"}
    assert office.of(chat.id).state == "waiting"


def test_limits_hold_for_open_and_for_heavy_chats(office: Office) -> None:
    office.on_duty("ann")
    first, second = office.ask(severity=2), office.ask(severity=2)
    light = [office.ask() for _ in range(3)]
    office.desk.claim("ann", first.id)
    with pytest.raises(Refused) as refused:
        office.desk.claim("ann", second.id)
    assert refused.value.code == "limit_heavy"
    office.desk.claim("ann", light[0].id)
    office.desk.claim("ann", light[1].id)
    with pytest.raises(Refused) as refused:
        office.desk.claim("ann", light[2].id)
    assert refused.value.code == "limit_open"
    assert office.board.load("ann") == (3, 1)


def test_who_speaks_the_language_takes_it_and_a_wish_for_a_woman_is_kept(office: Office) -> None:
    office.on_duty("ann", languages=("uk",), skills=("woman",))
    office.on_duty("ben", languages=("uk", "ru"))
    russian, woman, legal = (
        office.ask("ru"),
        office.ask(skills=("woman",)),
        office.ask(skills=("legal",)),
    )
    why = []
    for staff, chat in (("ann", russian), ("ben", woman)):
        with pytest.raises(Refused) as refused:
            office.desk.claim(staff, chat.id)
        why.append(refused.value.code)
    assert why == ["language", "skill"]
    assert woman not in office.board.queue(office.shifts.of("ben"))
    # What somebody knows may be missing: anyone is better than nobody.
    assert office.desk.claim("ben", legal.id).owner == "ben"


def test_next_gives_the_gravest_then_the_longest_waiting_and_goes_round_what_is_too_heavy(
    office: Office,
) -> None:
    office.on_duty("ann")
    calm = office.ask()
    office.later(10)
    grave, also_grave = office.ask(severity=2), office.ask(severity=2)
    child = office.ask(severity=1)
    assert [office.desk.claim_next("ann") for _ in range(3)] == [
        office.of(one.id) for one in (min(grave, also_grave, key=lambda one: one.id), child, calm)
    ]
    office.desk.close("ann", calm.id)
    with pytest.raises(Refused) as refused:
        office.desk.claim_next("ann")
    assert refused.value.code == "limit_heavy"


def test_nobody_has_two_chats_of_one_name(office: Office) -> None:
    office.on_duty("ann")
    office.shifts.set_limits("ann", 12, 12, by="lead")
    for _ in range(12):
        office.change(office.ask().id, lambda chat, _: replace(chat, name="Maple"))
        office.desk.claim_next("ann")
    names = [chat.name for chat in office.board.of("ann")]
    assert len(set(names)) == 12
    assert set(names) <= set(NAMES)


def test_when_nobody_waits_there_is_nothing_to_take(office: Office) -> None:
    office.on_duty("ann")
    assert office.desk.claim_next("ann") is None
