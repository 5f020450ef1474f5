"""A console with something in it that acts could be tried on, for tests of every route."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.console.frame import Route
from bot.staff import ROLES
from bot.staff.model import Stage
from tests.console_frame.visitors import Console, Visitor, a_console
from tests.console_listings.rooms import Rooms


class Setting:
    """A console with a listing, a draft, an account and a key that acts could be tried on."""

    def __init__(self, folder: Path, rooms: Rooms, console: Console) -> None:
        self.folder, self.console, book = folder, console, rooms.office.book
        self._two: dict[Stage, tuple[Visitor, Visitor]] = {}
        self.listing = rooms.published()
        self.other = book.accounts.add("Clara Example", ["viewer"])[0].id
        self.key = book.keys.create("Partner Example", ["hsds.read"], "s1")[0].id

    async def two(self, stage: Stage) -> tuple[Visitor, Visitor]:
        """Two who have every role, signed in once: for tests after which all is as it was."""
        if stage not in self._two:
            names = f"Everything {stage}", f"Foreign {stage}"
            one, other = [await self.console.someone(n, *ROLES, stage=stage) for n in names]
            self._two[stage] = one, other
        return self._two[stage]

    def path(self, route: Route) -> str:
        """The route with something in it that is there."""
        known = {"/people": self.other, "/keys": self.key, "/listings": self.listing}
        known["/drafts"] = self.listing
        there = next((id_ for start, id_ in known.items() if route.path.startswith(start)), "1")
        return re.sub(r"\{[^}]+\}", there, route.path)

    def dump(self) -> str:
        """Everything that is kept, in words."""
        return "\n".join(
            line
            for name in ("staff/staff.db", "directory.db")
            for line in _lines(self.folder / name)
        )


def _lines(path: Path) -> Iterator[str]:
    with sqlite3.connect(path) as connection:
        yield from connection.iterdump()
    connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def setting(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Setting]:
    """All tests of a file share it."""
    folder = tmp_path_factory.mktemp("office")
    rooms = Rooms(folder)
    async with a_console(rooms.office) as console:
        yield Setting(folder, rooms, console)
    rooms.ledger.close()
