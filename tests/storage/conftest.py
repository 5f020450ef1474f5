"""A store in a place of its own, and rows to keep in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage import Store
from bot.storage.database import Database
from tests.storage.both import of_backend, on_both


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_both(metafunc, {"test_groups"})


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "quietline.db"


@pytest.fixture
def where(backend: str, place: Path) -> Iterator[Database | Path]:
    with of_backend(backend) as database:
        yield database or place


@pytest.fixture
def store(where: Database | Path) -> Iterator[Store]:
    store = Store.open(where, wait=0.05)
    yield store
    store.close()


@pytest.fixture
def alias() -> bytes:
    return os.urandom(16)
