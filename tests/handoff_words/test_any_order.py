"""Whatever happens in whatever order: each word once, in order, and only for who may read it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.strategies import sampled_from

from bot.handoff import moves
from bot.handoff.model import Chat, NoSuchChat, Refused
from bot.sealing import Pair
from tests.handoff_words.room import Room
from tests.often import often

STAFF = ("one", "two")


class Talk(RuleBasedStateMachine):
    """One chat, two operators, and a person who also comes back from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.room = Room(Path(self.folder.name))
        self.said: list[str] = []
        self.readable: dict[str, set[int]] = {staff: set() for staff in STAFF}
        """Numbers of messages that each could open when they have the chat."""
        self.answered: list[str] = []

    @initialize(kind=sampled_from(["telegram", "web"]))
    def ask(self, kind: str) -> None:
        self.room.on_duty(*STAFF)
        self.chat: Chat
        self.pair: Pair
        self.chat, self.pair = self.room.ask(kind=kind)

    @rule()
    def the_person_writes(self) -> None:
        text = f"word {len(self.said)}"
        self.chat = self.room.say(self.chat, text)
        self.said.append(text)
        for staff in STAFF:
            if self.chat.owner in {"", staff}:
                self.readable[staff].add(len(self.said))

    @precondition(lambda self: not self.chat.owner)
    @rule(staff=sampled_from(STAFF))
    def claimed(self, staff: str) -> None:
        self.chat = self.room.claim(self.chat, staff)
        self.forget_others()

    @precondition(lambda self: self.chat.owner)
    @rule(wrapped=sampled_from([True, False]))
    def handed_to_the_other(self, wrapped: bool) -> None:
        mine = self.room.browsers[self.chat.owner]
        other = self.room.browsers[STAFF[self.chat.owner == STAFF[0]]]
        if wrapped:
            given = [one for one in self.room.given(self.chat, mine.staff) if one.wrap]
            wraps = {one.number: mine.wrap_anew(self.chat, one, other.receiver) for one in given}
            to = [other.receiver]
            self.room.run(self.room.messages.rewrap, self.chat, mine.staff, wraps, receivers=to)
            self.readable[other.staff] |= set(wraps)
        self.chat = self.room.hand(self.chat, other.staff)
        self.forget_others()

    @precondition(lambda self: self.chat.owner)
    @rule()
    def back_in_line(self) -> None:
        back = moves.requeue(self.chat, "release", self.room.clock())
        self.chat = self.room.run(self.room.rows.save, self.chat, back)

    @precondition(lambda self: self.chat.owner)
    @rule(twice=sampled_from([True, False]))
    def the_operator_answers(self, twice: bool) -> None:
        owner = self.chat.owner
        text = f"answer {self.chat.number_out}"
        written = self.room.browsers[owner].write(self.chat, text)
        for _ in range(1 + twice):
            self.chat = self.room.run(
                self.room.messages.reply, self.chat, owner, written, self.room.clock()
            )
        self.answered.append(text)

    @precondition(lambda self: self.answered)
    @rule()
    def everything_was_shown(self) -> None:
        self.chat = self.room.run(self.room.messages.ack, self.chat, self.chat.number_out)
        if self.chat.kind != "web":
            self.answered.clear()

    @precondition(lambda self: self.chat.kind == "telegram")
    @rule()
    def the_person_comes_back(self) -> None:
        self.chat, self.pair = self.room.come_back(self.chat, "telegram")

    @rule()
    def the_service_restarts(self) -> None:
        browsers = self.room.browsers
        self.room = self.room.again()
        self.room.browsers = browsers

    @invariant()
    def an_operator_reads_what_they_may_in_order_and_nobody_else_reads(self) -> None:
        for staff in STAFF:
            if staff == self.chat.owner:
                mine = sorted(self.readable[staff])
                assert self.room.read(self.chat, staff) == [self.said[n - 1] for n in mine]
            else:
                with pytest.raises(NoSuchChat):
                    self.room.given(self.chat, staff)

    @invariant()
    def the_person_reads_every_answer_once_and_in_order(self) -> None:
        assert self.room.heard(self.chat, self.pair) == self.answered

    @invariant()
    def the_table_says_the_same(self) -> None:
        assert self.room.run(self.room.rows.load, self.chat.id) == self.chat
        assert self.chat.number_in == len(self.said)

    @invariant()
    def a_number_that_was_used_is_not_used_again(self) -> None:
        if self.chat.owner and self.chat.number_out:
            with pytest.raises(Refused):
                self.room.reply(self.chat, self.chat.owner, "another", number=1)

    def forget_others(self) -> None:
        for staff in STAFF:
            if staff != self.chat.owner:
                self.readable[staff].clear()

    def teardown(self) -> None:
        self.room.close()
        self.folder.cleanup()


Talk.TestCase.settings = settings(
    max_examples=often(20),
    stateful_step_count=16,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestAnyOrder = Talk.TestCase
