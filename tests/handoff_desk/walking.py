"""What may happen at a desk, as rules to walk by: people, operators, leads, time, restarts."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.handoff import moves
from bot.handoff.model import ENDED, Chat, DeskRules, Refused
from tests.handoff_desk.office import MONDAY, Clock, Office

STAFF = st.sampled_from(["ann", "ben", "eve", "lead"])
HOLDER = st.one_of(st.just(""), st.just(""), STAFF)
"""Mostly whoever has the chat."""
WHICH = st.integers(0, 5)
"""A chat of those there are, by its number."""
PROCESS = st.sampled_from([0, 1])
LANGUAGES = st.sampled_from(["uk", "ru"])
TO = st.one_of(STAFF, st.sampled_from(["queue:uk", "queue:ru"]))
RULES = DeskRules(most_open=2)
"""Few, so that limits are met often."""
SECONDS = st.sampled_from([1, 1, 20, 45, 60, 300, 600, 900, 1_800, 5 * 3_600])


class Walk(RuleBasedStateMachine):
    """Two processes at one desk, and everyone around it."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = Clock(MONDAY)
        self.offices = [Office(self.folder, self.clock, RULES) for _ in range(2)]
        self.ids: list[bytes] = []
        self.last: dict[bytes, Chat] = {}
        self.away: dict[str, float] = {}
        """Since when somebody who has a shift has no page open."""
        self.beyond: set[str] = set()
        """Who may be over a limit: they took over or joined."""
        self.marked: set[str] = set()
        """Who may have more heavy chats than they may: they marked their own."""
        for staff in ("ann", "ben", "eve", "lead"):
            self.begin(staff)
        for language in ("uk", "ru", "uk"):
            self.ask(0, language, 0)
            self.claim_next(0, "ben")

    # --- people ---------------------------------------------------------------------------------

    @rule(at=PROCESS, language=LANGUAGES, severity=st.sampled_from([0, 0, 1, 2]))
    def ask(self, at: int, language: str, severity: int) -> None:
        self.ids.append(self.offices[at].ask(language, severity=severity).id)

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, which=WHICH)
    def write(self, at: int, which: int) -> None:
        self.try_it(lambda one: self.offices[at].change(one, moves.said), which)

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, which=WHICH, yes=st.booleans())
    def answer(self, at: int, which: int, yes: bool) -> None:
        office, chat_id = self.offices[at], self.chat(which)
        office.turn(office.chats.answer_transfer, chat_id, yes=yes, now=self.clock())

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, which=WHICH, press=st.booleans())
    def look_in(self, at: int, which: int, press: bool) -> None:
        office = self.offices[at]
        does = office.chats.still_here if press else office.chats.seen_by_person
        office.turn(does, self.chat(which), self.clock())

    @precondition(lambda self: self.ids)
    @rule(
        at=PROCESS,
        which=WHICH,
        ending=st.sampled_from(["by_person", "left", "erased"]),
        sure=st.integers(0, 3),
    )
    def leave(self, at: int, which: int, ending: str, sure: int) -> None:
        if sure:
            return
        office, chat_id = self.offices[at], self.chat(which)
        office.turn(office.chats.leave, chat_id, ending, self.clock())
        if ending == "erased":
            self.ids.remove(chat_id)

    # --- operators ------------------------------------------------------------------------------

    @rule(staff=STAFF)
    def begin(self, staff: str) -> None:
        with contextlib.suppress(Refused):
            self.offices[0].on_duty(staff, languages=("uk",) if staff == "ann" else ("uk", "ru"))
        self.away.pop(staff, None)
        self.offices[1].shifts.look()

    @rule(staff=STAFF)
    def end_shift(self, staff: str) -> None:
        desk = self.offices[0].desk
        desk.hand_over_all(staff)
        assert desk.board.of(staff) == ()
        assert not [chat for chat in self.all() if staff in {chat.offered, _to(chat)}]
        with contextlib.suppress(Refused):
            self.offices[0].shifts.end_shift(staff)
        self.beyond.discard(staff)
        self.offices[1].shifts.look()

    @rule(staff=STAFF, there=st.sampled_from([True, True, True, False]))
    def line(self, staff: str, there: bool) -> None:
        self.offices[0].shifts.connected(staff, there)
        self.offices[1].shifts.look()
        if there:
            self.away.pop(staff, None)
        else:
            self.away.setdefault(staff, self.clock())

    @rule(staff=STAFF, resting=st.sampled_from([True, False, False]))
    def rest(self, staff: str, resting: bool) -> None:
        shifts = self.offices[0].shifts
        with contextlib.suppress(Refused):
            (shifts.pause if resting else shifts.resume)(staff)
        self.offices[1].shifts.look()

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, staff=STAFF, which=WHICH)
    def claim(self, at: int, staff: str, which: int) -> None:
        self.try_it(lambda one: self.offices[at].desk.claim(staff, one), which)

    @rule(at=PROCESS, staff=STAFF)
    def claim_next(self, at: int, staff: str) -> None:
        with contextlib.suppress(Refused):
            self.offices[at].desk.claim_next(staff)

    @precondition(lambda self: self.ids)
    @rule(
        at=PROCESS,
        holder=HOLDER,
        which=WHICH,
        act=st.sampled_from(["release", "park", "unpark", "close", "leave_warm", "mark_heavy"]),
    )
    def act(self, at: int, holder: str, which: int, act: str) -> None:
        chat = self.of(which)
        staff = holder or (chat.owner if chat else "")
        if act == "mark_heavy":
            self.marked.add(staff)
        self.try_it(lambda one: getattr(self.offices[at].desk, act)(staff, one), which)

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, which=WHICH)
    def reply(self, at: int, which: int) -> None:
        self.try_it(lambda one: self.offices[at].change(one, moves.replied), which)

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, which=WHICH, to=TO, warm=st.booleans(), agrees=st.booleans())
    def transfer(self, at: int, which: int, to: str, warm: bool, agrees: bool) -> None:
        chat = self.of(which)
        owner = chat.owner if chat else ""
        desk = self.offices[at].desk
        self.try_it(lambda one: desk.transfer(owner, one, to, warm=warm), which)
        if agrees:
            self.answer(1 - at, which, yes=True)

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, holder=HOLDER, which=WHICH, takes=st.booleans())
    def answer_colleague(self, at: int, holder: str, which: int, takes: bool) -> None:
        desk, before = self.offices[at].desk, self.of(which)
        staff = holder or (_to(before) if before else "")
        act = desk.accept_transfer if takes else desk.refuse_transfer
        self.try_it(lambda one: act(staff, one), which)
        after = self.of(which)
        if before and after and not takes:
            assert (after.owner, after.state) == (before.owner, before.state)

    @precondition(lambda self: self.ids)
    @rule(at=PROCESS, which=WHICH, joins=st.booleans())
    def lead(self, at: int, which: int, joins: bool) -> None:
        desk = self.offices[at].desk
        self.beyond.add("lead")
        act = desk.join if joins else desk.take_over
        self.try_it(lambda one: act("lead", one, "a reason"), which)

    # --- time and restarts ----------------------------------------------------------------------

    @rule(seconds=SECONDS, first=PROCESS)
    def later(self, seconds: float, first: int) -> None:
        before = {chat.id: chat for chat in self.all()}
        self.clock.now += seconds
        self.offices[0].shifts.tick()
        self.offices[1].shifts.look()
        for office in (self.offices[first], self.offices[1 - first]):
            office.ring.destroy_expired()
            office.desk.tick(self.clock.now)
        self.offices[first].desk.look()
        rules = self.offices[0].rules
        for chat in self.living():
            assert self.clock() - chat.told_at < rules.told_seconds or chat.state != "waiting"
            if chat.state == "claimed" and chat.owed:
                assert self.clock() - chat.owed < rules.told_seconds
            assert chat.state != "parked" or self.clock() < chat.parked_until
            assert self.offices[0].board.picture.epochs[chat.id] == self.offices[0].ring.today()
            self.assert_owner_is_there(chat)
            was = before[chat.id]
            if was.transfer and not chat.transfer and chat.owner:
                assert chat.owner in {was.owner, was.helper, *self.colleagues(was)}

    def assert_owner_is_there(self, chat: Chat) -> None:
        if not chat.owner:
            return
        assert self.offices[0].shifts.of(chat.owner), "has no shift"
        away = self.away.get(chat.owner)
        grace = self.offices[0].rules.drop_seconds
        assert away is None or self.clock() - max(away, self.started) < grace

    def colleagues(self, was: Chat) -> set[str]:
        """Who may have got the chats of somebody whose shift ended meanwhile."""
        ended = self.offices[0].shifts.of(was.owner) is None
        return {duty.staff for duty in self.offices[0].shifts.on_duty()} if ended else set()

    started = 0.0

    @rule()
    def restart(self) -> None:
        """Both processes stop and start; every page is open again in time, unless it was away."""
        for office in self.offices:
            office.close()
        self.offices = [Office(self.folder, self.clock, RULES) for _ in range(2)]
        self.started = self.clock()
        for duty in self.offices[0].shifts.on_duty():
            if duty.staff not in self.away:
                self.offices[0].shifts.connected(duty.staff, True)
        self.offices[1].shifts.look()

    # --- helpers --------------------------------------------------------------------------------

    def chat(self, which: int) -> bytes:
        """One of those who live, while there are any."""
        living = self.offices[0].board.picture.chats
        known = [chat_id for chat_id in self.ids if chat_id in living] or self.ids
        return known[-1 - which % len(known)]

    def of(self, which: int) -> Chat | None:
        office = self.offices[0]
        with office.store.group() as group:
            return office.chats.of_person(group, self.chat(which))

    def all(self) -> list[Chat]:
        office = self.offices[0]
        with office.store.group() as group:
            found = [office.chats.of_person(group, chat_id) for chat_id in self.ids]
        return [chat for chat in found if chat is not None]

    def living(self) -> list[Chat]:
        return [chat for chat in self.all() if chat.state not in ENDED]

    def try_it(self, act: Callable[[bytes], object], which: int) -> None:
        """An act that may be refused, and then changes nothing."""
        before = self.of(which)
        try:
            act(self.chat(which))
        except Refused:
            assert self.of(which) == before

    def teardown(self) -> None:
        for office in getattr(self, "offices", ()):
            office.close()
        shutil.rmtree(getattr(self, "folder", "/nonexistent"), ignore_errors=True)


def _to(chat: Chat) -> str:
    step = chat.transfer
    return step.to if step and step.step != "joined" else ""
