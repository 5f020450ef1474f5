"""Going back always shows the screen that was seen before, wherever a person was led."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.dialogue.effects import Errand
from bot.dialogue.events import Arrived, Asked, Chose, Event, Happened, Meant, Picked, Returned
from bot.dialogue.offers import offers
from bot.dialogue.places import MOST_TRAIL
from bot.dialogue.session import Session
from bot.dialogue.step import begin, step
from flows.table import Table
from tests.dialogue.chats import NEWS, chat_table, walk

WELCOME = """
format: 1
id: welcome
title: Welcome
entry: hello
slots:
  need: {values: [medical, legal], retention: session}
  place: {options: places, retention: session}
  chosen: {from: found, retention: session}
  heard: {values: ["yes"], retention: session}
steps:
  hello:
    say: Hello.
    checkpoint: true
    choices:
      place: {label: A place, go: place}
      about: {label: About, do: timing, then: hello}
      ask: {label: A question, do: asking, then: after}
      round: {label: The same, do: asking, then: hello}
  place: {say: Where?, ask: {slot: place, from: places, go: searching}}
  searching:
    say: One moment.
    call: find_services
    outcomes: {some: results, none: desk/start}
  results:
    say: These can help.
    each: {value: found, set: chosen, go: details}
    choices: {again: {label: Start again, go: hello}}
  details: {say: Details., shows: [chosen], choices: {other: {label: Another, go: searching}}}
  after: {say: That was it., choices: {ok: {label: Go on, go: hello}}}
  heard: {say: So you look for this., choices: {ok: {label: Go on, go: place}}}
  where_heard: {say: There then., choices: {ok: {label: Go on, go: hello}}}
"""
WORK = """
format: 1
id: work
title: Work
staff: true
entry: start
steps:
  start: {say: What to do., choices: {ok: {label: Go on, go: welcome/hello}}}
"""
ASKING = """
format: 1
id: asking
title: A question on the way
entry: first
steps:
  first:
    say: Would a person help?
    choices:
      "yes": {label: "Yes", go: led}
      "no": {label: "No", go: return}
  led: {say: This way., go: desk/start}
"""
CHAT = "chat"
DANGER = Meant("immediate_danger")


@cache
def table() -> Table:
    """Three ways lead into a chat in passing: a crisis, a search that finds none, a sub-flow."""
    with TemporaryDirectory() as folder:
        return chat_table(Path(folder), welcome=WELCOME, asking=ASKING, work=WORK)


def test_who_declines_where_they_were_only_led_through_goes_back_to_what_they_saw() -> None:
    asked = walk(table(), Chose("ask"), Chose("yes"))
    assert asked.replies == ("asking/led", "desk/consent")
    assert asked.session.position == ("desk/consent", "welcome/after")
    declined = walk(table(), Chose("no"), session=asked.session)
    assert declined.replies == ("desk/declined", "welcome/after")
    back = walk(table(), Asked("back"), session=declined.session)
    assert back.session.position == ("asking/first", "welcome/after")
    assert walk(table(), Asked("back"), session=back.session).replies == ("welcome/hello",)


def test_who_asks_for_a_human_while_something_is_looked_for_comes_back_to_the_search() -> None:
    looking = walk(table(), Chose("place"), Picked("UA-63")).session
    declined = walk(table(), Asked("human"), Chose("no"), session=looking)
    assert declined.replies == ("desk/declined", "welcome/searching")
    assert declined.effects == (Errand("find_services", looking.slots, "en"),)
    there = declined.session
    assert (there.landed, there.trail) == (looking.landed, looking.trail)


class Walks(RuleBasedStateMachine):
    """A person who remembers every screen they saw, as they would on paper."""

    def __init__(self) -> None:
        super().__init__()
        self.session: Session = begin(table(), "en")
        self.past: list[str] = []

    @initialize(found=st.booleans(), human=st.booleans())
    def it_is_known_what_can_be_found(self, *, found: bool, human: bool) -> None:
        self.found, self.human = found, human

    @property
    def screen(self) -> str:
        """What is seen now. Everything in a chat is one screen: its door leads to what holds."""
        position = self.session.position
        return CHAT if any(name.startswith("desk/") for name in position) else position[0]

    @property
    def choices(self) -> tuple[str, ...]:
        step_now = table().script.steps[self.session.state]
        return tuple(choice.key for choice in step_now.choices)

    def happens(self, event: Event) -> None:
        """One event, and the errands that follow from it."""
        self.session = step(table(), self.session, event).session
        while (call := table().script.steps[self.session.state].call) is not None:
            handoff = self.session.slots.get("handoff", "over")
            outcome = {
                "find_services": "some" if self.found else "none",
                "ask_person": "waiting" if self.human else "none",
                "in_line": handoff,
            }[call.errand]
            values = {"found": ("a-line",)} if outcome == "some" else {}
            self.session = step(table(), self.session, Returned(outcome, values)).session

    def goes_on(self, event: Event) -> None:
        before = self.screen
        self.happens(event)
        if before != CHAT or event == DANGER:
            self.past.append(before)

    def leaves_the_chat(self) -> None:
        """What the chat lay on is there again: no step was taken."""
        if self.past and self.past[-1] == self.screen:
            self.past.pop()

    @rule(data=st.data())
    def something_is_chosen(self, data: st.DataObject) -> None:
        before = self.screen
        offer = data.draw(st.sampled_from(offers(table().script, self.session)))
        event = Chose(offer.key) if offer.kind == "choice" else Picked(offer.key)
        if before == "always/language":
            self.happens(event)
            self.is_what_was_seen_before()
            return
        self.goes_on(event)
        if before == CHAT != self.screen and offer.key in {"read", "out"}:
            self.past.append(CHAT)
        elif before == CHAT != self.screen and offer.key != "yes":
            self.leaves_the_chat()

    @rule(event=st.sampled_from((Asked("human"), DANGER, DANGER, Meant("menu"))))
    def something_is_asked_for(self, event: Event) -> None:
        before = self.screen
        self.goes_on(event)
        if before == CHAT != self.screen:
            self.past.append(CHAT)

    @precondition(lambda self: self.screen not in {"always/help_now", "always/language"})
    @rule(command=st.sampled_from(("help_now", "language")))
    def help_or_another_language_is_asked_for(self, command: str) -> None:
        before = self.screen
        self.happens(Asked(command))  # type: ignore[arg-type]
        self.past.append(before)

    @rule(news=st.sampled_from(tuple(NEWS)))
    def something_happens_at_the_desk(self, news: str) -> None:
        before = self.screen
        self.goes_on(Happened(news))
        if self.screen != CHAT:
            assert news == "lapsed"
            self.leaves_the_chat()
        elif before != CHAT:
            assert self.past[-1] == before

    @rule()
    def somebody_says_hello(self) -> None:
        self.happens(Arrived("en"))
        self.past = []

    @rule()
    def a_step_back_is_taken(self) -> None:
        self.happens(Asked("back"))
        self.is_what_was_seen_before()

    def is_what_was_seen_before(self) -> None:
        assert self.screen == (self.past.pop() if self.past else "welcome/hello")

    def teardown(self) -> None:
        """All the way back, every screen is there once more."""
        for _ in range(len(self.past)):
            self.a_step_back_is_taken()


TestWalks = Walks.TestCase
# As many steps as are remembered, so that none of them is forgotten on the way.
TestWalks.settings = settings(max_examples=100, stateful_step_count=MOST_TRAIL, deadline=None)
