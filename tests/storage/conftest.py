"""A store in a directory of its own, and rows to keep in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage import Store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / "quietline.db"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    store = Store.open(place, wait=0.05)
    yield store
    store.close()


@pytest.fixture
def alias() -> bytes:
    return os.urandom(16)
