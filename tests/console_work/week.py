"""A console with a real ledger and what serves survivors from it, and days that go by."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.ledger.ledger import Ledger
from bot.serving import Serving
from tests.console_frame.visitors import Clock, Console, a_console
from tests.console_listings.rooms import DIRECTORY, KNOWN, Rooms, content

DAY = 86_400


class Week(Rooms):
    """The office, its ledger, a few listings, and the service beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder, self.days = folder, Clock()
        # Sessions would be over long before a listing is due: the sign-in has a clock of its own.
        self.ledger.close()
        keys = self.office.parts["signing"]
        self.ledger = Ledger.open(folder / "directory.db", keys, self.days, known=KNOWN)
        self.serving = Serving(self.ledger, DIRECTORY, self.days)
        parts = {
            **self.office.parts,
            "live": lambda: self.serving.live,
            "by_hand": lambda: self.serving.by_hand,
        }
        self.office = replace(self.office, ledger=self.ledger, clock=self.days, parts=parts)

    def listed(self, name: str, **more: Any) -> str:
        """A listing of that name that survivors see; its id."""
        return self.published(content(names={"en": name}, **more))

    def later(self, days: int) -> None:
        """So many days go by."""
        self.days.now += days * DAY

    def checks_of(self, id_: str) -> dict[str, str]:
        """Who checked which part last."""
        return {check.part: check.by for check in self.record(id_).checks}

    def by_hand(self, statement: str, *values: str) -> None:
        """Somebody writes to the file who has no key."""
        with sqlite3.connect(self.folder / "directory.db") as connection:
            connection.execute(statement, values)
        connection.close()


@asynccontextmanager
async def a_week(folder: Path) -> AsyncIterator[tuple[Week, Console]]:
    """A console that runs on it."""
    week = Week(folder)
    async with a_console(week.office) as console:
        yield week, console
    week.ledger.close()
