"""Whoever has just come to the desk is there for people, whichever process they came to."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import Service
from bot.handoff.duty import Shifts
from bot.settings import Settings
from bot.storage import Store
from bot.storage.database import database_at
from bot.vault import SigningKeys
from tests.handing.people import Person, said
from tests.postgres import fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[SecretStr]:
    """The address of a server's, or none: then there is a file."""
    if request.param == "sqlite":
        yield SecretStr("")
        return
    for address in fresh():
        yield SecretStr(address)


@pytest.fixture
async def service(tmp_path: Path, database: SecretStr) -> AsyncIterator[Service]:
    settings = Settings(data=tmp_path / "data", key_ring=tmp_path / "keys", database=database)
    signing = SigningKeys.open(tmp_path / "signing")
    service = Service(settings, demo=True, signing=signing)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
def elsewhere(service: Service, database: SecretStr, tmp_path: Path) -> Iterator[Shifts]:
    """The shifts as another process of the same service has them."""
    address = database.get_secret_value()
    place = database_at(address) if address else tmp_path / "data" / "quietline.db"
    store = Store.open(place)
    yield Shifts(store, service.vault, service.ring, time.time)
    store.close()


def come(shifts: Shifts) -> None:
    shifts.connected("s1", there=True)
    shifts.begin_shift("s1", "Oksana", ["en"])


async def test_who_asks_in_the_second_in_which_somebody_comes_gets_into_line(
    service: Service, elsewhere: Shifts
) -> None:
    person = Person(service)
    await asyncio.to_thread(come, elsewhere)
    assert "Your place in line: 1" in said(await person.ask())
