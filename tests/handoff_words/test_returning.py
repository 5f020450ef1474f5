"""A person who comes back from elsewhere finds their chat, and what they had not read."""

from bot.sealing import Context, open_for_person
from tests.handoff_words.room import Room


def test_a_code_moves_the_chat_to_where_the_person_is_now(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    code = room.run(room.codes.new, chat)
    came = room.run(room.codes.find, " ".join(code), b"elsewhere").chat
    moved, pair = room.come_back(came, "terminal")
    assert (moved.owner, moved.asked, moved.kind) == ("one", chat.asked, "terminal")
    assert (chat.back, moved.back) == (0.0, room.clock())  # staff are told: anybody may hold words
    assert moved.address.person == b"elsewhere"
    assert room.heard(room.reply(moved, "one", "Welcome back."), pair) == ["Welcome back."]
    assert room.run(room.rows.load, chat.id).address.person == b"elsewhere"


def test_unread_replies_of_a_telegram_chat_are_handed_on_in_order(room: Room) -> None:
    room.on_duty("one")
    chat = room.claim(room.ask()[0], "one")
    for text in ("read", "not read", "nor this"):
        chat = room.reply(chat, "one", text)
    chat = room.run(room.messages.ack, chat, 1)
    moved, pair = room.come_back(chat, "web")
    assert room.heard(moved, pair) == ["not read", "nor this"]
    assert room.unread(moved) == ()


def test_what_was_sealed_to_a_browser_is_said_again_by_the_operators_page(room: Room) -> None:
    room.on_duty("one")
    chat, first = room.ask(kind="web", mode="device")
    chat = room.claim(chat, "one")
    for text in ("read", "not read"):
        chat = room.reply(chat, "one", text)
    chat = room.run(room.messages.ack, chat, 1)
    assert room.heard(chat, first) == ["not read"]
    moved, pair = room.come_back(chat, "telegram")
    assert room.unread(moved) == (2,)
    assert room.heard(moved, pair) == []
    moved = room.reply(moved, "one", "not read", instead=2)
    assert room.unread(moved) == ()
    assert room.heard(moved, pair) == ["not read"]


def test_what_the_door_could_open_is_not_resealed_for_a_page_that_checks_who_signed(
    room: Room,
) -> None:
    room.on_duty("one")
    chat = room.reply(room.claim(room.ask()[0], "one"), "one", "not read")
    moved, _ = room.come_back(chat, "web", mode="device")
    assert room.run(room.messages.replies, moved) == ()
    assert room.unread(moved) == (1,)


def test_a_reply_that_was_read_is_not_taken_away_by_one_that_names_it(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask(kind="web")
    chat = room.reply(room.claim(chat, "one"), "one", "first")
    chat = room.reply(chat, "one", "second", instead=1)
    assert room.heard(chat, pair) == ["first", "second"]


def test_words_that_were_kept_for_the_old_page_go_with_its_key(room: Room) -> None:
    room.on_duty("one")
    chat = room.say(room.ask(kind="web")[0], "Fictional words")
    moved, pair = room.come_back(chat, "web")
    assert room.run(room.messages.own, moved) == ()
    moved = room.say(moved, "New words")
    (own,) = room.run(room.messages.own, moved)
    where = Context(chat.id, "own", own.number)
    assert open_for_person(where, own.sealed, 1, pair.private) == "0\nNew words"
    assert [one.number for one in room.given(room.claim(moved, "one"), "one")] == [1, 2]


def test_the_same_key_in_another_place_keeps_everything(room: Room) -> None:
    room.on_duty("one")
    chat, pair = room.ask(kind="web")
    chat = room.reply(room.claim(room.say(chat, "mine"), "one"), "one", "yours")
    moved, _ = room.come_back(chat, "web")
    back, _ = room.come_back(moved, "web")
    assert room.heard(back, pair) == []
    assert room.unread(back) == (1,)


def test_a_reply_that_nobody_saw_is_said_again_though_the_new_page_is_further(room: Room) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web", mode="device")
    chat = room.reply(room.claim(chat, "one"), "one", "not read")
    moved, pair = room.come_back(chat, "web", mode="device")
    # A page that is opened anew goes on from the last number there is, and says so at once.
    moved = room.run(room.messages.ack, moved, 1)
    assert room.unread(moved) == (1,)
    moved = room.reply(moved, "one", "newer")
    moved = room.run(room.messages.ack, moved, 2)
    moved = room.reply(moved, "one", "not read", instead=1)
    assert room.unread(moved) == ()
    assert room.heard(moved, pair) == ["not read"]


def test_what_a_page_without_script_has_shown_is_not_said_again_elsewhere(room: Room) -> None:
    room.on_duty("one")
    chat, _ = room.ask(kind="web")
    for text in ("read", "not read"):
        chat = room.reply(room.claim(chat, "one") if not chat.owner else chat, "one", text)
    chat = room.run(room.messages.ack, chat, 1)
    moved, _ = room.come_back(chat, "web")
    assert room.unread(moved) == (2,)
