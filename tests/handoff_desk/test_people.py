"""What a person's own turn does at the desk, and what lies there of them: nothing that reads."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.handoff import moves
from bot.handoff.model import Chat
from bot.handoff.rows import Unreadable
from bot.storage import Group, Store, StoreError
from tests.canary import find
from tests.handoff_desk.office import Office, an_office, asking

PLACE, NEED, SECRET = "UA-marigoldwren", "need-heronlarch", b"doorkeyofaperson"


@pytest.mark.parametrize("ending", ["by_person", "left"])
@pytest.mark.parametrize("claimed", [False, True])
def test_a_person_may_go_at_any_time_and_is_not_told_so(
    office: Office, ending: str, claimed: bool
) -> None:
    office.on_duty("ann")
    chat = office.ask()
    if claimed:
        chat = office.desk.claim("ann", chat.id)
    for _ in range(2):  # done already is done
        office.turn(office.chats.leave, chat.id, ending, office.clock())
    over = office.of(chat.id)
    assert (over.state, over.ending, over.news) == ("closed", ending, chat.news)
    assert office.board.get(chat.id) is None
    assert office.heard[-1].kind == "closed"


def test_erased_is_gone_at_once_with_all_that_belongs_to_it(office: Office) -> None:
    chat, other = office.ask(), office.ask()
    with office.store.group() as group:
        for one in (chat, other):
            group.run("INSERT INTO message VALUES (?, 1, 1, 1, ?)", [(one.id, b"0")])
            group.run("INSERT INTO wrap VALUES (?, 1, 1, ?, 1, ?)", [(one.id, b"1", b"0")])
            group.run("INSERT INTO code VALUES (?, ?, 1, ?)", [(one.id, one.id, b"")])
    office.turn(office.chats.leave, chat.id, "erased", office.clock())
    with office.store.group() as group:
        for table, column in (
            ("chat", "id"),
            ("message", "chat"),
            ("wrap", "chat"),
            ("code", "chat"),
        ):
            left = group.ask(f"SELECT {column} FROM {table}", ())
            assert left == [(other.id,)], table
    gone = office.heard[-1]
    assert (gone.kind, gone.now, gone.was) == ("gone", None, chat)
    assert tuple(office.board.picture.chats) == (other.id,)


def test_erasing_the_newest_chat_hides_no_later_change(office: Office) -> None:
    stays, goes = office.ask(), office.ask()
    office.turn(office.chats.leave, goes.id, "erased", office.clock())
    office.on_duty("ann")
    office.desk.claim("ann", stays.id)
    assert office.heard[-1].kind == "claimed"


def test_what_a_turn_did_is_undone_with_the_turn(office: Office) -> None:
    def fails(group: Group) -> None:
        office.chats.ask(group, asking(), office.clock())
        group.run("INSERT INTO chat_clock VALUES (1, 0, 0)", [()])

    with pytest.raises(StoreError):
        office.turn(fails)
    office.desk.look()
    assert office.board.queue() == ()
    assert office.heard == []


def test_a_place_in_line_is_right_in_the_very_turn_that_asks(office: Office) -> None:
    office.ask()
    office.ask("ru")
    office.ask(severity=2)
    office.later(1)
    places = []
    for severity in (0, 1, 2):
        with office.store.group() as group:
            chat = office.chats.ask(group, asking(severity=severity), office.clock())
            places.append(office.board.place_of(chat))
        office.desk.look()
        office.turn(office.chats.leave, chat.id, "erased", office.clock())
    assert places == [3, 2, 2]


def test_the_files_show_nothing_of_a_chat_but_that_it_is_there(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        office.on_duty("ann")
        chat = office.ask(place=PLACE, need=NEED, door=SECRET, person=b"person-7000000123")
        office.desk.claim("ann", chat.id)
        office.change(chat.id, moves.said)
        found = find([tmp_path / "data"], [PLACE, NEED, SECRET, b"person-7000000123"])
        assert found == []
        with closing(sqlite3.connect(tmp_path / "data" / "quietline.db")) as looked:
            rows = looked.execute("SELECT * FROM chat").fetchall()
        assert len(rows) == 1
        assert rows[0][:4] == (chat.id, office.of(chat.id).version, 1, office.ring.today())
        assert len(rows[0][4]) in {512 + 93, 1024 + 93}


def test_nothing_of_a_chat_is_in_a_backup(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        office.on_duty("ann")
        office.desk.claim("ann", office.ask().id)
        office.store.backup(tmp_path / "data" / "copy.db")
    copy = Store.open(tmp_path / "data" / "copy.db")
    with copy.group() as group:
        assert office.rows.ids(group) == frozenset()
    copy.close()


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ("UPDATE chat SET version = version + 1, sealed = sealed", ()),
        ("UPDATE chat SET living = 0", ()),
        ("UPDATE chat SET sealed = ?", (bytes(605),)),
        ("UPDATE chat SET epoch = epoch - 1", ()),
    ],
)
def test_a_row_that_somebody_changed_in_the_file_is_not_believed(
    office: Office, change: str, values: tuple[bytes, ...]
) -> None:
    chat = office.ask()
    with office.store.group() as group:
        group.run(change, [values])
    with pytest.raises(Unreadable), office.store.group() as group:
        office.rows.load(group, chat.id)


def test_two_rows_that_were_swapped_in_the_file_are_not_believed(office: Office) -> None:
    one, other = office.ask(), office.ask()
    with office.store.group() as group:
        group.run("UPDATE chat SET id = ? WHERE id = ?", [(os.urandom(16), one.id)])
        group.run("UPDATE chat SET id = ? WHERE id = ?", [(one.id, other.id)])
    with pytest.raises(Unreadable), office.store.group() as group:
        office.rows.load(group, one.id)


@pytest.mark.parametrize("show", [repr, str, "{}".format])
def test_a_chat_shows_nothing_of_itself(office: Office, show: Callable[[object], str]) -> None:
    chat = office.ask(place=PLACE, need=NEED, door=SECRET)
    office.desk.look()
    shown = show(chat) + show(office.heard[-1]) + show(office.board.picture) + show(office.desk)
    assert show(asking(door=SECRET)).count("doorkey") == 0
    for word in (PLACE, NEED, "doorkey", chat.name, chat.id.hex(), repr(chat.id)):
        assert word not in shown


def test_every_field_of_a_chat_comes_back_as_it_was_kept(office: Office) -> None:
    chat: Chat = office.ask(
        place=PLACE, need=NEED, skills=("child", "woman"), severity=1, door=SECRET, mode="device"
    )
    assert office.of(chat.id) == chat
    assert office.board.get(chat.id) == chat
