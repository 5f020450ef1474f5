"""One console for each file of tests, with what serves survivors beside it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.console_frame.visitors import Console, Visitor
from tests.console_work.week import Week, a_week

Desk = tuple[Week, Console]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with a_week(tmp_path_factory.mktemp("week", numbered=True)) as running:
        yield running


@pytest.fixture(scope="module")
def week(desk: Desk) -> Week:
    return desk[0]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def anna(desk: Desk) -> Visitor:
    """Writes, checks and approves; sees everything."""
    return await desk[1].someone("Anna", "lead")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ben(desk: Desk) -> Visitor:
    """As Anna."""
    return await desk[1].someone("Ben", "lead")
