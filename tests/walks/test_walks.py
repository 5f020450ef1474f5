"""Nobody is ever stuck, lost or shown an unfinished sentence, wherever they go."""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.channels.contract import Outgoing
from tests.walks.guide import Guide, text_of

COMMANDS = ("!help_now", "!human", "!back", "!language", "!leave")
TELEGRAM_TEXT = 4_096
OCCUPIED = ("occupied", "UA-09", "UA-40", "UA-43")
"""Where no call is shown: help comes online or in writing."""


class Wanderer(RuleBasedStateMachine):
    """A person who presses, types, sends and goes back as they like."""

    @initialize(language=st.sampled_from(["en", "uk"]))
    def arrive(self, language: str) -> None:
        self.guide = Guide(language)
        self.shown: Outgoing = self.guide.look()

    @rule(pick=st.integers(0, 10_000))
    def press_something(self, pick: int) -> None:
        shown = [*self.shown.options, *self.shown.listed]
        if shown:
            self.shown = self.guide.press(shown[pick % len(shown)].key)

    @rule(pick=st.integers(0, 10_000))
    def type_a_number_or_label(self, pick: int) -> None:
        shown = [*self.shown.options, *self.shown.listed]
        if shown:
            option = shown[pick % len(shown)]
            self.shown = self.guide.words(str(option.number) if pick % 2 else option.label)

    @rule(text=st.text(max_size=40))
    def type_anything(self, text: str) -> None:
        self.shown = self.guide.words(text)

    @rule(command=st.sampled_from(COMMANDS))
    def use_a_command(self, command: str) -> None:
        self.shown = self.guide.press(command)

    @rule(language=st.sampled_from(["@en", "@uk"]))
    def switch_the_language(self, language: str) -> None:
        self.shown = self.guide.press(language)
        assert self.shown.language == language[1:]

    @rule(kind=st.sampled_from(["voice", "photo", "file", "location", "contact"]))
    def send_something(self, kind: str) -> None:
        before = self.guide.session
        self.shown = self.guide.send(kind)
        assert self.guide.session.position == before.position
        assert self.guide.session.slots == before.slots

    @rule(key=st.text(max_size=12), mark=st.text(max_size=4))
    def press_something_forged(self, key: str, mark: str) -> None:
        self.shown = self.guide.press(key, mark)

    @rule()
    def ask_for_help(self) -> None:
        """Help is one step away from anywhere, with a number, and back leads to the same place."""
        before = self.guide.session.landed
        self.shown = self.guide.press("!help_now")
        kinds = {line.kind for block in self.shown.blocks for line in block.lines}
        occupied = self.guide.session.slots.get("place") in OCCUPIED
        assert kinds & ({"link"} if occupied else {"phone"})
        self.shown = self.guide.press("!back")
        assert self.guide.session.landed == before

    @invariant()
    def there_is_always_something_said_and_a_way_on(self) -> None:
        text = text_of(self.shown)
        assert text.strip()
        assert "{" not in text
        assert "}" not in text
        assert len(text) <= TELEGRAM_TEXT
        if self.shown.forgotten:
            return
        assert self.shown.options or self.shown.listed
        assert {option.key for option in self.shown.bar} == set(COMMANDS)
        labels = [option.label for option in (*self.shown.options, *self.shown.listed)]
        assert all(label.strip() for label in labels)
        assert len(set(labels)) == len(labels)


Wanderer.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, print_blob=True
)
TestWanderer = Wanderer.TestCase
