"""One desk for the whole folder, put in order before each test."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.console_desk.desk import ADesk, a_desk


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def console_and_desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ADesk]:
    async with a_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture
def desk(console_and_desk: ADesk) -> ADesk:
    """Nobody waits, nobody is on duty, nothing was said."""
    console_and_desk.clear()
    return console_and_desk
