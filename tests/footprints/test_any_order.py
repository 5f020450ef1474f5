"""Whatever comes in whatever order: each message is deleted once, in time, and none is tried late.

The chats themselves hold the bot to it: see `Chats.remove`.
"""

import asyncio
import shutil
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.footprints.chats import HOUR, REFUSED_FROM, Chats, Mood
from tests.footprints.conftest import Parts, SetClock, started
from tests.often import often

CHATS = st.sampled_from([b"700000001", b"700000002", b"-5"])
SWEEP_MINUTES = 30


class Clears(RuleBasedStateMachine):
    """Notes, deletions, erasing, faults, restarts, and time with sweeps and without."""

    @initialize(clear_hours=st.sampled_from([1, 24, 46]))
    def start(self, clear_hours: int) -> None:
        self.clear_hours = clear_hours
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.folder.chmod(0o700)
        self.clock = SetClock()
        self.chats = Chats(self.clock)
        self.erasing: dict[bytes, set[int]] = {}
        self.number = 0
        self.up()

    def up(self) -> None:
        self.life: AbstractAsyncContextManager[Parts] = started(
            self.folder, self.clock, clear_hours=self.clear_hours
        )
        self.parts = self.runner.run(self.life.__aenter__())

    def down(self) -> None:
        self.runner.run(self.life.__aexit__(None, None, None))

    @rule(chat=CHATS, many=st.sampled_from([1, 2, 150, 600]), late=st.sampled_from([0, 0, 3, 20]))
    def note(self, chat: bytes, many: int, late: int) -> None:
        sent = self.clock() - late * HOUR
        ids = self.chats.send(chat, *range(self.number + 1, self.number + many + 1), sent=sent)
        self.number += many
        self.runner.run(self.parts.clearing.note(chat, ids, sent=sent))

    @rule(chat=CHATS, number=st.integers(0, 5))
    def note_again(self, chat: bytes, number: int) -> None:
        """A message is delivered a second time, and shows when it was sent."""
        for one in self.chats.left(chat)[number : number + 1]:
            sent = self.chats.lying[chat][one]
            self.runner.run(self.parts.clearing.note(chat, [one], sent=sent))

    @rule(chat=CHATS, number=st.integers(0, 5))
    def note_as_soon(self, chat: bytes, number: int) -> None:
        soon = self.runner.run(self.parts.clearing.of(chat))[number : number + 2]
        self.runner.run(self.parts.clearing.note(chat, soon, soon=True))

    @rule(chat=CHATS, many=st.integers(1, 100))
    def the_channel_deletes_some(self, chat: bytes, many: int) -> None:
        some = self.runner.run(self.parts.clearing.of(chat))[:many]
        if self.chats.mood == "broken":
            some = []  # here nobody would catch what a broken channel raises
        done = self.runner.run(self.chats.remove(chat, some)) if some else []
        self.runner.run(self.parts.clearing.cleared(chat, done))

    @rule(chat=CHATS)
    def erase(self, chat: bytes) -> None:
        known = set(self.runner.run(self.parts.clearing.of(chat)))
        before = len(self.chats.left(chat))
        erased = self.runner.run(self.parts.clearing.erase(chat, self.chats))
        assert erased.removed + erased.later == len(known)
        if self.chats.mood == "works":
            assert erased.later == 0
            assert known.isdisjoint(self.chats.left(chat))
        if self.chats.mood != "answers lost":
            assert len(self.chats.left(chat)) >= before - erased.removed

    @rule(mood=st.sampled_from(["works", "works", "down", "half", "answers lost", "broken"]))
    def change(self, mood: Mood) -> None:
        self.chats.mood = mood

    @rule()
    def restart(self) -> None:
        self.down()
        self.up()

    @rule(hours=st.integers(0, 60), minutes=st.integers(0, 59))
    def stand_still(self, hours: int, minutes: int) -> None:
        """The machine is off for a while."""
        self.down()
        self.clock.wait(hours=hours, minutes=minutes)
        self.up()
        self.runner.run(self.parts.clearing.sweep(self.chats))
        self.nothing_due_is_left()

    @rule(times=st.integers(1, 8))
    def go_on(self, times: int) -> None:
        for _ in range(times):
            self.clock.wait(minutes=SWEEP_MINUTES)
            self.parts.tidy()
            self.runner.run(self.parts.clearing.sweep(self.chats))
            self.nothing_due_is_left()

    def nothing_due_is_left(self) -> None:
        if self.chats.mood != "works":
            return
        now = self.clock()
        overdue = [
            now - sent
            for lying in self.chats.lying.values()
            for sent in lying.values()
            if self.clear_hours * HOUR <= now - sent < REFUSED_FROM
        ]
        assert overdue == []

    @invariant()
    def what_lies_there_is_known(self) -> None:
        now = self.clock()
        for chat, lying in self.chats.lying.items():
            deletable = {one for one, sent in lying.items() if now - sent < REFUSED_FROM}
            known = self.runner.run(self.parts.clearing.of(chat))
            lost = {one for here, one in self.chats.uncertain if here == chat}
            assert set(known) - lost == deletable

    @invariant()
    def nothing_is_deleted_twice(self) -> None:
        assert set(self.chats.deleted.values()) <= {1}

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.down()
            self.runner.close()
            shutil.rmtree(self.folder)


TestClears = Clears.TestCase
TestClears.settings = settings(max_examples=often(25), stateful_step_count=20, deadline=None)
