"""What the desk answers: signed, once, to the key that the person has now."""

from dataclasses import replace as changed

import pytest

from bot.handoff.model import NoSuchChat
from tests.handoff_words.room import Room, copy_of, refused

SAID = "Fictional words: is somebody there?"


def test_a_reply_reaches_the_person(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask()
    chat = room.reply(room.claim(chat, "one"), "one", "I am here.")
    assert room.heard(chat, pair) == ["I am here."]


def test_the_same_reply_twice_is_one_and_another_under_its_number_is_refused(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask()
    chat = room.claim(chat, "one")
    written = room.browsers["one"].write(chat, "I am here.")
    chat = room.run(room.messages.reply, chat, "one", written, room.clock())
    assert room.run(room.messages.reply, chat, "one", written, room.clock()) == chat
    with refused("number"):
        room.reply(chat, "one", "Something else.", number=1)
    assert room.heard(chat, pair) == ["I am here."]


@pytest.mark.parametrize("kind", ["telegram", "web"])
def test_a_reply_that_is_handed_in_again_after_the_person_has_it_is_still_one(
    room: Room, kind: str
) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind=kind, mode="door" if kind == "telegram" else "device")
    chat = room.claim(chat, "one")
    copy = copy_of(room, chat.id, 1, "I am here.", "one")
    written = room.browsers["one"].write(chat, "I am here.", copy=copy)
    chat = room.run(room.messages.reply, chat, "one", written, room.clock())
    chat = room.run(room.messages.ack, chat, 1)
    assert room.run(room.messages.replies, chat) == ()
    assert room.run(room.messages.reply, chat, "one", written, room.clock()) == chat
    other = copy_of(room, chat.id, 1, "Something else.", "one")
    with refused("number"):
        room.reply(chat, "one", "Something else.", number=1, copy=other)
    with refused("number"):
        room.reply(chat, "one", "I am here.", number=1)


def test_only_who_has_the_chat_replies(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.claim(room.ask()[0], "one")
    with pytest.raises(NoSuchChat):
        room.reply(chat, "two", "Not mine.")


def test_a_reply_that_its_writers_device_did_not_sign_is_refused(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.claim(room.ask()[0], "one")
    good = room.browsers["one"].write(chat, "I am here.")
    others = room.browsers["two"].write(chat, "I am here.")
    wrong = (
        changed(good, signature=bytes(128)),
        changed(good, signature=good.signature[:-1] + b"\0"),
        changed(good, signer=b"unknown!"),
        changed(good, signer=others.signer),
        others,
    )
    for one in wrong:
        with refused("signature"):
            room.run(room.messages.reply, chat, "one", one, room.clock())
    assert room.run(room.messages.replies, chat) == ()


def test_a_reply_to_a_key_that_the_person_has_no_more_is_refused(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    written = room.browsers["one"].write(chat, "I am here.")
    moved, pair = room.come_back(chat, "telegram")
    with refused("person_changed"):
        room.run(room.messages.reply, moved, "one", written, room.clock())
    assert room.heard(room.reply(moved, "one", "I am here."), pair) == ["I am here."]


def test_a_reply_in_the_clear_is_refused(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    clear = changed(room.browsers["one"].write(chat, "x"), sealed=b"I am here.")
    with refused("size"):
        room.run(room.messages.reply, chat, "one", clear, room.clock())


def test_nothing_goes_either_way_after_the_end(room: Room) -> None:
    room.on_duty("one")
    chat = room.end(room.claim(room.ask()[0], "one"))
    with refused("not_now"):
        room.say(chat, SAID)
    with refused("not_now"):
        room.reply(chat, "one", "Too late.")


def test_replies_that_were_shown_are_freed(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    for text in ("one", "two", "three"):
        chat = room.reply(chat, "one", text)
    chat = room.run(room.messages.ack, chat, 2)
    assert chat.acked == 2
    assert [one.number for one in room.run(room.messages.all_replies, chat)] == [3]
    assert room.run(room.messages.ack, chat, 1) == chat
    assert room.run(room.messages.ack, chat, 99).acked == 3


def test_a_page_without_javascript_keeps_its_replies_to_show_them_again(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask(kind="web")
    chat = room.reply(room.claim(chat, "one"), "one", "I am here.")
    chat = room.run(room.messages.ack, chat, 1)
    assert room.heard(chat, pair) == ["I am here."]


def test_a_reply_can_still_be_ticked_off_after_the_end(room: Room) -> None:
    room.on_duty("one")
    chat = room.end(room.reply(room.claim(room.ask()[0], "one"), "one", "Goodbye."))
    assert room.run(room.messages.ack, chat, 1) == chat
    assert room.run(room.messages.all_replies, chat) == ()
