"""The counts of one machine, new for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.rooms import Rooms


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    rooms = Rooms(tmp_path)
    yield rooms
    rooms.close()
