"""A console for all tests, with a new desk behind it for each, and who leads it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app import LOCALES
from bot.speech import read_speech
from tests.console_frame.visitors import Clock, Console, Visitor, a_console
from tests.console_frame.visitors import an_office as staff_office
from tests.console_listings.rooms import DIRECTORY
from tests.handoff_duty.office import NOON, Office, an_office


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms of a desk and the console that shows them."""

    office: Office
    console: Console

    async def lead(self, name: str = "Larysa Example") -> Visitor:
        """Somebody who leads it, signed in now."""
        return await self.console.someone(name, "lead")


@dataclass(frozen=True, slots=True)
class Running:
    """The console, its clock, and the parts of its office: the desk is one that is put there."""

    console: Console
    clock: Clock
    parts: dict[str, Any]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    clock = Clock(NOON)
    parts: dict[str, Any] = {"directory": DIRECTORY, "speech": read_speech(LOCALES)}
    office = staff_office(tmp_path_factory.mktemp("staff"), clock=clock, parts=parts)
    async with a_console(office) as console:
        yield Running(console, clock, parts)


@pytest.fixture
def desk(running: Running, tmp_path: Path) -> Iterator[Desk]:
    running.clock.now = NOON
    with an_office(tmp_path, running.clock) as office:
        running.parts["handoff"] = office
        yield Desk(office, running.console)
        del running.parts["handoff"]
