"""A room for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handoff_words.room import Room, a_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as room:
        yield room
