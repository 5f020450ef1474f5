"""A week is added up whatever happens to those who count, and told once."""

import contextlib
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.reports import noise
from bot.reports.cells import Cell, Domain
from bot.reports.tally import Tally, monday
from bot.storage import StoreError
from tests.reports.rooms import DAY, DOMAIN, MONDAY, Rooms

LEGAL, SHELTER = Cell("need", "legal"), Cell("need", "shelter")


def test_a_week_is_told_when_it_is_over_and_no_exact_number_is_left(rooms: Rooms) -> None:
    rooms.tally.settle()
    rooms.count(rooms.tally, [LEGAL], 73)
    rooms.count(rooms.tally, [SHELTER], 12)
    rooms.days_later(6, rooms.tally)
    assert rooms.weeks() == []
    rooms.days_later(1, rooms.tally)
    assert rooms.weeks() == [{"need": {"legal": 75}}]
    assert len(rooms.rows()) == 1  # of the week that goes on


def test_what_was_counted_outlives_the_process(rooms: Rooms) -> None:
    rooms.count(rooms.tally, [LEGAL], 40)
    again = rooms.replica()
    again.settle()
    rooms.count(again, [LEGAL], 40)
    rooms.days_later(7, again)
    assert rooms.weeks() == [{"need": {"legal": 80}}]


def test_two_processes_count_into_one_week_and_one_of_them_tells_it(rooms: Rooms) -> None:
    other = rooms.replica()
    for day in range(7):
        rooms.count(rooms.tally, [LEGAL], 5)
        rooms.count(other, [LEGAL, Cell("channel", "web")], 10)
        rooms.days_later(1, *((rooms.tally, other) if day % 2 else (other, rooms.tally)))
    assert rooms.weeks() == [{"need": {"legal": 105}, "channel": {"web": 70}}]
    assert rooms.drawn == [len(DOMAIN.cells)]


def test_who_moves_on_in_another_process_is_one_person_still(rooms: Rooms) -> None:
    other = rooms.replica()
    rooms.count(rooms.tally, [LEGAL], 70)
    rooms.count(other, [Cell("need", "legal", -1), SHELTER], 60)
    rooms.days_later(7, rooms.tally, other)
    assert rooms.weeks() == [{"need": {"shelter": 60}}]


def test_what_a_group_did_not_keep_is_not_counted(rooms: Rooms) -> None:
    rooms.count(rooms.tally, [LEGAL], 60)

    def fails() -> None:
        with rooms.store.group() as group:
            rooms.tally.count(group, [LEGAL] * 100)
            raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            fails()
    rooms.count(rooms.tally, [SHELTER], 60)
    rooms.days_later(7, rooms.tally)
    assert rooms.weeks() == [{"need": {"legal": 60, "shelter": 60}}]


def test_a_report_is_never_drawn_twice(rooms: Rooms) -> None:
    rooms.sunday()
    rooms.count(rooms.tally, [LEGAL], 200)
    rooms.clock.now += DAY
    first, second = rooms.replica(noise.draw), rooms.replica(noise.draw)
    first.settle()
    told = rooms.weeks()
    for tally in (second, first, second):
        tally.settle()
    assert rooms.weeks() == told
    assert len(rooms.drawn) == 1


def test_of_two_that_draw_at_the_same_moment_one_is_told(rooms: Rooms) -> None:
    """The second tells the week between the first one's noise and its report."""
    rooms.sunday()
    rooms.count(rooms.tally, [LEGAL], 200)
    rooms.clock.now += DAY
    quicker = rooms.replica(lambda cells: [300] * cells)

    def slow(cells: int) -> Sequence[int]:
        quicker.settle()
        return [900] * cells

    rooms.replica(slow).settle()
    (week,) = rooms.weeks()
    assert week["need"]["legal"] == 500
    assert len(rooms.drawn) == 2


def test_what_is_counted_while_a_week_is_being_told_is_told_with_it_or_not_at_all(
    rooms: Rooms,
) -> None:
    rooms.sunday()
    rooms.count(rooms.tally, [LEGAL], 100)
    late = rooms.late()  # a process that has not heard yet that the week is over
    rooms.count(late, [SHELTER], 50)
    rooms.clock.now += DAY

    def slow(cells: int) -> Sequence[int]:
        rooms.count(late, [SHELTER], 50)
        return [0] * cells

    rooms.replica(slow).settle()
    assert rooms.weeks() == [{"need": {"legal": 100, "shelter": 100}}]
    rooms.count(late, [LEGAL], 100)
    rooms.days_later(1, rooms.tally)
    assert rooms.weeks() == [{"need": {"legal": 100, "shelter": 100}}]
    assert len(rooms.rows()) == 1


@pytest.mark.parametrize("broken", range(12))
def test_a_crash_at_any_step_loses_nothing_and_tells_nothing_twice(
    tmp_path: Path, broken: int
) -> None:
    rooms = Rooms(tmp_path)
    rooms.sunday()
    rooms.count(rooms.tally, [LEGAL], 100)
    rooms.count(rooms.replica(), [LEGAL], 50)
    rooms.clock.now += DAY
    step = itertools.count()

    class Dying(Tally):
        def _drop(self, *args: object) -> None:
            self._step()
            super()._drop(*args)  # type: ignore[arg-type]  # handed on as it came

        def _make(self, *args: object) -> object:  # type: ignore[override]
            self._step()
            made = super()._make(*args)  # type: ignore[arg-type]
            self._step()
            return made

        def _tell(self, *args: object) -> None:
            self._step()
            super()._tell(*args)  # type: ignore[arg-type]
            self._step()

        @staticmethod
        def _step() -> None:
            if next(step) == broken:
                raise KeyboardInterrupt

    parts = rooms.store, rooms.vault, rooms.ring, DOMAIN
    dying = Dying(*parts, lambda cells: [0] * cells, rooms.vouch)
    with contextlib.suppress(KeyboardInterrupt):
        dying.settle()
    rooms.store.close()
    for _ in range(2):
        rooms.replica(lambda cells: [0] * cells).settle()
    assert rooms.weeks() == [{"need": {"legal": 150}}]
    rooms.close()


def test_a_week_in_which_nobody_came_looks_like_any_other(rooms: Rooms) -> None:
    rooms.tally.settle()
    rooms.days_later(7, rooms.tally)
    assert rooms.weeks() == [{}]
    assert rooms.drawn == [len(DOMAIN.cells)]


def test_a_row_is_of_one_size_whatever_was_counted(rooms: Rooms) -> None:
    rooms.tally.settle()
    (empty,) = rooms.rows()
    everything = [Cell(dimension, key) for dimension, key in DOMAIN.cells]
    rooms.count(rooms.replica(), everything * 300)
    assert {len(row[3]) for row in rooms.rows()} == {len(empty[3])}
    assert len({row[2] for row in rooms.rows()}) == 2


def test_rows_are_sealed_anew_each_day_and_brought_into_one(rooms: Rooms) -> None:
    for _ in range(3):
        rooms.count(rooms.replica(), [LEGAL], 30)
    assert len(rooms.rows()) == 3
    rooms.days_later(1, rooms.tally)
    ((_, epoch, _, _),) = rooms.rows()
    assert epoch == rooms.ring.today()
    rooms.days_later(6, rooms.tally)
    assert rooms.weeks() == [{"need": {"legal": 90}}]


def test_who_was_off_until_the_keys_were_gone_tells_nothing_of_that_week(rooms: Rooms) -> None:
    rooms.tally.settle()
    rooms.count(rooms.tally, [LEGAL], 100)
    rooms.clock.now += 8 * DAY
    rooms.ring.destroy_expired()
    rooms.tally.settle()
    assert rooms.tally.sweep(rooms.ring.live()) == 2
    rooms.tally.settle()
    assert rooms.weeks() == []
    assert len(rooms.rows()) == 1


def test_what_is_no_cell_is_not_counted_and_keeps_nothing_busy(rooms: Rooms) -> None:
    rooms.count(rooms.tally, [Cell("need", "a made-up one"), Cell("region", "XX")])
    rooms.count(rooms.tally, [])
    assert rooms.rows() == []


def test_a_cell_that_the_settings_no_longer_name_goes_with_its_row(rooms: Rooms) -> None:
    rooms.count(rooms.tally, [Cell("region", "UA-32"), LEGAL], 80)
    fewer = rooms.replica(domain=Domain.of(("uk",), ("LT",)))
    rooms.days_later(7, fewer)
    assert rooms.weeks() == [{"need": {"legal": 80}}]


def test_more_cells_than_a_row_has_room_for_are_refused_at_the_start(rooms: Rooms) -> None:
    with pytest.raises(ValueError, match="more cells"):
        rooms.replica(domain=Domain.of(("uk",), (f"place {n}" for n in range(2_000))))


def test_a_store_that_is_gone_is_said_and_nothing_is_told(rooms: Rooms) -> None:
    rooms.sunday()
    rooms.count(rooms.tally, [LEGAL], 100)
    rooms.clock.now += DAY
    rooms.store.close()
    (rooms.folder / "data" / "quietline.db").rename(rooms.folder / "elsewhere")
    with pytest.raises(StoreError):
        rooms.tally.settle()
    (rooms.folder / "elsewhere").rename(rooms.folder / "data" / "quietline.db")
    rooms.tally.settle()
    assert rooms.weeks() == [{"need": {"legal": 100}}]


def test_a_week_begins_on_monday() -> None:
    day = int(MONDAY // DAY)
    assert [monday(day + n) for n in range(-1, 8)] == [day - 7, *[day] * 7, day + 7]
