"""Whose a chat is: told whenever it changes, asked at every act, and one thread at a time."""

import threading
from collections.abc import Callable

import pytest

from bot.handoff.acting import InTurn
from bot.handoff.desk import Desk
from bot.handoff.model import NoSuchChat, Refused, TakenAlready
from bot.storage import StoreError
from tests.handoff_desk.office import Office, agreed, claimed


def told(office: Office) -> list[tuple[str, str]]:
    """Who may read a chat, as it was said since this was asked last."""
    said = list(office.owned)
    office.owned.clear()
    return said


def test_who_may_read_a_chat_is_said_whenever_that_changes_and_only_then(staffed: Office) -> None:
    chat_id = claimed(staffed)
    assert told(staffed) == [("ann", "")]
    staffed.desk.mark_heavy("ann", chat_id)
    staffed.desk.park("ann", chat_id)
    staffed.desk.unpark("ann", chat_id)
    assert told(staffed) == []
    staffed.desk.transfer("ann", chat_id, "ben", warm=True)
    agreed(staffed, chat_id)
    staffed.desk.mark_heavy("ann", chat_id, heavy=False)
    assert told(staffed) == []
    staffed.desk.accept_transfer("ben", chat_id)
    assert told(staffed) == [("ann", "ben")]
    staffed.desk.leave_warm("ben", chat_id)
    assert told(staffed) == [("ann", "")]
    staffed.desk.release("ann", chat_id)
    assert told(staffed) == []
    staffed.desk.claim("ben", chat_id)
    assert told(staffed) == [("ben", "")]


def test_keys_that_a_colleague_was_given_are_void_when_the_transfer_comes_to_nothing(
    staffed: Office,
) -> None:
    chat_id = claimed(staffed)
    staffed.desk.transfer("ann", chat_id, "ben", warm=False)
    agreed(staffed, chat_id)
    told(staffed)
    staffed.desk.refuse_transfer("ben", chat_id)
    assert told(staffed) == [("ann", "")]


ACTS: dict[str, Callable[[Desk, str, bytes], object]] = {
    "release": lambda desk, who, chat: desk.release(who, chat),
    "park": lambda desk, who, chat: desk.park(who, chat),
    "close": lambda desk, who, chat: desk.close(who, chat),
    "mark_heavy": lambda desk, who, chat: desk.mark_heavy(who, chat),
    "transfer": lambda desk, who, chat: desk.transfer(who, chat, "eve", warm=False),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_its_owners_alone_and_of_nobody_when_nobody_has_it(
    staffed: Office, act: str
) -> None:
    waiting, taken = staffed.ask(person=b"1").id, claimed(staffed, person=b"2")
    for who, chat_id in (("ben", taken), ("", taken), ("", waiting), ("ann", waiting)):
        with pytest.raises(NoSuchChat):
            ACTS[act](staffed.desk, who, chat_id)
    assert staffed.of(taken).owner == "ann"
    assert staffed.of(waiting).state == "waiting"
    ACTS[act](staffed.desk, "ann", taken)


@pytest.mark.parametrize("act", [*ACTS, "claim"])
def test_nothing_is_done_with_a_chat_that_has_ended(staffed: Office, act: str) -> None:
    chat_id = claimed(staffed)
    staffed.desk.close("ann", chat_id)
    with pytest.raises((NoSuchChat, TakenAlready)):
        (ACTS | {"claim": lambda desk, who, chat: desk.claim(who, chat)})[act](
            staffed.desk, "ann", chat_id
        )
    assert staffed.board.of("ann") == ()


@pytest.mark.parametrize("code", ["not_on_duty", "paused"])
def test_what_somebody_lacks_is_said_by_its_name(office: Office, code: str) -> None:
    office.on_duty("ben")
    chat = office.ask()
    if code == "paused":
        office.on_duty("ann")
        office.shifts.pause("ann")
    with pytest.raises(Refused) as refused:
        office.desk.claim("ann", chat.id)
    assert refused.value.code == code
    office.on_duty("eve", keys=())
    with pytest.raises(Refused) as refused:
        office.desk.claim("eve", chat.id)
    assert refused.value.code == "no_key"
    assert office.desk.claim("ben", chat.id).owner == "ben"


def test_a_pause_is_due_when_a_heavy_chat_ends_and_never_for_another(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    due: list[str] = []
    monkeypatch.setattr(type(staffed.shifts), "heavy_ended", lambda _self, who: due.append(who))
    light, heavy = claimed(staffed, person=b"1"), claimed(staffed, person=b"2")
    staffed.desk.mark_heavy("ann", heavy)
    staffed.desk.close("ann", light)
    staffed.desk.park("ann", heavy)
    staffed.desk.unpark("ann", heavy)
    assert due == []
    staffed.desk.release("ann", heavy)
    assert due == ["ann"]
    staffed.desk.claim("ben", heavy)
    staffed.desk.mark_heavy("ben", heavy)
    staffed.desk.close("ben", heavy)
    assert due == ["ann", "ben"]


def test_a_board_that_cannot_look_now_looks_later(
    staffed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("desk.db", "it is locked", "Try again.")

    with monkeypatch.context() as patch:
        patch.setattr(type(staffed.board), "look", away)
        staffed.desk.look()
        chat_id = claimed(staffed)
    assert staffed.of(chat_id).owner == "ann"
    staffed.desk.look()
    assert [chat.id for chat in staffed.board.of("ann")] == [chat_id]


def test_threads_go_in_one_at_a_time_in_the_order_in_which_they_came() -> None:
    turn, inside, order = InTurn(), [0], list[int]()
    arrived, go_on = [threading.Event() for _ in range(4)], threading.Event()

    def go(number: int) -> None:
        arrived[number].set()
        with turn:
            inside[0] += 1
            assert inside[0] == 1
            order.append(number)
            inside[0] -= 1

    threads = [threading.Thread(target=go, args=(number,), daemon=True) for number in range(4)]
    with turn:
        for number, thread in enumerate(threads):
            thread.start()
            arrived[number].wait(5)
            while len(vars(turn)["_waiting"]) <= number:
                go_on.wait(0.001)
        assert order == []
    for thread in threads:
        thread.join(5)
    assert order == [0, 1, 2, 3]
    with turn, pytest.raises(ZeroDivisionError), InTurn():
        raise ZeroDivisionError
    with turn:
        assert inside == [0]


def test_a_desk_shows_nothing_of_itself(staffed: Office) -> None:
    assert repr(staffed.desk) == "Desk()"
