"""What somebody finds who takes the machine, with or without the operators' devices."""

from itertools import product

import pytest

from bot.handoff.message_model import ForDesk
from bot.handoff.message_rows import Way
from bot.handoff.rows import Unreadable
from bot.sealing import (
    Context,
    SealingError,
    open_at_desk,
    open_for_person,
    seal_for_desk,
)
from bot.vault import NoKey, Unopenable
from tests.handoff_words.room import HOUR, Room

WAYS: tuple[Way, ...] = ("in", "out", "own", "copy")
SAID = "Fictional canary wqzkfjxnvbtr"
ANSWERED = "Fictional answer hgmcldwypqsk"


def a_day_of_chats(room: Room) -> list[bytes]:
    """One that waits, one that is claimed and answered, one whose page seals; their ids."""
    room.on_duty("one", "two")
    waiting = room.say(room.ask(kind="web")[0], SAID)
    claimed = room.claim(room.say(room.ask(kind="web")[0], SAID), "one")
    room.reply(claimed, "one", ANSWERED)
    sealed, _ = room.ask(kind="web", mode="device")
    sealed = room.take_sealed(sealed, 1, *room.say_sealed(sealed, SAID))
    telegram = room.say(room.ask()[0], SAID)
    return [waiting.id, claimed.id, sealed.id, telegram.id]


def test_the_disk_shows_no_word_and_no_address(room: Room) -> None:
    a_day_of_chats(room)
    disk = room.bytes_on_disk()
    for canary in (SAID, ANSWERED, "wqzkfjxnvbtr", "700000001"):
        for encoding in ("utf-8", "utf-16-le"):
            assert canary.encode(encoding) not in disk


def test_the_server_with_all_its_keys_opens_no_word_of_a_web_chat(room: Room) -> None:
    ids = a_day_of_chats(room)
    # All that the server has: every chat, every message, every wrap, every secret of its own.
    with room.store.group() as group:
        chats = {chat_id: room.rows.load(group, chat_id) for chat_id in ids}
        wraps = group.ask("SELECT chat, number, key, wrapped FROM wrap", ())
        kept = {
            (chat_id, way): room.kept.read(group, chat_id, way)
            for chat_id, way in product(ids, WAYS)
        }
    held = b"".join(
        [one.body for messages in kept.values() for one in messages]
        + [wrapped for *_, wrapped in wraps]
    )
    assert SAID.encode() not in held
    secrets = [chat.door for chat in chats.values() if chat is not None and chat.door]
    assert [chat.door for chat in chats.values() if chat and chat.kind == "web"] == [b""] * 3
    tries = 0
    for chat_id, number, _, wrapped in wraps:
        (body,) = [one.body for one in kept[chat_id, "in"] if one.number == number]
        for private in secrets:
            tries += 1
            with pytest.raises(SealingError):
                open_at_desk(Context(chat_id, "in", number), body, wrapped, 1, private)
    assert tries == 7


def test_what_waited_for_others_is_in_no_table_after_a_claim(room: Room) -> None:
    a_day_of_chats(room)
    with room.store.group() as group:
        rows = group.ask("SELECT chat, count(DISTINCT key) FROM wrap GROUP BY chat", ())
    assert sorted(count for _, count in rows) == [1, 2, 2, 2]


def test_after_81_hours_every_private_key_of_every_operator_opens_nothing(room: Room) -> None:
    ids = a_day_of_chats(room)
    with room.store.group() as group:
        messages = group.ask("SELECT chat, direction, number, epoch, sealed FROM message", ())
        wraps = group.ask("SELECT chat, number, wrapped FROM wrap", ())
    room.clock.now += 81 * HOUR
    room.ring.destroy_expired()
    assert len(messages) == 7
    for chat_id, direction, number, epoch, sealed in messages:
        place = chat_id + bytes((direction,))
        with pytest.raises((Unopenable, NoKey)):
            room.vault.open("message", place, epoch, number, b"", sealed)
    # The older backup as it is, with the operators' devices: wraps open, and there is no body.
    opened = 0
    for chat_id, _number, wrapped in wraps:
        for browser in room.browsers.values():
            for _, _, other, _, sealed in messages:
                try:
                    where = Context(chat_id, "in", other)
                    open_at_desk(where, sealed, wrapped, 1, browser.shift.private[1])
                except SealingError:
                    continue
                opened += 1
    assert opened == 0
    for chat_id in ids:
        with pytest.raises(Unreadable):
            room.run(room.rows.load, chat_id)


def test_rows_of_a_day_whose_keys_are_gone_are_swept(room: Room) -> None:
    a_day_of_chats(room)
    room.clock.now += 81 * HOUR
    room.ring.destroy_expired()
    room.run(room.rows.sweep, room.ring.live())
    for table in ("message", "wrap", "chat", "code"):
        assert room.run(lambda group, t=table: group.ask(f"SELECT count(*) FROM {t}", ())) == [(0,)]


def test_no_backup_holds_a_chat(room: Room) -> None:
    ids = a_day_of_chats(room)
    to = room.place / "backup.db"
    room.store.backup(to)
    assert [chat_id for chat_id in ids if chat_id in to.read_bytes()] == []


def test_a_message_that_was_moved_to_another_row_is_left_out(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.say(room.say(room.ask()[0], SAID), "second"), "one")
    room.run(lambda group: group.run("DELETE FROM message WHERE number = 1", [()]))
    room.run(lambda group: group.run("UPDATE message SET number = 1", [()]))
    assert room.given(chat, "one") == ()


def test_a_body_that_opens_under_two_keys_is_refused(room: Room) -> None:
    room.on_duty("one", "two")
    chat, _ = room.ask()
    to = [browser.receiver for browser in room.browsers.values()]
    first = seal_for_desk(Context(chat.id, "in", 1), SAID, to)
    second = seal_for_desk(Context(chat.id, "in", 1), "another text", to)
    one = room.browsers["one"]
    mixed = ForDesk(1, first.body, None)
    with pytest.raises(SealingError):
        open_at_desk(
            Context(chat.id, "in", 1), mixed.body, second.wraps[one.key], 1, one.shift.private[1]
        )


def test_a_reply_does_not_open_for_another_person(room: Room) -> None:
    room.on_duty("one")
    mine, pair = room.ask(kind="web")
    theirs, other = room.ask(kind="web")
    mine = room.reply(room.claim(mine, "one"), "one", ANSWERED)
    (reply,) = room.run(room.messages.replies, mine)
    assert open_for_person(Context(mine.id, "out", 1), reply.sealed, 1, pair.private) == ANSWERED
    for context, key in (
        (Context(mine.id, "out", 1), other.private),
        (Context(theirs.id, "out", 1), pair.private),
        (Context(mine.id, "own", 1), pair.private),
        (Context(mine.id, "out", 2), pair.private),
    ):
        with pytest.raises(SealingError):
            open_for_person(context, reply.sealed, 1, key)
