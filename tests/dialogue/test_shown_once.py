"""What is shown once stays as long as the person is where it is shown, and no longer."""

from pathlib import Path

import pytest

from bot.dialogue.effects import Errand
from bot.dialogue.events import Arrived, Asked, Chose, ChoseLanguage, Event, Meant, Returned
from bot.dialogue.session import Session, pack
from flows.table import Table
from tests.dialogue.chats import JOINED, chat_table, walk
from tests.dialogue.scripts import WELCOME

STEPS = """
  making: {call: make_slip, outcomes: {made: words}}
  words:
    say: Five words to take along.
    shows: [slip]
    choices: {noted: {label: I have them, go: hello}}
  nothing:"""
WORDS = ("amber", "bridge", "cedar", "dune", "ember")


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    welcome = WELCOME.replace("{need: legal}, go: place", "{need: legal}, go: making")
    welcome = welcome.replace("\n  nothing:", STEPS)
    return chat_table(Path(tmp_path_factory.mktemp("shown")), welcome=welcome)


@pytest.fixture
def shown(table: Table) -> Session:
    """Somebody who reads their words."""
    made = Returned("made", {"slip": WORDS, "found": ("a-line",)})
    return walk(table, Chose("legal"), made).session


@pytest.mark.parametrize(
    "event", [Chose("noted"), Asked("help_now"), Asked("back"), Meant("suicide"), Arrived("en")]
)
def test_whoever_goes_on_from_the_words_leaves_nothing_of_them_behind(
    table: Table, shown: Session, event: Event
) -> None:
    assert shown.values["slip"] == WORDS
    left = walk(table, event, session=shown).session
    assert "slip" not in left.values
    assert b"amber" not in pack(left)


def test_only_the_words_go_and_what_else_was_brought_stays(table: Table, shown: Session) -> None:
    left = walk(table, Chose("noted"), session=shown).session
    assert left.values == {"found": ("a-line",)}


def test_the_way_back_to_the_words_asks_for_them_anew(table: Table, shown: Session) -> None:
    back = walk(table, Chose("noted"), Asked("back"), session=shown)
    assert [effect.name for effect in back.effects if isinstance(effect, Errand)] == ["make_slip"]
    assert "slip" not in back.session.values


@pytest.mark.parametrize(
    "events",
    [(Asked("human"), Chose("no")), (JOINED, Chose("here")), (ChoseLanguage("uk"),)],
)
def test_a_chat_that_is_laid_on_the_words_comes_back_to_them(
    table: Table, shown: Session, events: tuple[Event, ...]
) -> None:
    back = walk(table, *events, session=shown).session
    assert back.state == "welcome/words"
    assert back.values["slip"] == WORDS


def test_who_reads_something_else_from_within_a_chat_has_left_the_words(
    table: Table, shown: Session
) -> None:
    reading = walk(table, JOINED, Asked("help_now"), session=shown).session
    assert "slip" not in reading.values
