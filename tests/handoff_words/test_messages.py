"""What goes between a person and the desk: who can read it, in which order, and how often."""

from dataclasses import replace as changed

import pytest

from bot.handoff.model import NoSuchChat, Refused
from bot.sealing import Context, TooLong, Unopenable, generate, open_for_person, seal_for_desk
from tests.handoff_words.room import Room, of_copy

SAID = "Fictional words: is somebody there?"


Copied = tuple[bytes, dict[bytes, bytes]]


def refused(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda error: error.code == code)


def test_everyone_on_duty_could_read_who_waits_but_gets_nothing_before_a_claim(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.say(room.ask()[0], SAID)
    assert room.wraps_of(chat) == {room.browsers["one"].key, room.browsers["two"].key}
    for staff in ("one", "two", ""):
        with pytest.raises(NoSuchChat):
            room.given(chat, staff)


def test_after_a_claim_one_reads_and_what_waited_for_others_is_gone(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.claim(room.say(room.ask()[0], SAID), "two")
    assert room.read(chat, "two") == [SAID]
    assert room.wraps_of(chat) == {room.browsers["two"].key}
    with pytest.raises(NoSuchChat):
        room.given(chat, "one")


def test_what_is_written_after_a_claim_is_sealed_to_its_owner_alone(room: Room) -> None:
    room.on_duty("one", "two")
    chat = room.say(room.claim(room.ask()[0], "one"), SAID)
    assert room.wraps_of(chat) == {room.browsers["one"].key}
    assert room.read(chat, "one") == [SAID]


def test_what_nobody_could_read_is_not_taken(room: Room) -> None:
    chat, _ = room.ask()
    with refused("nobody"):
        room.say(chat, SAID)
    assert room.run(room.rows.load, chat.id) == chat


def test_words_come_in_their_order_and_each_once(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    for number in range(12):
        chat = room.say(chat, f"{number}")
    assert room.read(chat, "one") == [f"{number}" for number in range(12)]
    assert [one.number for one in room.given(chat, "one", after=4, most=3)] == [5, 6, 7]


def test_what_is_too_long_leaves_nothing_behind(room: Room) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web")
    with room.store.group() as group:
        to = room.receivers(group, chat)
        for length in (4_094, 4_095, 9_000):
            with pytest.raises(TooLong):
                room.messages.from_person(group, chat, "x" * length, to, room.clock())
        assert room.messages.from_person(group, chat, SAID, to, room.clock()).number_in == 1


def test_a_page_without_javascript_shows_the_persons_own_words_again(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask(kind="web")
    chat = room.say(room.say(chat, SAID), "and more")
    own = room.run(room.messages.own, chat)
    shown = [
        open_for_person(Context(chat.id, "own", one.number), one.sealed, 1, pair.private)
        for one in own
    ]
    # Before each stands how many replies were above it.
    assert shown == [f"0\n{SAID}", "0\nand more"]


def test_no_copy_is_kept_of_what_telegram_keeps_itself(room: Room) -> None:
    room.on_duty("one")
    chat = room.say(room.ask()[0], SAID)
    assert room.run(room.messages.own, chat) == ()


# --- the page that seals for itself


def test_what_a_page_sealed_is_read_by_who_claims(room: Room) -> None:
    room.on_duty("one", "two")
    chat, _ = room.ask(kind="web", mode="device")
    chat = room.take_sealed(chat, 1, *room.say_sealed(chat, SAID))
    assert room.read(room.claim(chat, "one"), "one") == [SAID]


def test_the_same_message_twice_has_one_effect(room: Room) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web", mode="device")
    body, wraps = room.say_sealed(chat, SAID)
    chat = room.take_sealed(chat, 1, body, wraps)
    assert room.take_sealed(chat, 1, body, wraps) == chat
    assert room.read(room.claim(chat, "one"), "one") == [SAID]


def test_another_message_under_a_taken_number_is_refused(room: Room) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web", mode="device")
    chat = room.take_sealed(chat, 1, *room.say_sealed(chat, SAID))
    with refused("number") as caught:
        room.take_sealed(chat, 1, *room.say_sealed(chat, "another", 1))
    assert caught.value.values == {"next": "2"}
    assert room.read(room.claim(chat, "one"), "one") == [SAID]


@pytest.mark.parametrize("number", [0, 3, 2**40])
def test_a_number_that_is_not_the_next_is_refused(room: Room, number: int) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web", mode="device")
    chat = room.take_sealed(chat, 1, *room.say_sealed(chat, SAID))
    body, wraps = room.say_sealed(chat, "another")
    with refused("number"):
        room.take_sealed(chat, number, body, wraps)


@pytest.mark.parametrize(
    "clear", [SAID.encode(), b"", b'{"text": "Fictional words", "encrypted": true}', b"x" * 305]
)
def test_words_in_the_clear_are_refused_where_a_page_seals(room: Room, clear: bytes) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web", mode="device")
    _, wraps = room.say_sealed(chat, SAID)
    with refused("size"):
        room.take_sealed(chat, 1, clear, wraps)
    with refused("sealed"):
        room.say(chat, SAID)
    assert SAID.encode() not in room.bytes_on_disk()


def test_a_message_must_be_sealed_to_exactly_those_who_may_read_it(room: Room) -> None:
    room.on_duty("one", "two")
    chat, _ = room.ask(kind="web", mode="device")
    body, wraps = room.say_sealed(chat, SAID)
    only = {room.browsers["one"].key: wraps[room.browsers["one"].key]}
    stranger = wraps | {b"stranger": wraps[room.browsers["one"].key]}
    for some in (only, stranger):
        with refused("receivers"):
            room.take_sealed(chat, 1, body, some)
    held = room.claim(chat, "one")
    with refused("receivers"):
        room.take_sealed(held, 1, body, wraps)
    assert room.wraps_of(chat) == set()


def test_the_door_does_not_take_what_a_page_sealed_for_a_chat_that_is_not_sealed(
    room: Room,
) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web")
    with refused("door"):
        room.take_sealed(chat, 1, *room.say_sealed(chat, SAID))


# --- replies


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


# --- the desk's own side, and colleagues


def copy_of(room: Room, chat_id: bytes, number: int, text: str, *staff: str) -> Copied:
    to = [room.browsers[one].receiver for one in staff]
    made = seal_for_desk(of_copy(chat_id, number), text, to)
    return made.body, dict(made.wraps)


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
