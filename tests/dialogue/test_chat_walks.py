"""Anything may happen at any moment, and nobody is ever lost between the guide and a human."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.dialogue.effects import Forget
from bot.dialogue.events import Arrived, Asked, Event, Happened, Returned, Taken, Unclear
from bot.dialogue.hear import hear_button, hear_words
from bot.dialogue.lexicon import Lexicon
from bot.dialogue.offers import VALUE, offers
from bot.dialogue.places import MOST_TRAIL
from bot.dialogue.session import Session, pack, unpack
from bot.dialogue.step import Turn, begin, step
from flows.grammar import TAKEN, Position
from flows.table import Table
from tests.dialogue.chats import ANSWERS, NEWS, chat_table
from tests.dialogue.scripts import lexicon_of

WORDS = ("2", "some lawyer", "I want to end it", "home", "back", "/back", "End this chat", "hello")


@cache
def parts() -> tuple[Table, Lexicon]:
    """Compiled once for all walks."""
    with TemporaryDirectory() as folder:
        table = chat_table(Path(folder))
    return table, lexicon_of(table)


def chats_in(position: Position) -> list[int]:
    """Where in a position states of the chat stand."""
    return [number for number, state in enumerate(position) if state.startswith("desk/")]


def below(position: Position) -> Position:
    """Where the person is apart from their chat."""
    inside = chats_in(position)
    return position[inside[-1] + 1 :] if inside else position


class Walks(RuleBasedStateMachine):
    """One person who presses, types and goes back, while things happen at the desk."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.lexicon = parts()
        self.session = begin(self.table, "en")
        self.entered: Session | None = None
        """The session from which a chat was come to the last time, while it is not left."""

    def happens(self, event: Event) -> Turn:
        """One turn; the same once more must be the same."""
        before = self.session
        turn = step(self.table, before, event)
        assert step(self.table, before, event) == turn
        self.session = begin(self.table, "en") if Forget() in turn.effects else turn.session
        was, is_now = bool(chats_in(before.position)), bool(chats_in(self.session.position))
        if is_now and not was:
            # The way back is longer then; who comes back into a chat has less of it left.
            went_on = len(self.session.trail) >= min(len(before.trail) + 1, MOST_TRAIL)
            self.entered = before if went_on else None
        elif not is_now:
            self.entered = None
        return turn

    @property
    def errand(self) -> str:
        """The errand that is due; then the person has to wait."""
        call = self.table.script.steps[self.session.state].call
        return call.errand if call else ""

    @precondition(lambda self: self.errand)
    @rule(data=st.data())
    def an_errand_comes_back(self, data: st.DataObject) -> None:
        outcome = data.draw(st.sampled_from(ANSWERS[self.errand]))
        self.happens(Returned(outcome, {"found": ("a-line",)} if outcome == "some" else {}))

    @precondition(lambda self: not self.errand)
    @rule(data=st.data(), old=st.sampled_from((False, False, True)))
    def something_on_the_screen_is_pressed(self, data: st.DataObject, *, old: bool) -> None:
        before, entered = self.session, self.entered
        offer = data.draw(st.sampled_from(offers(self.table.script, before)))
        key = offer.key if offer.kind == "choice" else VALUE + offer.key
        mark = "old" if old else before.mark
        turn = self.happens(hear_button(self.table.script, before, key, mark))
        if old:
            assert turn.replies[0] == "#stale"
            assert self.session.position == before.position
        if before.state.startswith("desk/") and key in {"here", "no", "skip"} and not old:
            # Out of the chat: the person is where they were, and so is the way back.
            assert self.session.position == below(before.position)
            if entered is not None:
                assert self.session.position == entered.position
                kept = slice(1 - MOST_TRAIL, None)
                assert self.session.trail[kept] == entered.trail[kept]

    @precondition(lambda self: not self.errand)
    @rule(words=st.sampled_from(WORDS), data=st.data())
    def something_is_typed(self, words: str, data: st.DataObject) -> None:
        before = self.session
        event = hear_words(self.table.script, self.lexicon, before, words)
        turn = self.happens(event)
        if isinstance(event, Taken):
            assert turn == Turn(before, ())
            outcome = data.draw(st.sampled_from(TAKEN[event.kind]))
            self.happens(Returned(outcome))
            # Whatever became of their words, they are not moved from what they were reading.
            assert below(self.session.position) == below(before.position)

    @rule(command=st.sampled_from(("help_now", "human", "back", "back", "language", "leave")))
    def a_command_is_used(self, command: str) -> None:
        turn = self.happens(Asked(command))  # type: ignore[arg-type]
        assert turn.replies or turn.effects

    @rule(news=st.sampled_from((*NEWS, "paused")))
    def something_happens_at_the_desk(self, news: str) -> None:
        before = self.session
        turn = self.happens(Happened(news))
        assert below(self.session.position) == below(before.position)
        assert turn.replies[:1] == ((NEWS[news],) if news in NEWS else ())
        left = {"joined": "talking", "ended": None, "lapsed": None}
        if news in left:
            assert self.session.slots.get("handoff") == left[news]

    @rule(event=st.sampled_from((Arrived("en"), Unclear("media"), Unclear("unclear"))))
    def something_else_comes(self, event: Event) -> None:
        handoff = self.session.slots.get("handoff")
        self.happens(event)
        assert self.session.slots.get("handoff") == handoff

    @rule()
    def enough_steps_back_lead_out_of_everything(self) -> None:
        for _ in range(MOST_TRAIL + 1):
            self.happens(Asked("back"))
            while self.errand:
                self.happens(Returned(ANSWERS[self.errand][0]))
        assert self.session.position == ("welcome/hello",)

    @invariant()
    def there_is_one_chat_at_most_and_always_something_below_it(self) -> None:
        position = self.session.position
        assert len(chats_in(position)) <= 1
        assert below(position)
        assert bool(chats_in(self.session.landed)) == bool(chats_in(position))

    @invariant()
    def the_way_back_is_short_and_leads_to_the_door_of_a_chat_and_no_further_in(self) -> None:
        trail = self.session.trail
        assert len(trail) <= MOST_TRAIL
        inside = [place[0] for place in trail if chats_in(place)]
        assert set(inside) <= {"desk/start"}

    @invariant()
    def the_screen_and_what_is_remembered_of_the_chat_agree(self) -> None:
        kept = {"desk/talk": "talking", "desk/line": "waiting"}.get(self.session.state)
        assert kept in {None, self.session.slots.get("handoff")}

    @invariant()
    def a_session_can_be_put_away_and_found_again(self) -> None:
        assert unpack(pack(self.session)) == self.session


TestWalks = Walks.TestCase
TestWalks.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
