"""An office for each test, on a file or on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from tests.handoff_duty.office import Office, an_office
from tests.storage.both import of_backend, on_both


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_both(metafunc, {"test_shifts", "test_settings"})


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def database(backend: str) -> Iterator[Database | None]:
    """A schema of a server; None for a file."""
    with of_backend(backend) as database:
        yield database


@pytest.fixture
def office(tmp_path: Path, database: Database | None) -> Iterator[Office]:
    with an_office(tmp_path, database=database) as office:
        yield office
