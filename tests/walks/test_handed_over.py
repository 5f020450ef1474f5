"""A chat with a human on top of the real script: whatever happens, in whatever order."""

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from bot.dialogue.effects import Errand, Forget
from bot.dialogue.events import (
    Asked,
    Chose,
    ChoseLanguage,
    Event,
    Happened,
    Meant,
    Picked,
    Returned,
    Taken,
)
from bot.dialogue.hear import hear_button, hear_media, hear_words
from bot.dialogue.offers import offers
from bot.dialogue.session import Session, pack, unpack
from bot.dialogue.step import Turn, begin, step
from bot.errands import errands
from bot.no_desk import NOBODY
from bot.vocabulary import ERRANDS
from flows.grammar import NEWS, TAKEN
from tests.often import often
from tests.walks.guide import LARGEST, NIGHT, SLIPS, lexicon, live, table

ASIDES = ("handoff", "handoff_line", "handoff_talk")
DOINGS = errands(live)
COMMANDS = ("help_now", "human", "back", "language")
CARRIED = b"which chat it is"
MOST_STACKED = 6


def in_aside(state: str) -> bool:
    return state.partition("/")[0] in ASIDES


def below(session: Session) -> tuple[str, ...]:
    """Where the person is when the chat is taken away."""
    return tuple(state for state in session.position if not in_aside(state))


class Hasty(RuleBasedStateMachine):
    """A person with a chat, a desk where anything may happen at any moment."""

    @initialize()
    def arrive(self) -> None:
        session = begin(table(), "en")
        self.turn = Turn(replace(session, carried=CARRIED), session.said)

    @property
    def session(self) -> Session:
        return self.turn.session

    def hear(self, event: Event, dice: int = 0) -> None:
        turn = step(table(), self.session, event)
        for _ in range(8):
            if not turn.effects or not isinstance(turn.effects[0], Errand):
                break
            errand = turn.effects[0]
            if errand.name in NOBODY:
                words = ERRANDS[errand.name].outcomes
                back = Returned(words[dice % len(words)])
                dice //= len(words)
            else:
                back = SLIPS.get(errand.name) or DOINGS[errand.name](errand, NIGHT)
            turn = step(table(), turn.session, back)
        assert not turn.effects or turn.effects == (Forget(),)
        packed = pack(turn.session)
        assert len(packed) <= LARGEST
        self.turn = turn._replace(session=unpack(packed))
        if turn.effects:
            self.arrive()

    @rule(pick=st.integers(0, 1_000), dice=st.integers(0, 1_000))
    def press_something(self, pick: int, dice: int) -> None:
        shown = offers(table().script, self.session)
        offer = shown[pick % len(shown)]
        event = Chose(offer.key) if offer.kind == "choice" else Picked(offer.key)
        self.hear(event, dice)

    @rule(command=st.sampled_from(COMMANDS), dice=st.integers(0, 1_000))
    def use_a_command(self, command: str, dice: int) -> None:
        self.hear(Asked(command), dice)  # type: ignore[arg-type]

    @rule(dice=st.integers(0, 1_000))
    def be_in_a_crisis(self, dice: int) -> None:
        self.hear(Meant("suicide"), dice)

    @rule(news=st.sampled_from(NEWS), dice=st.integers(0, 1_000))
    def hear_news(self, news: str, dice: int) -> None:
        """Told at once, wherever the person is, and they are where they were below it."""
        before, old = below(self.session), self.session
        self.hear(Happened(news), dice)
        said = [name for name in self.turn.replies if name.startswith("handoff_talk/")]
        assert said or news == "ended", self.turn.replies
        if in_aside(self.session.state):
            menu = (table().script.hears["menu"],)
            assert below(self.session) == (before or menu)
        pressed = hear_button(table().script, self.session, "menu", old.mark)
        assert step(table(), self.session, pressed).replies[0] == "#stale"

    @rule(kind=st.sampled_from(["person", "code"]), pick=st.integers(0, 9))
    def write_to_a_person(self, kind: str, pick: int) -> None:
        """As far as what becomes of it can come back here."""
        word = TAKEN[kind][pick % len(TAKEN[kind])]
        here = table().script.steps[self.session.state]
        if kind == "code" and here.takes != "code":
            return
        before = self.session
        self.hear(Taken("person"))
        assert (self.turn.replies, self.session) == ((), before)
        self.hear(Returned(word))
        if word == "sent":
            assert self.turn.replies == ()
            assert self.session.state == before.state
        else:
            assert self.turn.replies

    @rule(text=st.text(min_size=1, max_size=30))
    def type_while_a_human_answers(self, text: str) -> None:
        """The guide hears what is on the screen and the exit; it never answers the rest."""
        if self.session.slots.get("handoff") != "talking":
            return
        event = hear_words(table().script, lexicon(), self.session, text)
        if isinstance(event, Taken):
            assert event == Taken("person")
            assert step(table(), self.session, event).replies == ()
        else:
            assert isinstance(event, Asked | Chose | Picked) or not text.strip()

    @rule(dice=st.integers(0, 1_000))
    def ask_for_help(self, dice: int) -> None:
        """Help is one step away, also from a chat, and back leads to the chat as it stands."""
        before = self.session
        self.hear(Asked("help_now"), dice)
        assert not in_aside(self.session.state)
        assert self.session.slots.get("handoff") == before.slots.get("handoff")
        after = step(table(), self.session, Asked("back")).session
        assert after.landed == before.landed

    @invariant()
    def one_chat_at_most_lies_on_top(self) -> None:
        position = self.session.position
        asides = [number for number, state in enumerate(position) if in_aside(state)]
        assert asides in ([], [0])
        assert len(position) <= MOST_STACKED
        assert not [there for there in self.session.trail if there[0].startswith("handoff_")]

    @invariant()
    def the_person_has_the_word(self) -> None:
        script = table().script
        assert script.steps[self.session.state].waits
        assert offers(script, self.session)
        assert self.session.carried == CARRIED
        if self.session.state in ("handoff_talk/talk", "handoff_talk/transfer"):
            assert self.session.slots["handoff"] == "talking"
        if self.session.state == "handoff_line/line":
            assert self.session.slots["handoff"] == "waiting"

    @invariant()
    def everything_always_open_is_open(self) -> None:
        state, slots = self.session.state, self.session.slots
        for command in ("help_now", "human", "language", "leave"):
            assert table().way(state, command, slots) is not None
        left = step(table(), self.session, Asked("leave"))
        assert left.effects == (Forget(),)


Hasty.TestCase.settings = settings(
    max_examples=often(20), stateful_step_count=25, deadline=None, print_blob=True
)
TestHasty = Hasty.TestCase


def talking(state: str = "find_help/need") -> Session:
    """A person who went on from the first screen while a human has the chat."""
    session = replace(begin(table(), "en"), position=(state,), landed=(state,))
    return step(table(), session, Happened("joined", {"who": ("Linden",)})).session


@pytest.mark.parametrize(
    "text",
    ["2", "English", "human", "hello", "i want to die", "I need help", "back", "Kharkiv", "❤"],
)
def test_what_is_said_to_a_human_is_theirs_to_hear(text: str) -> None:
    assert hear_words(table().script, lexicon(), talking(), text) == Taken("person")


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("STOP", Asked("leave")),
        ("help me", Asked("help_now")),
        ("/human", Asked("human")),
        ("/back", Asked("back")),
        ("End this chat", Chose("end")),
    ],
)
def test_the_exit_help_and_the_screen_are_heard_while_a_human_answers(
    text: str, event: Event
) -> None:
    assert hear_words(table().script, lexicon(), talking(), text) == event


def test_a_story_for_a_human_is_not_too_long_for_the_guide() -> None:
    assert hear_words(table().script, lexicon(), talking(), "word " * 700) == Taken("person")


def test_in_line_a_cry_is_answered_and_other_words_wait_for_the_human() -> None:
    waiting = step(table(), talking(), Happened("in_line_again")).session
    waiting = step(table(), waiting, Returned("waiting")).session
    assert waiting.state == "handoff_line/line"
    cry = hear_words(table().script, lexicon(), waiting, "I want to kill myself")
    assert cry == Meant("suicide")
    calm = hear_words(table().script, lexicon(), waiting, "hello, is somebody there")
    assert calm == Taken("person")
    assert hear_words(table().script, lexicon(), waiting, "Stop waiting") == Chose("stop")


def test_a_photo_is_said_not_to_reach_the_human() -> None:
    turn = step(table(), talking(), hear_media("photo"))
    assert turn.replies[0] == "#media_for_person"


def test_who_says_hello_again_still_talks_with_the_human() -> None:
    session = talking()
    assert session.slots == {"handoff": "talking"}
    begun = step(table(), session, hear_button(table().script, session, "here", session.mark))
    again = step(table(), replace(begun.session, carried=CARRIED), Asked("back")).session
    assert hear_words(table().script, lexicon(), again, "start") == Taken("person")


def test_a_message_that_was_not_kept_is_answered_by_a_note_alone() -> None:
    session = talking()
    turn = step(table(), session, Returned("long"))
    assert turn.replies == ("#long_for_person",)
    assert turn.session.said == turn.replies
    again = step(table(), turn.session, ChoseLanguage("uk"))
    assert again.replies == ("handoff_talk/talk",)
