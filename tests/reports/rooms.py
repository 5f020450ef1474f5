"""A tally on real files: a store, a key ring, a clock that is told to go on, noise we know."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.reports import tables
from bot.reports.cells import Cell, Domain
from bot.reports.tally import Tally
from bot.reports.vouching import Vouch
from bot.reports.weeks import Reports
from bot.storage import Store
from bot.storage.database import Database
from bot.vault import Epoch, KeyRing, SigningKeys, Vault
from tests.console_frame.visitors import Clock

MONDAY = 1_795_392_000.0
"""Monday 23 November 2026, midnight in UTC."""
DAY = 86_400.0
DOMAIN = Domain.of(("uk", "ru", "en"), ("UA", "UA-32", "UA-63", "LT", "abroad"))


@cache
def _empty() -> bytes:
    # Made once: bringing the tables up to date takes a tenth of a second.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quietline.db"
        Store.open(path).close()
        return path.read_bytes()


def laid(path: Path) -> Path:
    """That place, with an empty store in it where there was none."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(_empty())
        path.chmod(0o600)
    return path


def quiet(cells: int) -> Sequence[int]:
    """Noise that is none, for tests that look at what is added up."""
    return [0] * cells


@dataclass(frozen=True)
class Stopped:
    """A day that does not end."""

    day: Epoch

    def today(self) -> Epoch:
        """That one."""
        return self.day


@dataclass
class Rooms:
    """What the counts of one machine need."""

    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(MONDAY))
    drawn: list[int] = field(default_factory=list)
    """How many cells noise was drawn for, each time."""
    at: Path | Database | None = None
    """Where the store is; None: in the folder."""

    def __post_init__(self) -> None:
        self.ring = KeyRing.open(self.folder / "ring", self.clock)
        self.vault = Vault(self.ring)
        self.store = Store.open(self.at or laid(self.folder / "data" / "quietline.db"))
        self.vouch = Vouch(SigningKeys.open(self.folder / "signing"))
        self.tally = self.replica()

    def replica(
        self, draw: Callable[[int], Sequence[int]] = quiet, domain: Domain = DOMAIN
    ) -> Tally:
        """Another process that counts into the same store."""

        def noted(cells: int) -> Sequence[int]:
            self.drawn.append(cells)
            return draw(cells)

        return Tally(self.store, self.vault, self.ring, domain, noted, self.vouch)

    def late(self) -> Tally:
        """A process that never hears of another day than this one."""
        stopped = Stopped(self.ring.today())
        return Tally(self.store, self.vault, stopped, DOMAIN, quiet, self.vouch)

    def count(self, tally: Tally, cells: Iterable[Cell], times: int = 1) -> None:
        """Count them so often, each time in a group of its own."""
        for _ in range(times):
            with self.store.group() as group:
                tally.count(group, cells)

    def sunday(self) -> None:
        """It is the last day of the week."""
        self.clock.now = MONDAY + 6 * DAY

    def days_later(self, days: int, *tallies: Tally) -> None:
        """Midnights go by, and each process looks at the clock after each."""
        for _ in range(days):
            self.clock.now += DAY
            for tally in tallies:
                tally.settle()

    def weeks(self) -> list[dict[str, dict[str, int]]]:
        """What is told, newest first."""
        return [
            {name: dict(cells) for name, cells in week.cells.items()}
            for week in Reports(self.store, self.vouch).weeks()
        ]

    def rows(self) -> list[tuple[bytes, int, int, bytes]]:
        """The sealed rows, as a thief of the database has them."""
        with self.store.group() as group:
            return [tuple(row) for row in group.ask(tables.TALLIES, ())]

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
