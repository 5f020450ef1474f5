"""The board is what the table is, in every process, and two thousand who wait are nothing to it."""

from pathlib import Path

import pytest

from bot.handoff.board import Board
from bot.handoff.model import Changed, NoSuchChat, TakenAlready
from tests.handoff_desk.office import Office, an_office, asking


def test_two_processes_at_one_file_see_the_same(tmp_path: Path) -> None:
    with an_office(tmp_path) as here, an_office(tmp_path, clock=here.clock) as there:
        here.on_duty("ann")
        there.shifts.look()
        chat = here.ask()
        there.desk.look()
        assert there.board.queue() == (chat,)
        taken = there.desk.claim("ann", chat.id)
        assert here.board.get(chat.id) == chat
        here.desk.look()
        assert here.board.of("ann") == (taken,)
        there.turn(there.chats.leave, chat.id, "erased", 0.0)
        here.desk.look()
        assert here.board.picture.chats == {}
        assert [change.kind for change in here.heard] == ["asked", "claimed", "gone"]
        assert [change.kind for change in there.heard] == ["asked", "claimed", "gone"]


def test_a_board_that_starts_knows_all_who_live_and_announces_nothing(office: Office) -> None:
    office.on_duty("ann")
    ended, lives = office.ask(), office.ask()
    office.turn(office.chats.leave, ended.id, "by_person", 0.0)
    office.desk.claim("ann", lives.id)
    board = Board(office.store, office.rows)
    heard: list[object] = []
    board.listeners.append(heard.append)
    board.look()
    assert board.picture == office.board.picture
    assert heard == []


def test_a_listener_that_fails_keeps_no_other_from_hearing(office: Office) -> None:
    def fails(_: Changed) -> None:
        raise OSError

    office.board.listeners.insert(0, fails)
    chat = office.ask()
    assert [change.chat_id for change in office.heard] == [chat.id]


def test_changes_are_said_by_what_they_are(office: Office) -> None:
    office.on_duty("ann", "ben")
    chat = office.ask()
    office.later(1)
    office.desk.claim("ann", chat.id)
    office.desk.transfer("ann", chat.id, "ben", warm=True)
    office.turn(office.chats.answer_transfer, chat.id, yes=True, now=office.clock())
    office.desk.accept_transfer("ben", chat.id)
    office.desk.leave_warm("ann", chat.id)
    office.desk.mark_heavy("ben", chat.id)
    office.desk.close("ben", chat.id)
    assert [(change.kind, change.news) for change in office.heard] == [
        *(("asked", False), ("offered", False), ("claimed", True), ("transfer", True)),
        *(("transfer", False), ("helper", True), ("owner", True), ("other", False)),
        ("closed", True),
    ]


def test_the_longest_wait_is_known_by_language(office: Office) -> None:
    first = office.ask("ru")
    office.later(60)
    office.ask("uk", severity=2)
    office.later(60)
    office.ask("ru", severity=2)
    assert office.board.longest() == {"ru": (2, first.asked), "uk": (1, first.asked + 60)}


def test_two_thousand_who_wait_are_shown_in_order_and_followed(office: Office) -> None:
    office.on_duty("ann", "ben")
    with office.store.group() as group:
        for number in range(2_000):
            severity = 2 if number % 7 == 0 else number % 2
            asked = asking(severity=severity)
            office.chats.ask(group, asked, office.clock() - number)
    office.desk.look()
    queue = office.board.queue()
    assert len(queue) == 2_000
    assert [(chat.severity, chat.asked) for chat in queue] == sorted(
        ((chat.severity, chat.asked) for chat in queue), key=lambda one: (-one[0], one[1])
    )
    assert office.board.place_of(queue[-1]) == 2_000
    duty = office.shifts.of("ann")
    assert duty is not None
    assert office.board.queue(duty, 60) == queue[:60]
    office.desk.claim("ann", queue[-1].id)
    assert len(office.board.queue()) == 1_999
    back = office.desk.release("ann", queue[-1].id)
    assert office.board.place_of(back) == 2_000


def test_a_board_that_has_not_looked_yet_gives_a_chat_to_nobody_a_second_time(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path) as here, an_office(tmp_path, clock=here.clock) as there:
        here.on_duty("ann", "ben")
        there.shifts.look()
        chat = here.ask()
        there.desk.look()
        here.desk.claim("ann", chat.id)
        assert there.board.queue() == (chat,)
        with pytest.raises(TakenAlready):
            there.desk.claim("ben", chat.id)
        assert here.of(chat.id).owner == "ann"


def test_a_row_that_was_changed_behind_the_program_leaves_the_board_and_hides_no_other(
    office: Office,
) -> None:
    office.on_duty("ann")
    broken, whole = office.ask(), office.ask()
    with office.store.group() as group:
        group.run("UPDATE chat SET version = version + 100 WHERE id = ?", [(broken.id,)])
        group.run("UPDATE chat_clock SET version = version + 200", [()])
    third = office.ask()
    assert {chat.id for chat in office.board.queue()} == {whole.id, third.id}
    assert office.heard[-2].kind == "gone"
    with pytest.raises(NoSuchChat):
        office.desk.claim("ann", broken.id)
