"""What goes between a person and the desk: who can read it, in which order, and how often."""

import pytest

from bot.handoff.again import sealed_again
from bot.handoff.model import NoSuchChat
from bot.sealing import Context, TooLong, open_for_person
from tests.handoff_words.room import Room, refused

SAID = "Fictional words: is somebody there?"


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


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**53 - 1])
def test_who_asks_for_what_comes_after_any_number_is_given_nothing_and_stops_nobody(
    room: Room, number: int
) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web", mode="device")
    body, wraps = room.say_sealed(chat, SAID)
    chat = room.claim(room.take_sealed(chat, 1, body, wraps), "one")
    chat = room.reply(chat, "one", "I am here.")
    assert room.run(room.messages.replies, chat, number) == ()
    assert room.given(chat, "one", after=number) == ()
    with refused("number"), room.store.group() as group:
        sealed_again(room.messages, group, chat, number, body, wraps, receivers=())
    assert room.read(chat, "one") == [SAID]


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
