"""Three people do anything in any order: what must hold about the ledger holds after each act."""

import contextlib
import functools
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.ledger.model import Actor, LedgerError, Record
from referral_directory.keeping import critical
from tests.ledger.conftest import Office, listing
from tests.often import often

PEOPLE = [Actor("anna"), Actor("borys"), Actor("vira", restricted=True)]
NUMBERS = ["+380440000001", "+380440000002", "+380440000003"]
PERSON = st.sampled_from(PEOPLE)
CHANGE = st.one_of(
    st.sampled_from([{"cost": "free"}, {"cost": "unknown"}, {"status": "closed"}]),
    st.sampled_from([{"contacts": [{"kind": "phone", "number": n}]} for n in NUMBERS]),
    st.sampled_from([{"summary": {"en": f"Call {n}"}} for n in NUMBERS]),
    st.just({"visibility": "operator_only"}),
)


@functools.cache
def _empty() -> Path:
    """An empty ledger, made once."""
    folder = Path(tempfile.mkdtemp())
    Office(folder / "office").ledger.close()
    return folder / "office"


class Office3(RuleBasedStateMachine):
    """One record and those who keep it."""

    def __init__(self) -> None:
        super().__init__()
        self.acts = 0
        self.touched: set[str] = set()
        """Who had a hand in the open draft."""
        self.served: bytes | None = None
        self.purged: set[str] = set()

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(_empty(), self.folder / "office")
        self.office = Office(self.folder / "office")
        self.ledger = self.office.ledger
        draft = self.office.proposed(listing(), PEOPLE[0])
        self.id = draft.record
        self.touched = {"anna"}

    def look(self) -> Record:
        return self.ledger.record(self.id, PEOPLE[2])

    @rule(who=PERSON, change=CHANGE)
    def propose(self, who: Actor, change: dict[str, object]) -> None:
        seen = self.look()
        base = seen.draft.content if seen.draft else seen.content
        version = seen.draft.version if seen.draft else None
        with contextlib.suppress(LedgerError):
            draft = self.ledger.propose(
                who, self.id, {**base, **change}, base=seen.revision, version=version
            )
            if seen.draft is None:
                self.touched = set()
            if seen.draft is None or draft.version != seen.draft.version:
                self.touched.add(who.id)

    @rule(who=PERSON)
    def check(self, who: Actor) -> None:
        seen = self.look()
        content = seen.draft.content if seen.draft else seen.content
        version = seen.draft.version if seen.draft else None
        with contextlib.suppress(LedgerError):
            self.ledger.check(who, self.id, critical(content), "call", version)

    @rule(who=PERSON)
    def approve(self, who: Actor) -> None:
        draft = self.look().draft
        if draft is None:
            return
        before = self.office.served().get(self.id)
        try:
            revision = self.ledger.publish(who, self.id, draft.version, draft.digest)
        except LedgerError:
            return
        after = self.office.served().get(self.id)
        if who.id in self.touched:
            # Alone: nothing that anybody could call or open has changed.
            assert revision.second is None
            assert before is not None
            assert [n in before.decode() for n in NUMBERS] == [
                n in (after or b"").decode() for n in NUMBERS
            ]
        else:
            assert revision.second == who.id
            assert revision.by in self.touched
        self.touched = set()

    @rule(who=PERSON)
    def discard(self, who: Actor) -> None:
        seen = self.look()
        if seen.draft is not None and seen.revision:
            self.ledger.discard(PEOPLE[2], self.id, seen.draft.version)
            self.touched = set()

    @rule(who=PERSON)
    def suspend(self, who: Actor) -> None:
        with contextlib.suppress(LedgerError):
            self.ledger.suspend(who, [self.id], why="unsafe")
            assert self.office.served().get(self.id) is None
            assert self.id in self.ledger.stopped(0)[1]

    @rule(who=PERSON)
    def lift(self, who: Actor) -> None:
        had = self.look().draft is not None
        with contextlib.suppress(LedgerError):
            self.ledger.lift(who, self.id, "all is well")
            self.touched = (self.touched if had else set()) | {who.id}

    @rule(who=PERSON, number=st.integers(1, 4))
    def revert(self, who: Actor, number: int) -> None:
        with contextlib.suppress(LedgerError):
            self.ledger.revert(who, self.id, number)
            self.touched = {who.id}

    @rule(who=PERSON, number=st.sampled_from(NUMBERS))
    def purge(self, who: Actor, number: str) -> None:
        second = PEOPLE[1] if who != PEOPLE[1] else PEOPLE[2]
        with contextlib.suppress(LedgerError):
            self.ledger.purge(who, second, self.id, [f"contact:phone:{number}"], "a leak")
            assert number.encode() not in self.office.bytes()

    @rule(days=st.sampled_from([1, 40, 200]))
    def wait(self, days: int) -> None:
        self.office.later(days)

    @rule()
    def restart(self) -> None:
        self.ledger.close()
        self.office.ledger = self.ledger = self.office.again()

    @invariant()
    def the_history_only_grows(self) -> None:
        history = self.ledger.history(self.id, PEOPLE[2])
        assert len(history) >= self.acts
        self.acts = len(history)

    @invariant()
    def what_is_published_was_seen_by_two(self) -> None:
        history = [one for one in self.ledger.history(self.id, PEOPLE[2]) if one.number]
        assert all(one.second != one.by for one in history)
        if history:
            assert history[0].second is not None
        if self.look().row.stage == "suspended":
            assert self.office.served().get(self.id) is None

    @invariant()
    def one_draft_and_its_authors(self) -> None:
        draft = self.look().draft
        assert set(draft.authors if draft else ()) == self.touched

    def teardown(self) -> None:
        assert self.ledger.verify_history() == ()
        assert self.ledger.published().alarms == ()
        self.ledger.close()
        shutil.rmtree(self.folder)


TestThreePeople = Office3.TestCase
TestThreePeople.settings = settings(max_examples=often(7), stateful_step_count=10, deadline=None)
