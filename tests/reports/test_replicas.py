"""Replicas on one server count into one week, and tell it once between them."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.reports import noise
from bot.reports.cells import Cell
from bot.storage.database import Database
from tests.postgres import schema_of_its_own
from tests.reports.rooms import DAY, Rooms

LEGAL, SHELTER = Cell("need", "legal"), Cell("need", "shelter")
TIMES = 12


@pytest.fixture
def database() -> Iterator[Database]:
    yield from schema_of_its_own()


@pytest.fixture
def replicas(tmp_path: Path, database: Database) -> Iterator[tuple[Rooms, Rooms]]:
    first = Rooms(tmp_path, at=database)
    second = Rooms(tmp_path, first.clock, at=database)
    first.sunday()
    yield first, second
    first.close()
    second.close()


def test_all_that_replicas_count_at_once_is_told_once(replicas: tuple[Rooms, Rooms]) -> None:
    def work(rooms: Rooms, cell: Cell) -> None:
        for _ in range(TIMES):
            rooms.count(rooms.tally, [cell] * 10)

    # Two threads of one replica, as a page of ours counts beside the turns, and another replica.
    jobs = [(replicas[0], LEGAL), (replicas[0], SHELTER), (replicas[1], LEGAL)]
    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    replicas[0].clock.now += DAY
    tellers = [threading.Thread(target=rooms.tally.settle) for rooms in replicas]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    for rooms in replicas:
        rooms.tally.settle()
    assert replicas[1].weeks() == [{"need": {"legal": 20 * TIMES, "shelter": 10 * TIMES}}]


def test_what_is_counted_but_not_kept_yet_is_waited_for(replicas: tuple[Rooms, Rooms]) -> None:
    """A group that counts is under way while the other replica tells the week."""
    counting, telling = replicas
    late = counting.late()
    counting.count(late, [LEGAL], 100)
    counting.clock.now += DAY
    teller = threading.Thread(target=telling.tally.settle)
    with counting.store.group() as group:
        late.count(group, [LEGAL] * 100)
        teller.start()
        teller.join(0.2)  # it waits for this group
    teller.join()
    telling.tally.settle()
    assert telling.weeks()[0] == {"need": {"legal": 200}}


def test_noise_of_two_that_tell_at_once_is_never_both_shown(
    replicas: tuple[Rooms, Rooms],
) -> None:
    first, second = replicas
    first.count(first.tally, [LEGAL], 300)
    first.clock.now += DAY

    def off(cells: int) -> Sequence[int]:
        raise ImportError(cells)

    with pytest.raises(ImportError):
        first.replica(off).settle()  # sealed anew, so that nobody waits for that below
    both = threading.Barrier(2)

    def drawn(cells: int) -> Sequence[int]:
        both.wait(10)
        return noise.draw(cells)

    tellers = [threading.Thread(target=rooms.replica(drawn).settle) for rooms in replicas]
    for teller in tellers:
        teller.start()
    for teller in tellers:
        teller.join()
    told = first.weeks()
    first.tally.settle()
    second.tally.settle()
    assert first.weeks() == told
    assert (len(first.drawn), len(second.drawn)) == (2, 1)
