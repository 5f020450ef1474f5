"""Figures that somebody wrote into the database are told to nobody."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import report
from bot.reports.cells import Cell
from bot.reports.vouching import Vouch
from bot.storage.database import Database
from bot.vault import SigningKeys
from tests.postgres import schema_of_its_own
from tests.reports.rooms import DAY, Rooms

LEGAL = Cell("need", "legal")
ALARM = "weeks_changed_by_hand"
PUT = "INSERT INTO weekly (week, body) VALUES (?, ?)"
CHANGE = "UPDATE weekly SET body = ? WHERE week = ?"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database | None]:
    """A schema of a server; None for a file."""
    if request.param == "sqlite":
        yield None
        return
    yield from schema_of_its_own()


@pytest.fixture
def rooms(tmp_path: Path, database: Database | None) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path, at=database)
    rooms.sunday()
    rooms.count(rooms.tally, [LEGAL] * 70)
    rooms.clock.now += DAY
    rooms.tally.settle()
    yield rooms
    rooms.close()


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    heard: list[str] = []
    ended = report.on_alarm(heard.append)
    yield heard
    ended()


def by_hand(rooms: Rooms, statement: str, *values: object) -> None:
    """Somebody who can write into the database, and has no key."""
    with rooms.store.group() as group:
        group.run(statement, [values])


def told(rooms: Rooms) -> tuple[int, str]:
    """The newest week, as it lies there."""
    with rooms.store.group() as group:
        week, body = group.ask("SELECT week, body FROM weekly ORDER BY week DESC", ())[0]
    return week, body


def test_a_week_that_was_changed_or_made_up_is_left_out(rooms: Rooms, alarms: list[str]) -> None:
    week, body = told(rooms)
    assert rooms.weeks() == [{"need": {"legal": 70}}]
    by_hand(rooms, PUT, week + 7, body)
    by_hand(rooms, PUT, week - 7, '{"need":{"legal":900}}')
    assert rooms.weeks() == [{"need": {"legal": 70}}]
    by_hand(rooms, CHANGE, body.replace("70", "900"), week)
    assert rooms.weeks() == []
    assert alarms == [ALARM] * 2


def test_weeks_that_were_told_before_there_were_codes_are_told_and_later_ones_need_one(
    rooms: Rooms, alarms: list[str]
) -> None:
    week, body = told(rooms)
    by_hand(rooms, CHANGE, body.partition("\n")[0], week)
    shutil.rmtree(rooms.folder / "signing")
    rooms.vouch = Vouch(SigningKeys.open(rooms.folder / "signing"))
    assert rooms.weeks() == [{"need": {"legal": 70}}]
    rooms.replica()
    assert rooms.weeks() == [{"need": {"legal": 70}}]
    assert alarms == []
    by_hand(rooms, PUT, week + 7, '{"need":{"legal":900}}')
    assert rooms.weeks() == [{"need": {"legal": 70}}]
    assert alarms == [ALARM]
