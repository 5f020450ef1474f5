"""A console with real files behind it, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.console_frame.doors import CLOCK, at_the_door
from tests.console_frame.setting import setting
from tests.console_frame.visitors import NOON, Clock, Console, a_console, an_office

__all__ = ["clock", "console", "door", "from_noon", "setting"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def console(tmp_path: Path, clock: Clock) -> AsyncIterator[Console]:
    async with a_console(an_office(tmp_path / "data", clock=clock)) as console:
        yield console


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    """A console with pages of each kind; all tests of a file share it."""
    async with at_the_door(tmp_path_factory.mktemp("door")) as door:
        yield door


@pytest.fixture(autouse=True)
def from_noon() -> None:
    """Each test at the door begins at noon, an hour after the one before would have ended."""
    CLOCK.now = NOON
