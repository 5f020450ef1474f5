"""Nobody is ever stuck, lost or shown an unfinished sentence, wherever they go."""

import re

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.channels.contract import Outgoing
from tests.often import often
from tests.walks.guide import Guide, directory, text_of

COMMANDS = ("!help_now", "!human", "!back", "!language", "!leave")
TELEGRAM_TEXT = 4_096
OCCUPIED = tuple(place.code for place in directory().places if place.online_only)
"""Where no call is shown: help comes online or in writing."""
EMERGENCY = re.compile(r"\b(?:102|103|112|122|123|155)\b")
MOST_AT_RESULTS = 3 + 5
"""Services, and ways on from them."""


class Wanderer(RuleBasedStateMachine):
    """A person who presses, types, sends and goes back as they like."""

    @initialize(language=st.sampled_from(["en", "uk"]))
    def arrive(self, language: str) -> None:
        self.guide = Guide(language)
        self.shown: Outgoing = self.guide.look()
        self.occupied = False

    @rule(need=st.sampled_from(["shelter", "medical"]), place=st.sampled_from(OCCUPIED))
    def say_that_it_is_occupied(self, need: str, place: str) -> None:
        """From the start to the warning about the device, as most who are there would go."""
        named = ("occupied",) if place == "occupied" else ("=UA", f"={place}")
        self.guide.words("start")
        for press in ("yes", need, *named, "go_on"):
            self.shown = self.guide.press(press)

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
        assert kinds & {"link"} if occupied else EMERGENCY.search(text_of(self.shown))
        self.shown = self.guide.press("!back")
        assert self.guide.session.landed == before

    @invariant()
    def no_call_is_shown_to_somebody_in_occupied_territory(self) -> None:
        """From the moment it is said, until they name another place or begin anew."""
        slots = self.guide.session.slots
        if slots.get("place") in OCCUPIED:
            self.occupied = True
        elif slots.get("place") or not slots:
            self.occupied = False
        if not self.occupied:
            return
        assert slots.get("place") in OCCUPIED
        lines = [line for block in self.shown.blocks for line in block.lines]
        assert not [line for line in lines if line.kind == "phone"]
        assert not [line for line in lines if EMERGENCY.search(line.text)]
        assert not {"wider", "no_call", "calling"} & {one.key for one in self.shown.options}

    @invariant()
    def what_was_found_leaves_few_things_to_choose_from(self) -> None:
        if self.guide.session.state == "find_help/results":
            assert len(self.shown.options) <= MOST_AT_RESULTS

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
    max_examples=often(60), stateful_step_count=40, deadline=None, print_blob=True
)
TestWanderer = Wanderer.TestCase
