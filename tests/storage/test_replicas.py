"""Several replicas on one server: nothing is lost, nothing is overwritten, nobody's turns cross."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.storage import Behind, Conflict, Group, Posted, Row, Store, StoreError, tables
from bot.storage.database import Database, database_at
from tests.postgres import Server
from tests.storage.both import emptied

PEOPLE = [bytes([number]) * 16 for number in range(12)]
DAY = 20_780


@pytest.fixture
def schema() -> Iterator[Database]:
    with emptied() as database:
        yield database


@pytest.fixture
def replicas(schema: Database) -> Iterator[list[Store]]:
    stores = [Store.open(schema) for _ in range(2)]
    yield stores
    for store in stores:
        store.close()


def again(does: Callable[[], None]) -> None:
    """As the service does: a group that lost a race is taken again."""
    for _ in range(20):
        with suppress(Conflict):
            return does()
    raise AssertionError("a group lost twenty times")


def take_turns(store: Store, seed: int, groups: int) -> None:
    """Each turn counts one on in its person's session, and says the number."""
    chance = random.Random(seed)

    def some(people: list[bytes]) -> None:
        with store.group(today=DAY) as group:
            rows = group.load(people)
            new = []
            for alias in people:
                row = rows.get(alias)
                new.append(Row(alias, DAY, row.sequence + 1 if row else 1, b"sealed"))
            group.save(new, outbox=new)

    for _ in range(groups):
        people = chance.sample(PEOPLE, chance.randint(1, 6))
        again(lambda people=people: some(people))  # type: ignore[misc]


def take_out(group: Group, most: int) -> list[Posted]:
    rows = [Posted(*row) for row in group.ask(tables.PENDING, (-1, most, 0))]
    group.save(sent=[row.id for row in rows])
    return rows


def test_of_turns_of_two_replicas_none_is_lost_and_each_reply_leaves_once_in_its_order(
    replicas: list[Store], schema: Database
) -> None:
    sent: list[Posted] = []
    done = threading.Event()

    def pump(store: Store) -> None:
        while True:
            last = done.is_set()
            with store.group() as group:
                rows = take_out(group, 7)
                sent.extend(rows)
            if last and not rows:
                return

    others = [Store.open(schema) for _ in range(2)]
    with ThreadPoolExecutor(6) as pool:
        pumps = [pool.submit(pump, store) for store in others]
        turns = [
            pool.submit(take_turns, store, seed, 30)
            for seed, store in enumerate([*replicas, *replicas])
        ]
        for one in turns:
            one.result()
        done.set()
        for one in pumps:
            one.result()
    for store in others:
        store.close()
    said = defaultdict(list)
    for row in sent:
        said[row.alias].append(row.sequence)
    with replicas[0].group() as group:
        kept = group.load(PEOPLE)
    assert len({row.id for row in sent}) == len(sent) > 100
    for alias, numbers in said.items():
        assert numbers == list(range(1, kept[alias].sequence + 1))


def test_who_loads_a_person_has_them_until_the_commit(replicas: list[Store]) -> None:
    here, there = replicas
    alias = PEOPLE[0]
    loaded, told = threading.Event(), []

    def wait_for_them() -> None:
        loaded.wait()
        with there.group() as group:
            told.append(group.load([alias])[alias].sealed)

    waiting = threading.Thread(target=wait_for_them)
    waiting.start()
    with here.group() as group:
        group.load([alias])
        loaded.set()
        waiting.join(0.2)
        assert told == []
        group.save([Row(alias, DAY, 1, b"kept here")])
    waiting.join()
    assert told == [b"kept here"]


def test_a_replica_that_dies_in_a_group_holds_nobody_and_kept_nothing_of_it(
    replicas: list[Store], schema: Database
) -> None:
    here, there = replicas
    row = Row(PEOPLE[0], DAY, 1, b"never told")

    def die() -> None:
        with here.group() as group:
            group.load([row.alias])
            group.save([row], outbox=[row])
            ((me,),) = group.ask("SELECT pg_backend_pid()", ())
            with closing(schema.engine().raw_connection()) as other:
                other.cursor().execute(f"SELECT pg_terminate_backend({me})")

    with pytest.raises(StoreError):
        die()
    with there.group() as group:
        assert group.load([row.alias]) == {}
        group.save([row])
    with here.group() as group:
        assert group.load([row.alias]) == {row.alias: row}
    assert here.pending() == []


def test_a_replica_that_did_not_hear_of_midnight_is_told_before_it_answers_anybody(
    replicas: list[Store],
) -> None:
    late, prompt = replicas
    yesterday, today = Row(PEOPLE[0], DAY, 1, b"old"), Row(PEOPLE[1], DAY + 1, 1, b"new")
    with late.group(today=DAY) as group:
        group.load([yesterday.alias])
        group.save([yesterday])
    with prompt.group(today=DAY + 1) as group:
        group.load([today.alias, yesterday.alias])
        group.save([today], moved=[yesterday.alias])
    with pytest.raises(Behind, match="later day"), late.group(today=DAY) as group:
        group.load([yesterday.alias])
    with pytest.raises(Behind):
        late.sweep([DAY - 1, DAY])
    with late.group(today=DAY + 1) as group:
        assert group.load([today.alias]) == {today.alias: today}
    assert late.sweep([]) == 1
    with late.group(today=DAY) as group:
        assert group.load([today.alias]) == {}


def test_who_leaves_while_their_reply_is_taken_out_gets_it_or_not_but_never_afterwards(
    replicas: list[Store],
) -> None:
    here, there = replicas
    row = Row(PEOPLE[0], DAY, 1, b"a reply")
    with here.group() as group:
        group.save([row], outbox=[row])
    with here.group() as group:
        group.load([row.alias])
        group.save(forget=[row.alias])
        with there.group() as pump:
            assert take_out(pump, 9) == []
    with there.group() as pump:
        assert take_out(pump, 9) == []


def test_a_backup_of_a_server_is_a_file_of_what_lasts_and_opens_as_one(
    replicas: list[Store], tmp_path: Path
) -> None:
    import bot.handoff.office_tables as office  # noqa: PLC0415 - its tables have to be known

    rows = [Row(alias, DAY, 3, b"sealed" * 100) for alias in PEOPLE]
    with replicas[0].group() as group:
        group.save(rows, outbox=[row._replace(sealed=b"on its way") for row in rows])
        group.run(office.MAKE_SETTING, [("hours/uk", 1, "{}")])
    tmp_path.chmod(0o700)
    copy = tmp_path / "copy.db"
    replicas[1].backup(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert b"on its way" not in copy.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["copy.db"]
    opened = Store.open(copy)
    with opened.group() as group:
        assert group.load(PEOPLE) == {row.alias: row for row in rows}
        assert group.ask(office.SETTINGS, ()) == [("hours/uk", 1, "{}")]
    assert opened.pending() == []
    opened.close()


def test_replicas_that_start_together_on_an_empty_server_make_the_tables_once() -> None:
    with Server() as server:
        stores: list[Any] = []
        place = database_at(server.dsn(), "quietline")
        with ThreadPoolExecutor(4) as pool:
            stores = list(pool.map(lambda _: Store.open(place), range(4)))
        assert [store.stats().sessions for store in stores] == [0, 0, 0, 0]
        server.stop()
        with pytest.raises(StoreError, match="PostgreSQL"), stores[0].group() as group:
            group.load(PEOPLE)
        server.start()
        for store in stores:
            # The first to ask finds the line broken, and the next one a new line.
            with suppress(StoreError), store.group() as group:
                group.load(PEOPLE)
            with store.group(today=DAY) as group:
                group.load(PEOPLE)
            store.close()
