"""Whatever staff, their lines and the clock do in any order: pauses hold, and nobody is lost."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.handoff.model import Refused
from tests.handoff_duty.office import Office, an_office
from tests.often import often

STAFF = st.sampled_from(["s1", "s2"])
NAMES = st.sampled_from(["Anna", "Olena"])


def refusal(act: Callable[[], object]) -> str:
    """Why it was refused; empty when it was done."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return ""


class Shifts(RuleBasedStateMachine):
    """Two people, two names, one desk."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.office: Office = self.stack.enter_context(an_office(folder))
        self.rests: dict[str, float] = {}
        self.lines: set[str] = set()
        self.on: set[str] = set()

    def teardown(self) -> None:
        self.office.store.close()
        self.stack.close()

    @rule(staff=STAFF, who=NAMES)
    def begin(self, staff: str, who: str) -> None:
        taken = {one.who for one in self.office.shifts.on_duty()}
        code = refusal(lambda: self.office.shifts.begin_shift(staff, who, ["uk"]))
        assert code in {"", "shift_open", "who_taken"}
        assert bool(code) == (staff in self.on or who in taken)
        if not code:
            self.on.add(staff)

    @rule(staff=STAFF, act=st.sampled_from(["pause", "resume", "end"]))
    def act(self, staff: str, act: str) -> None:
        shifts = self.office.shifts
        do = {"pause": shifts.pause, "resume": shifts.resume, "end": shifts.end_shift}[act]
        code = refusal(lambda: do(staff))
        assert code in {"", "no_shift", "rest"}
        assert (code == "no_shift") == (staff not in self.on)
        assert act == "resume" or code != "rest"
        if act == "end":
            self.on.discard(staff)

    @rule(staff=STAFF)
    def heavy(self, staff: str) -> None:
        self.office.shifts.heavy_ended(staff)
        if staff in self.on:
            self.rests[staff] = self.office.clock.now + 900

    @rule(staff=STAFF, there=st.booleans())
    def line(self, staff: str, there: bool) -> None:
        self.office.shifts.connected(staff, there)
        (self.lines.add if there else self.lines.discard)(staff)

    @rule(minutes=st.sampled_from([1, 6, 20, 60, 720]))
    def time(self, minutes: int) -> None:
        self.office.later(minutes=minutes)
        for staff in self.office.shifts.tick():
            assert staff not in self.lines
            self.on.remove(staff)

    @rule()
    def restart(self) -> None:
        self.office = self.office.restarted()
        self.lines.clear()
        assert self.office.shifts.gone() == ()

    @invariant()
    def everybody_is_where_they_were_and_rests(self) -> None:
        duties = {one.staff: one for one in self.office.shifts.on_duty()}
        assert set(duties) == self.on
        for staff, duty in duties.items():
            assert duty.paused or self.rests.get(staff, 0) <= self.office.clock.now
            assert duty.connected or staff not in self.lines
        assert not self.lines & set(self.office.shifts.gone())
        assert len({one.who for one in duties.values()}) == len(duties)


def test_in_any_order_a_rest_is_rested_and_a_restart_forgets_nobody() -> None:
    run_state_machine_as_test(
        Shifts, settings=settings(max_examples=often(25), stateful_step_count=30, deadline=None)
    )
