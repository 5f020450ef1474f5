"""The store against a dictionary: whatever is done in whatever order, both remember the same."""

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.storage import Conflict, Mark, Row, Store
from bot.storage.database import Database
from tests.often import often
from tests.storage.both import WHOLE, emptied

ALL = [bytes([n]) * 16 for n in range(6)]
ALIASES = st.sampled_from(ALL)
EPOCHS = st.integers(1, 3)
ROWS = st.builds(Row, ALIASES, EPOCHS, st.integers(0, 3), st.binary(max_size=8))
MARKS = st.builds(Mark, ALIASES, EPOCHS)


class Remembers(RuleBasedStateMachine):
    """Groups, footprints, forgetting, sweeping and restarts in any order."""

    replicas = 1

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[bytes, Row] = {}
        self.marks: dict[bytes, int] = {}
        self.outbox: dict[int, Row] = {}
        self.footprints: dict[tuple[bytes, int], Row] = {}

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.where = self.place()
        self.stores = [Store.open(self.where) for _ in range(self.replicas)]

    def place(self) -> Database | Path:
        return self.folder / "data" / "x.db"

    @property
    def store(self) -> Store:
        """Another replica each time, where there are several."""
        self.stores.append(self.stores.pop(0))
        return self.stores[0]

    @rule(
        rows=st.lists(ROWS, max_size=4, unique_by=lambda row: row.alias),
        load=st.lists(ALIASES, max_size=6),
        marks=st.lists(MARKS, max_size=3),
        outbox=st.lists(ROWS, max_size=3),
        forget=st.lists(ALIASES, max_size=2),
        moved=st.lists(ALIASES, max_size=2),
        sent=st.integers(0, 3),
        fails=st.booleans(),
    )
    def group(
        self,
        rows: Any,
        load: Any,
        marks: Any,
        outbox: Any,
        forget: Any,
        moved: Any,
        sent: int,
        fails: bool,
    ) -> None:
        done = sorted(self.outbox)[:sent]
        sessions = {k: v for k, v in self.sessions.items() if k not in {*forget, *moved}}
        known = {row.mark for row in marks}
        refused = (
            any(row.alias in sessions and row.alias not in load for row in rows)
            or len(known) < len(marks)
            or known & self.marks.keys()
        )
        try:
            with self.store.group() as group:
                assert group.load(load) == {a: self.sessions[a] for a in load if a in self.sessions}
                assert group.seen(known) == known & self.marks.keys()
                numbers = group.save(
                    rows, forget=forget, moved=moved, marks=marks, outbox=outbox, sent=done
                )
                if fails:
                    raise KeyError
        except Conflict:
            assert refused
            return
        except KeyError:
            return
        assert not refused
        self.sessions = sessions | {row.alias: row for row in rows}
        self.marks |= dict(marks)
        kept = {n: r for n, r in self.outbox.items() if n not in done and r.alias not in forget}
        assert list(numbers) == sorted(numbers)
        assert not numbers or numbers[0] > max(kept, default=-1)
        self.outbox = kept | dict(zip(numbers, outbox, strict=True))

    @rule(
        new=st.lists(ROWS, max_size=3, unique_by=lambda row: (row.alias, row.sequence)),
        gone=st.lists(ROWS, max_size=3),
    )
    def leave_footprints(self, new: Any, gone: Any) -> None:
        dropped = {(row.alias, row.sequence) for row in gone}
        left = {key: row for key, row in self.footprints.items() if key not in dropped}
        added = {(row.alias, row.sequence): row for row in new}
        try:
            with self.store.group() as group:
                group.leave_footprints(new, gone=gone)
        except Conflict:
            assert added.keys() & left.keys()
            return
        assert not added.keys() & left.keys()
        self.footprints = left | added

    @rule(row=ROWS, was=st.integers(0, 3))
    def change_footprint(self, row: Row, was: int) -> None:
        left = dict(self.footprints)
        old = left.pop((row.alias, was), None)
        refused = old is None or (row.alias, row.sequence) in left
        try:
            with self.store.group() as group:
                group.leave_footprints(changed=[(row, was)])
        except Conflict:
            assert refused
            return
        assert old is not None
        assert not refused
        self.footprints = left | {(row.alias, row.sequence): row._replace(epoch=old.epoch)}

    @rule(aliases=st.lists(ALIASES, max_size=3))
    def erase(self, aliases: Any) -> None:
        self.store.erase(aliases)
        self.sessions = {k: v for k, v in self.sessions.items() if k not in aliases}
        self.outbox = {n: row for n, row in self.outbox.items() if row.alias not in aliases}
        self.footprints = {k: row for k, row in self.footprints.items() if k[0] not in aliases}

    @rule(live=st.sets(EPOCHS))
    def sweep(self, live: Any) -> None:
        before = self.count()
        swept = self.store.sweep(live)
        self.sessions = {k: row for k, row in self.sessions.items() if row.epoch in live}
        self.marks = {mark: epoch for mark, epoch in self.marks.items() if epoch in live}
        self.outbox = {n: row for n, row in self.outbox.items() if row.epoch in live}
        self.footprints = {k: row for k, row in self.footprints.items() if row.epoch in live}
        assert swept == before - self.count()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.stores[0] = Store.open(self.where)

    @invariant()
    def remembers_the_same(self) -> None:
        stats = self.store.stats()
        assert (stats.sessions, stats.marks) == (len(self.sessions), len(self.marks))
        assert stats.sealed_bytes == sum(len(row.sealed) for row in self.sessions.values())
        assert stats.waiting == len(self.outbox)
        assert stats.file_bytes >= 4096
        assert stats.footprints == len(self.footprints)
        assert self.store.footprint_aliases() == sorted({key[0] for key in self.footprints})
        with self.store.group() as group:
            found = {(row.alias, row.sequence): row for row in group.footprints(ALL)}
        assert found == self.footprints
        assert [tuple(letter) for letter in self.store.pending()] == [
            (number, *row) for number, row in sorted(self.outbox.items())
        ]

    def count(self) -> int:
        tables = len(self.sessions) + len(self.marks) + len(self.outbox)
        return tables + len(self.footprints)

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)


class ReplicasRemember(Remembers):
    """The same on a server, where two replicas take turns at it."""

    replicas = 2

    def place(self) -> Database | Path:
        self.schema = contextlib.ExitStack()
        return self.schema.enter_context(emptied())

    def teardown(self) -> None:
        super().teardown()
        self.schema.close()


TestRemembers = Remembers.TestCase
TestReplicasRemember = ReplicasRemember.TestCase
TestRemembers.settings = settings(max_examples=often(25), stateful_step_count=15, deadline=None)
TestReplicasRemember.settings = settings(
    max_examples=25 if WHOLE else 6, stateful_step_count=15, deadline=None
)
