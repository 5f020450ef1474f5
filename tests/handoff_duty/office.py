"""A desk's own files for a test: a real store, a real key ring, a clock that is told to go on.

with an_office(folder) as office:
    office.shifts.begin_shift("s1", "Anna", ["uk"])
    office.later(minutes=5)
    again = office.restarted()
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from bot.handoff.counts import Counts
from bot.handoff.duty import Shifts
from bot.handoff.hours import Opening
from bot.handoff.model import DeskRules
from bot.handoff.settings import Settings
from bot.handoff.surge import Surge
from bot.storage import Store
from bot.storage.database import Database
from bot.vault import KeyRing, SigningKeys, Vault
from tests.console_frame.visitors import Clock

NOON = 1_795_435_200.0
"""Monday 23 November 2026, 12:00 in UTC; 14:00 in Kyiv."""


@cache
def _empty() -> bytes:
    # Made once: bringing the tables up to date takes a tenth of a second.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quietline.db"
        Store.open(path).close()
        return path.read_bytes()


@dataclass
class Office:
    """All that this room keeps, and who is told of changes."""

    folder: Path
    clock: Clock
    told: list[tuple[str, ...]] = field(default_factory=list)
    loads: dict[str, tuple[int, int]] = field(default_factory=dict)
    database: Database | None = None
    """Instead of a file in that folder."""

    def __post_init__(self) -> None:
        self.ring = KeyRing.open(self.folder / "ring", self.clock)
        self.vault = Vault(self.ring)
        self.store = Store.open(self.database or self.folder / "quietline.db")
        self.rules = DeskRules()
        self.shifts = Shifts(
            self.store,
            self.vault,
            self.ring,
            self.clock,
            self.rules,
            loads=lambda staff: self.loads.get(staff, (0, 0)),
            audit=self.audit,
        )
        self.signing = SigningKeys.open(self.folder / "signing")
        self.settings = Settings(self.store, self.signing, self.audit)
        self.opening = Opening(self.settings, {"LT": ("12-24",)})
        self.surge = Surge(self.settings, self.clock)
        self.counts = Counts(self.store, self.vault, self.ring, self.clock, self.opening.zone_of)

    def audit(self, staff: str, act: str, about: str = "", why: str = "") -> None:
        self.told.append(tuple(part for part in (staff, act, about, why) if part))

    def later(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Time goes by."""
        self.clock.now += seconds + 60 * minutes + 3600 * hours

    def beside(self) -> Self:
        """Another process on the same files."""
        return type(self)(self.folder, self.clock, database=self.database)

    def restarted(self) -> Self:
        """The same after a restart."""
        self.store.close()
        return self.beside()


@contextmanager
def an_office(
    folder: Path, clock: Clock | None = None, database: Database | None = None
) -> Iterator[Office]:
    """One in an empty folder."""
    folder.chmod(0o700)
    path = folder / "quietline.db"
    path.write_bytes(_empty())
    path.chmod(0o600)
    office = Office(folder, clock or Clock(NOON), database=database)
    try:
        yield office
    finally:
        office.store.close()
