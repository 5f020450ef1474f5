"""A room of slips on real files for each test, and one whole service for all of them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import Service
from bot.settings import Settings
from bot.storage.database import Database
from bot.vault import SigningKeys
from tests.postgres import schema_of_its_own
from tests.slips.room import Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A room on a file, and one on a server."""
    where = request.getfixturevalue("schema") if request.param == "postgresql" else None
    room = Room(tmp_path, where)
    yield room
    room.store.close()


@pytest.fixture
def schema() -> Iterator[Database]:
    """A schema of its own on a real server."""
    yield from schema_of_its_own()


async def made(folder: Path, **more: str) -> Service:
    """A service that was told who takes slips: everybody, unless it is said."""
    known = {"data": folder / "data", "key_ring": folder / "keys", "slips": "all", **more}
    signing = SigningKeys.open(folder / "signing")
    service = Service(Settings.model_validate(known), demo=True, signing=signing)
    await service.start()
    return service


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """One for all tests of the folder: nobody's slip is in another's way."""
    service = await made(tmp_path_factory.mktemp("service"))
    yield service
    await service.stop()
