"""A note to a colleague, and the call for help: read once, by one."""

from typing import Any

import pytest

from bot.handoff.notes import MOST, MOST_EACH, Note, Sent
from bot.sealing import Context, open_at_desk, seal_for_desk
from tests.handoff_words.room import HOUR, Room, refused

CHAT = bytes(16)


@pytest.fixture
def desk(room: Room) -> Room:
    room.on_duty("one", "two", "lead")
    return room


def sealed(room: Room, text: str, *readers: str, **more: Any) -> Sent:
    to = [room.browsers[one].receiver for one in readers]
    made = seal_for_desk(Context(CHAT, "note", 1), text, to)
    asked = {"kind": "note", "writer": "one", "who": "One", "chat": CHAT} | more
    return Sent(**asked, body=made.body, wraps=made.wraps)


def send(room: Room, sent: Sent, reader: str) -> bytes:
    to = [room.browsers[reader].receiver]
    note: bytes = room.run(room.notes.send, sent, reader, to, room.clock())
    return note


def opened(room: Room, note: Note, reader: str) -> str:
    browser = room.browsers[reader]
    where = Context(CHAT, "note", 1)
    return open_at_desk(where, note.body, note.wraps[browser.key], 1, browser.shift.private[1])


def test_a_note_is_read_by_its_reader_and_is_gone(desk: Room) -> None:
    sent = sealed(desk, "Could you take this one?", "two")
    note_id = send(desk, sent, "two")
    (note,) = desk.run(desk.notes.of, "two")
    assert (note.id, note.writer, note.who, note.kind) == (note_id, "one", "One", "note")
    assert opened(desk, note, "two") == "Could you take this one?"
    assert desk.run(desk.notes.of, "lead") == ()
    desk.run(desk.notes.read, "two", note_id)
    assert desk.run(desk.notes.of, "two") == ()


def test_nobody_ticks_off_anothers_note(desk: Room) -> None:
    note_id = send(desk, sealed(desk, "For two.", "two"), "two")
    for reader, which in (("one", note_id), ("two", b"unknown")):
        with refused("no_such_note"):
            desk.run(desk.notes.read, reader, which)
    assert len(desk.run(desk.notes.of, "two")) == 1


def test_a_reader_is_given_the_wraps_for_their_own_keys_alone(desk: Room) -> None:
    send(desk, sealed(desk, "For both.", "two", "lead"), "two")
    (note,) = desk.run(desk.notes.of, "two")
    assert set(note.wraps) == {desk.browsers["two"].key}


def test_help_can_be_called_for_without_a_word(desk: Room) -> None:
    send(desk, Sent("help", "one", "One"), "lead")
    (note,) = desk.run(desk.notes.of, "lead")
    assert (note.kind, note.who, note.body, note.wraps) == ("help", "One", b"", {})


def test_a_note_in_the_clear_is_refused(desk: Room) -> None:
    good = sealed(desk, "x", "two")
    for wrong in (
        Sent("note", "one", "One", body=b"clear", wraps=good.wraps),
        Sent("note", "one", "One", body=good.body, wraps={desk.browsers["two"].key: b"clear"}),
        Sent("help", "one", "One", body=b"clear"),
        Sent("note", "one", "One"),
    ):
        with refused("size"):
            send(desk, wrong, "two")


def test_a_note_that_its_reader_could_not_open_is_refused(desk: Room) -> None:
    with refused("receivers"):
        send(desk, sealed(desk, "For the lead.", "lead"), "two")


def test_notes_come_in_their_order_and_not_without_end(desk: Room) -> None:
    for number in range(MOST):
        desk.clock.now += 1
        writer = f"writer-{number % 9}"
        send(desk, sealed(desk, f"{number}", "two", writer=writer), "two")
    notes = desk.run(desk.notes.of, "two")
    assert [opened(desk, note, "two") for note in notes[:3]] == ["0", "1", "2"]
    with refused("too_many"):
        send(desk, sealed(desk, "one more", "two"), "two")


def test_one_writer_keeps_out_nobody_elses_call_for_help(desk: Room) -> None:
    for number in range(MOST_EACH):
        send(desk, sealed(desk, f"{number}", "lead"), "lead")
    with refused("too_many"):
        send(desk, sealed(desk, "one more", "lead"), "lead")
    send(desk, Sent("help", "two", "Two"), "lead")
    assert len(desk.run(desk.notes.of, "lead")) == MOST_EACH + 1


def test_a_note_dies_with_the_keys_of_its_day(desk: Room) -> None:
    send(desk, sealed(desk, "Could you take this one?", "two"), "two")
    desk.clock.now += 81 * HOUR
    desk.ring.destroy_expired()
    assert desk.run(desk.notes.of, "two") == ()
    desk.run(desk.rows.sweep, desk.ring.live())
    assert desk.run(lambda group: group.ask("SELECT count(*) FROM staff_note", ())) == [(0,)]


def test_a_note_says_nothing_of_itself() -> None:
    assert repr(Note(kind="note", writer="one", who="One", at=0.0, body=b"x")) == "Note()"


def test_a_note_that_somebody_put_under_another_name_opens_for_nobody(desk: Room) -> None:
    send(desk, sealed(desk, "For two.", "two"), "two")
    for reader in ("lead", "two"):
        desk.run(lambda group, to=reader: group.run("UPDATE staff_note SET reader = ?", [(to,)]))
        there = [desk.run(desk.notes.of, one) for one in ("lead", "two")]
        assert [len(one) for one in there] == [0, int(reader == "two")]
