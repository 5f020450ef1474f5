"""A room for each test, on a file or on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.handoff_words.room import Room, a_room
from tests.storage.both import of_backend, on_both


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_both(metafunc, {"test_messages"})


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database(backend: str) -> Iterator[Database | None]:
    """A schema of a server; None for a file."""
    with of_backend(backend) as database:
        yield database


@pytest.fixture
def room(tmp_path: Path, database: Database | None) -> Iterator[Room]:
    with a_room(tmp_path, database=database) as room:
        yield room
