"""One console for each file of tests: what one test leaves there is in nobody's way."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.rooms import Rooms, a_desk

Desk = tuple[Rooms, Console]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path_factory.mktemp("desk", numbered=True)) as running:
        yield running


@pytest.fixture(scope="module")
def rooms(desk: Desk) -> Rooms:
    return desk[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def anna(desk: Desk) -> Visitor:
    """Writes and approves; sees everything."""
    return await desk[1].someone("Anna", "lead")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ben(desk: Desk) -> Visitor:
    """As Anna."""
    return await desk[1].someone("Ben", "lead")
