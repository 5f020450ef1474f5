"""A console with real files behind it, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.console_frame.visitors import Clock, Console, a_console, an_office


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def console(tmp_path: Path, clock: Clock) -> AsyncIterator[Console]:
    async with a_console(an_office(tmp_path / "data", clock=clock)) as console:
        yield console
