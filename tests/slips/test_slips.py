"""A slip is good once, for two weeks at least, and a wrong one tells nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import bindparam, update

from bot.slips import SAID
from bot.slips.keys import destroy_all
from bot.slips.pace import MOST_ALL, MOST_EACH, guesses
from bot.slips.tables import slip
from bot.storage.statements import statement
from tests.slips.room import HERE, MONDAY, THERE, WORD_LISTS, Room

WRONG = "acorn almond anise apple apricot"


@pytest.mark.parametrize("said", SAID)
def test_a_service_answers_once_and_it_counts_once(either: Room, said: str) -> None:
    room = either
    words = room.take()
    assert room.look(words).listing == "harbour-house"
    assert room.look(words.upper()).outcome == "good"
    assert room.say(said, words).outcome == "good"
    assert room.say(said, words).outcome == room.look(words).outcome == "unknown"
    assert room.counted == [said]
    assert room.rows() == []


@pytest.mark.parametrize("language", sorted(WORD_LISTS))
def test_words_are_of_the_persons_language_and_any_service_can_type_them(
    room: Room, language: str
) -> None:
    words = room.take(language=language)
    assert set(words.split()) <= set(WORD_LISTS[language].words)
    assert room.look(words).outcome == "good"


def test_of_many_who_answer_at_the_same_moment_one_does(either: Room) -> None:
    room = either
    words = room.take()
    stores = [room.another_store() for _ in range(2)]
    desks = [room.another(store) for store in stores for _ in range(4)]
    gate = threading.Barrier(len(desks))

    def answer(number: int) -> str:
        gate.wait()
        return room.say("arrived", words, b"%d" % number, desks[number]).outcome

    with ThreadPoolExecutor(len(desks)) as pool:
        outcomes = list(pool.map(answer, range(len(desks))))
    for store in stores:
        store.close()
    assert sorted(outcomes) == ["good", *["unknown"] * 7]
    assert room.counted == ["arrived"]


@pytest.mark.parametrize("weekday", range(7))
def test_a_slip_is_good_for_two_weeks_and_void_after_three(room: Room, weekday: int) -> None:
    room.day = MONDAY + weekday
    words = room.take()
    room.day += 14
    room.slips.sweep()
    assert room.look(words).outcome == "good"
    room.day = MONDAY + 21
    assert room.look(words).outcome == "unknown"
    assert room.slips.sweep() == 1
    assert room.rows() == []


def test_the_key_of_a_week_is_destroyed_when_its_slips_are_void(room: Room) -> None:
    room.take()
    (file,) = (room.folder / "signing").glob("slip-2*")
    old = file.read_bytes()
    room.day = MONDAY + 21
    room.slips.sweep()
    assert file.exists()  # a clock may be a day ahead: a week is spared
    room.day = MONDAY + 28
    room.take()
    room.slips.sweep()
    assert not file.exists()
    assert all(old not in one.read_bytes() for one in (room.folder / "signing").iterdir())
    assert len(room.slips.keys.live()) == 1


def test_a_clock_that_is_two_days_wrong_loses_no_slip(room: Room) -> None:
    words = room.take()
    room.day = MONDAY + 20 + 2
    room.slips.keys.destroy_due()
    room.day = MONDAY + 20
    assert room.look(words).outcome == "good"


def test_after_everything_was_destroyed_no_slip_opens_and_new_ones_are_made(room: Room) -> None:
    words = room.take()
    destroy_all(room.signing, room.day)
    assert room.look(words).outcome == "unknown"
    assert list((room.folder / "signing").glob("slip-2*")) == []
    assert room.look(room.take()).outcome == "good"


def test_whoever_guesses_is_slowed_down_and_nobody_else(room: Room) -> None:
    words = room.take()
    for _ in range(MOST_EACH):
        assert room.look(WRONG).outcome == "unknown"
    assert room.look(words).outcome == room.say("arrived", words).outcome == "wait"
    assert room.look(words, THERE).outcome == "good"
    room.now += 3_601
    assert room.look(words).outcome == "good"


def test_what_cannot_be_words_of_a_slip_is_no_try(room: Room) -> None:
    for _ in range(3 * MOST_EACH):
        assert room.look("acorn almond").outcome == "words"
        assert room.look("acorn qqqqq anise apple apricot").wrong == (2,)
    assert room.look(room.take()).outcome == "good"


def test_guesses_from_everywhere_have_a_limit_too() -> None:
    now = [0.0]
    tries = guesses(lambda: now[0])
    for number in range(MOST_ALL):
        assert tries.may(b"%d" % number)
        tries.lose(b"%d" % number)
    assert not tries.may(HERE)
    assert not tries.may(b"")
    now[0] = 3_601.0
    assert tries.may(HERE)
    assert "1999" not in repr(tries)


def test_a_slip_of_a_service_that_is_not_listed_now_opens_nothing_and_is_not_used_up(
    room: Room,
) -> None:
    words = room.take()
    room.served.clear()
    assert room.look(words).outcome == room.say("closed", words).outcome == "unknown"
    room.served.add("harbour-house")
    assert room.say("closed", words).outcome == "good"


def test_only_the_first_slip_of_a_conversation_counts(room: Room) -> None:
    assert room.say("arrived", room.take(first=False)).outcome == "good"
    assert room.counted == []


def test_rows_that_were_changed_or_swapped_open_nothing(room: Room) -> None:
    one, other = room.take(), room.take("ua-clinic")
    (a, until, sealed), (b, _, foreign) = room.rows()
    write = statement(
        update(slip)
        .values(until=bindparam("u"), sealed=bindparam("s"))
        .where(slip.c.lookup == bindparam("l"))
    )
    flipped = bytes([*sealed[:40], sealed[40] ^ 1, *sealed[41:]])
    for change in ((until + 7, sealed), (until, flipped), (until, foreign), (until, b"short")):
        with room.store.group() as group:
            group.run(write, [(*change, a)])
            group.run(write, [(until, b"", b)])
        found = [room.look(words, b"%r" % (change,)).outcome for words in (one, other)]
        assert found == ["unknown", "unknown"]


def test_a_flood_of_wishes_is_put_off_and_goes_by(room: Room) -> None:
    for _ in range(20):
        room.take()
    with room.store.group() as group:
        assert room.slips.make(group, "harbour-house", "en") is None
    room.now += 1
    assert room.take()


def test_when_keys_cannot_be_reached_the_persons_turn_goes_on(room: Room) -> None:
    (room.folder / "signing").rename(room.folder / "elsewhere")
    with room.store.group() as group:
        assert room.slips.make(group, "harbour-house", "en") is None


def test_nothing_of_a_slip_is_in_the_name_of_anything(room: Room) -> None:
    found = room.look(words := room.take())
    shown = repr(found) + repr(room.slips.guesses) + repr(room.slips.lists)
    assert "harbour" not in shown
    assert words.split()[0] not in shown


def test_a_word_that_is_no_answer_is_refused(room: Room) -> None:
    with pytest.raises(ValueError, match="SAID"):
        room.say("maybe", room.take())
