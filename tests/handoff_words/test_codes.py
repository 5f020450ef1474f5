"""Six words bring a person back to their chat, and nobody else, and not for ever."""

import pytest

from bot.handoff.code_words import lines
from bot.handoff.codes import MOST_ALL, MOST_EACH, Found
from tests.handoff_words.room import HOUR, LISTS, Room

HERE = b"an address"


def found(room: Room, text: str, address: bytes = HERE) -> Found:
    answer: Found = room.run(room.codes.find, text, address)
    return answer


class TurnFailed(Exception):
    """The rest of the turn could not be done."""


def find_in_a_turn_that_fails(room: Room, text: str) -> None:
    with room.store.group() as group:
        assert room.codes.find(group, text, HERE).outcome == "found"
        raise TurnFailed


@pytest.mark.parametrize("language", sorted(LISTS))
def test_a_code_of_every_language_leads_back(room: Room, language: str) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat, language)
    assert set(code) <= set(LISTS[language].words)
    assert found(room, " ".join(code)).chat == chat


def typed_by_people(code: tuple[str, ...]) -> dict[str, str]:
    return {
        "as it was shown": lines(code),
        "in capitals": " ".join(code).upper(),
        "with commas": ", ".join(code),
        "with commas and no spaces": ",".join(code),
        "with many spaces and lines": " \n ".join(code),
        "with a dash between": " - ".join(code),
        "with four letters each": " ".join(word[:4] for word in code),
        "with another ending": " ".join(f"{word}s" for word in code),
        "with a word before": f"code: {' '.join(code)}",
        "with marks that turn the direction": "\u200f" + "\u200e ".join(code),
    }


@pytest.mark.parametrize("how", typed_by_people(("a",) * 6))
def test_a_code_is_read_however_it_is_typed(room: Room, how: str) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat, "en")
    assert found(room, typed_by_people(code)[how]).chat == chat


@pytest.mark.parametrize(
    ("language", "given", "typed"),
    [
        ("lt", "žąsis", "zasis"),
        ("fr", "éléphant", "elephant"),
        ("es", "árbol", "arbol"),
        ("az", "çəmən", "cemen"),
        ("ru", "берёза", "береза"),
        ("uk", "кріп", "крип"),
    ],
)
def test_marks_that_a_keyboard_lacks_are_not_needed(language: str, given: str, typed: str) -> None:
    assert LISTS[language].word(typed) == given


def test_the_words_in_another_order_lead_nowhere(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat, "en")
    assert found(room, " ".join(reversed(code))).outcome == "unknown"


def test_a_code_is_used_once(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat)
    assert found(room, " ".join(code)).outcome == "found"
    assert found(room, " ".join(code)).outcome == "unknown"


def test_a_code_that_was_found_in_a_turn_that_failed_still_works(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat)
    with pytest.raises(TurnFailed):
        find_in_a_turn_that_fails(room, " ".join(code))
    assert found(room, " ".join(code)).outcome == "found"


def test_a_new_code_takes_the_place_of_the_old_one(room: Room) -> None:
    chat, _ = room.ask()
    old, new = room.run(room.codes.new, chat), room.run(room.codes.new, chat)
    assert found(room, " ".join(old)).outcome == "unknown"
    assert found(room, " ".join(new)).chat == chat


def test_a_code_leads_to_its_own_chat_and_to_no_other(room: Room) -> None:
    chats = [room.ask(person=b"%d" % number)[0] for number in range(5)]
    codes = [room.run(room.codes.new, chat) for chat in chats]
    answers = [found(room, " ".join(code)).chat for code in codes]
    assert answers == chats


def test_a_code_dies_with_its_chat(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat)
    room.end(chat)
    assert found(room, " ".join(code)).outcome == "unknown"


def test_a_code_dies_with_an_erased_chat(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat)
    room.run(room.chats.leave, chat.id, "erased", room.clock())
    assert found(room, " ".join(code)).outcome == "unknown"
    assert room.run(lambda group: group.ask("SELECT count(*) FROM code", ())) == [(0,)]


def test_a_code_works_after_midnight_and_dies_with_the_keys_of_its_day(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat)
    room.clock.now += 24 * HOUR
    with pytest.raises(TurnFailed):
        find_in_a_turn_that_fails(room, " ".join(code))
    room.clock.now += 57 * HOUR
    room.ring.destroy_expired()
    assert found(room, " ".join(code)).outcome == "unknown"


def test_who_guesses_waits_and_others_do_not(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat, "en")
    for _ in range(MOST_EACH):
        assert found(room, " ".join(LISTS["en"].draw())).outcome == "unknown"
    assert found(room, " ".join(code)).outcome == "wait"
    assert found(room, " ".join(code), b"another").chat == chat


def test_who_guessed_may_try_again_after_an_hour(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat)
    for _ in range(MOST_EACH):
        found(room, " ".join(LISTS["en"].draw()))
    room.tries.now += HOUR + 1
    assert found(room, " ".join(code)).chat == chat


def test_many_who_guess_together_wait_together(room: Room) -> None:
    for number in range(MOST_ALL):
        room.codes.tries.lose(b"%d" % number)
    assert found(room, " ".join(LISTS["en"].draw()), b"somebody new").outcome == "wait"


@pytest.mark.parametrize("text", ["", "hello", "1 2 3 4 5 6", "a b c d e f", "🍎" * 6, "x" * 9_000])
def test_what_is_no_code_counts_as_no_try(room: Room, text: str) -> None:
    for _ in range(MOST_EACH + 1):
        assert found(room, text).outcome == "unknown"
    assert room.codes.tries.may(HERE)


def test_nothing_that_was_typed_or_drawn_rests_on_the_disk(room: Room) -> None:
    chat, _ = room.ask()
    code = room.run(room.codes.new, chat, "en")
    found(room, " ".join(LISTS["en"].draw()))
    disk = room.bytes_on_disk()
    assert [word for word in code if len(word) > 5 and word.encode() in disk] == []
    assert repr(Found("found", chat)) == "Found(outcome='found')"


@pytest.mark.in_a_file
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE code SET chat = (SELECT chat FROM code WHERE chat != ?1)",
        "UPDATE code SET (chat, bound) = (SELECT chat, bound FROM code WHERE chat != ?1)",
        "UPDATE code SET chat = (SELECT chat FROM code WHERE chat != ?1), bound = x''",
        "UPDATE code SET chat = (SELECT chat FROM code WHERE chat != ?1), bound = 'text'",
        "UPDATE code SET chat = 7, bound = x'00'",
    ],
)
def test_a_row_that_somebody_changed_leads_nobody_into_another_chat(
    room: Room, change: str
) -> None:
    mine, _ = room.ask()
    theirs, _ = room.ask()
    code = room.run(room.codes.new, mine, "en")
    other = room.run(room.codes.new, theirs, "en")
    room.run(lambda group: group.run(f"{change} WHERE chat = ?1", [(mine.id,)]))
    assert found(room, " ".join(code)) == Found("unknown")
    assert found(room, " ".join(other)).chat == theirs
