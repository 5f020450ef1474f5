"""What people really write in danger leads to help now, from any screen; calm words do not."""

from datetime import timedelta

import pytest

from bot.dialogue.effects import Errand
from bot.dialogue.events import Asked, Event, Meant
from bot.dialogue.hear import hear_words
from bot.errands import errands
from referral_directory import Directory
from tests.walks.guide import NIGHT, Guide, directory, lexicon, live, table

CRIES = (
    "HELP ME NOW",
    "help",
    "SOS!!!",
    "danger",
    "Рятуйте!!!",
    "помогите пожалуйста",
)
"""Short words that lead to help now by themselves, whatever else is understood."""
CRISES = (
    "please help me he is hitting me",
    "i want to die please",
    "I just dont want to live",
    "I was raped yesterday",
    "Someone call an ambulance, he is at the door",
    "я хочу померти",
    "я не хочу жити",
    "мене зґвалтували вчора",
    "він мене б’є, прошу",
    "думаю про самогубство",
    "я больше не хочу жить",
    "меня изнасиловали вчера",
    "ya ne khochu zhyty",
)
"""What people write in danger: a crisis, or help now."""
CALM = (
    "I want to help my sister",
    "what help is there",
    "legal help",
    "help for a child",
    "where is the police station",
    "can you call me",
    "will the doctor call the police",
    "emergency contraception",
    "I need help with documents",
    "допомога юриста",
    "потрібна допомога юриста",
    "медична допомога",
    "чи можна викликати поліцію потім",
    "чи дізнається поліція",
    "терміново потрібен юрист",
    "не страшно",
    "нужна помощь юриста",
)
FOR_A_PERSON = (
    "I want to talk to a human",
    "talk to someone real",
    "Is anyone there?",
    "emergency",
    "I need help",
    "хочу поговорити з людиною",
    "допомога",
    "поліція",
)


SCREENS: tuple[tuple[str, ...], ...] = ((), ("yes",), ("yes", "more"), ("yes", "medical"))


def heard_on(language: str, presses: tuple[str, ...], words: str) -> Event:
    """What is made of these words on the screen that these presses lead to."""
    guide = Guide(language)
    for press in presses:
        guide.press(press)
    return hear_words(table().script, lexicon(), guide.session, words)


def is_a_cry(heard: Event) -> bool:
    """Whether it is answered at once with help."""
    if isinstance(heard, Meant):
        return heard.sense not in ("need", "place", "menu")
    return heard == Asked("help_now")


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("words", CRIES)
def test_a_cry_for_help_is_heard_on_any_screen(words: str, language: str) -> None:
    for presses in SCREENS:
        assert heard_on(language, presses, words) == Asked("help_now"), presses


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("words", CRISES)
def test_a_crisis_in_free_words_is_heard_on_any_screen(words: str, language: str) -> None:
    for presses in SCREENS:
        assert is_a_cry(heard_on(language, presses, words)), presses


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("words", CALM)
def test_a_calm_sentence_is_no_cry_for_help(words: str, language: str) -> None:
    for presses in SCREENS:
        assert not is_a_cry(heard_on(language, presses, words)), presses


@pytest.mark.parametrize("words", FOR_A_PERSON)
def test_somebody_asks_for_a_person_in_their_own_words(words: str) -> None:
    assert hear_words(table().script, lexicon(), Guide("en").session, words) == Asked("human")


def test_no_word_asks_for_two_things() -> None:
    asked: dict[str, str] = {}
    for words in lexicon().by_language.values():
        for word, command in words.commands.items():
            assert asked.setdefault(word, command) == command, word


@pytest.mark.parametrize("place", [None, "UA-46", "UA-43", "occupied", "abroad"])
@pytest.mark.parametrize("hours", range(0, 24, 3))
def test_somebody_is_said_to_answer_only_when_a_line_is_open(place: str | None, hours: int) -> None:
    at = NIGHT + timedelta(hours=hours)
    errand = Errand("open_lines", {"place": place} if place else {}, "uk")
    returned = errands(live)["open_lines"](errand, at)
    reached = "occupied" if place == "UA-43" else place
    shown = [live().listing(line) for line in returned.values["lines"]]
    assert shown
    open_now = any(line.state(at, reached).open == "yes" for line in shown if line)
    assert returned.outcome == ("some" if open_now else "later")


def test_a_service_with_nothing_confirmed_says_that_it_has_no_line() -> None:
    empty = Directory(directory().places, directory().needs, {}, directory().countries)
    served = empty.serving({})
    returned = errands(lambda: served)["open_lines"](Errand("open_lines", {}, "en"), NIGHT)
    assert returned.outcome == "none"
    assert returned.values == {"lines": ()}
