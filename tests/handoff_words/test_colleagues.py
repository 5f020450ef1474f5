"""The desk's own side of a chat, and colleagues who take it on."""

import pytest

from bot.handoff.model import NoSuchChat
from bot.sealing import Unopenable, generate
from tests.handoff_words.room import Room, copy_of, refused

SAID = "Fictional words: is somebody there?"


def test_an_operator_who_reloads_sees_what_they_wrote(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.claim(room.ask()[0], "one")
    chat = room.reply(chat, "one", "I am here.", copy=copy_of(room, chat.id, 1, "copied", "one"))
    (mine,) = room.given(chat, "one", copies=True)
    assert room.browsers["one"].read(chat, mine, copy=True) == "copied"
    assert (mine.number, mine.by) == (1, "one")
    assert room.given(chat, "one") == ()


def test_a_copy_is_sealed_to_nobody_else(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.claim(room.ask()[0], "one")
    with refused("receivers"):
        copy = copy_of(room, chat.id, 1, "copied", "one", "two")
        room.reply(chat, "one", "I am here.", copy=copy)
    assert room.run(room.messages.replies, chat) == ()


def test_a_colleague_reads_what_was_wrapped_to_them_at_a_transfer(room: Room) -> None:
    room.on_duty("one", "two", "three")
    chat = room.say(room.claim(room.ask()[0], "one"), SAID)
    one, two = room.browsers["one"], room.browsers["two"]
    (message,) = room.given(chat, "one")
    wraps = {1: one.wrap_anew(chat, message, two.receiver)}
    room.run(room.messages.rewrap, chat, "one", wraps, receivers=[two.receiver])
    with pytest.raises(NoSuchChat):
        room.given(chat, "two")
    chat = room.hand(chat, "two")
    assert room.read(chat, "two") == [SAID]
    assert room.wraps_of(chat) == {two.key}


def test_who_was_wrapped_nothing_sees_that_something_was_written(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.hand(room.say(room.claim(room.ask()[0], "one"), SAID), "two")
    assert [(one.number, one.wrap) for one in room.given(chat, "two")] == [(1, None)]


def test_keys_are_wrapped_by_who_has_the_chat_to_who_may_have_it(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.say(room.claim(room.ask()[0], "one"), SAID)
    two = room.browsers["two"]
    wraps = {1: room.browsers["one"].wrap_anew(chat, room.given(chat, "one")[0], two.receiver)}
    with pytest.raises(NoSuchChat):
        room.run(room.messages.rewrap, chat, "two", wraps, receivers=[two.receiver])
    with refused("receivers"):
        room.run(room.messages.rewrap, chat, "one", wraps, receivers=[])
    with refused("size"):
        clear = {1: {two.key: b"clear"}}
        room.run(room.messages.rewrap, chat, "one", clear, receivers=[two.receiver])
    missing = {7: wraps[1]}
    room.run(room.messages.rewrap, chat, "one", missing, receivers=[two.receiver])
    assert room.wraps_of(chat) == {room.browsers["one"].key}


def test_a_wrap_that_is_there_is_not_replaced(room: Room) -> None:
    room.on_duty("one")
    chat = room.say(room.claim(room.ask()[0], "one"), SAID)
    one = room.browsers["one"]
    other = room.claim(room.say(room.ask()[0], "other"), "one")
    foreign = {1: one.wrap_anew(other, room.given(other, "one")[0], one.receiver)}
    room.run(room.messages.rewrap, chat, "one", foreign, receivers=[one.receiver])
    assert room.read(chat, "one") == [SAID]


def test_a_chat_that_is_cleared_holds_no_message(room: Room) -> None:
    room.on_duty("one")
    chat = room.reply(room.say(room.claim(room.ask()[0], "one"), SAID), "one", "I am here.")
    room.run(room.messages.clear, chat.id)
    assert room.given(chat, "one") == ()
    assert room.run(room.messages.all_replies, chat) == ()
    assert room.wraps_of(chat) == set()


def test_a_message_does_not_open_in_another_place(room: Room) -> None:
    room.on_duty("one")
    chat = room.say(room.say(room.claim(room.ask()[0], "one"), SAID), "second")
    first, second = room.given(chat, "one")
    one = room.browsers["one"]
    swapped = second._replace(number=1)
    for wrong in (swapped, first._replace(wrap=second.wrap), first._replace(number=3)):
        with pytest.raises(Unopenable):
            one.read(chat, wrong)
    with pytest.raises(Unopenable):
        one.read(chat, first, seen=1)
    with pytest.raises(Unopenable):
        one.read(chat, first, copy=True)


def test_older_browsers_are_answered_too(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask(kind="web", mode="device", suite=2)
    chat = room.reply(room.claim(chat, "one"), "one", "I am here.")
    assert room.heard(chat, pair) == ["I am here."]
    with pytest.raises(Unopenable):
        room.heard(chat, generate(2))


def test_nothing_of_a_message_is_in_a_repr(room: Room) -> None:
    room.on_duty("one")
    chat = room.say(room.claim(room.ask(kind="web")[0], "one"), SAID)
    written = room.browsers["one"].write(chat, "I am here.")
    chat = room.run(room.messages.reply, chat, "one", written, room.clock())
    shown = [
        *(room.given(chat, "one"), written, room.run(room.messages.own, chat)),
        *(room.run(room.messages.replies, chat), room.run(room.kept.read, chat.id, "in")),
    ]
    assert not any("sealed" in repr(one) or "body" in repr(one) for one in shown)
