"""Slips on a real store and a real folder of keys, on a day and an hour that a test may move."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from bot.handoff.code_words import read_lists
from bot.slips import Found, Lists, SlipKeys, Slips, tables
from bot.slips.pace import Pace, guesses
from bot.storage import Group, Store
from bot.storage.database import Database
from bot.storage.statements import statement
from bot.vault import Epoch, SigningKeys

LOCALES = Path(__file__).resolve().parents[2] / "locales"
MONDAY = 20_780
"""23 November 2026, in days since 1970."""
WORD_LISTS = read_lists(LOCALES)
LISTS = Lists(WORD_LISTS)
HERE, THERE = b"network one", b"network two"


@dataclass
class Room:
    """Slips, and what a test may look at or change."""

    folder: Path
    where: Path | Database | None = None
    """The database; a file of the folder unless it is said."""
    day: int = MONDAY
    now: float = 0.0
    counted: list[str] = field(default_factory=list)
    served: set[str] = field(default_factory=lambda: {"harbour-house", "ua-clinic"})

    def __post_init__(self) -> None:
        self.signing = SigningKeys.open(self.folder / "signing")
        self.where = self.where or self.folder / "quietline.db"
        self.store = Store.open(self.where)
        self.slips = self.another()

    def another_store(self) -> Store:
        """The same database as another process opens it."""
        return Store.open(self.where or self.folder)

    def another(self, store: Store | None = None) -> Slips:
        """The same as another process sees it."""
        keys = SlipKeys(self.signing, lambda: Epoch(self.day))
        clock = self.clock
        return Slips(store or self.store, keys, LISTS, guesses(clock), Pace(clock))

    def clock(self) -> float:
        return self.now

    def take(self, listing: str = "harbour-house", language: str = "en", **more: bool) -> str:
        """Words for a person, as she would say them."""
        with self.store.group() as group:
            words = self.slips.make(group, listing, language, **more)
        assert words is not None
        return " ".join(words)

    def look(self, words: str, place: bytes = HERE) -> Found:
        return self.slips.find(words, place, self.served.__contains__)

    def say(self, said: str, words: str, place: bytes = HERE, slips: Slips | None = None) -> Found:
        slips = slips or self.slips
        return slips.redeem(words, place, self.served.__contains__, self.count, said)

    def count(self, group: Group, said: str) -> None:
        del group
        self.counted.append(said)

    def rows(self) -> list[tuple[bytes, int, bytes]]:
        """What the table holds."""
        with self.store.group() as group:
            return group.ask(statement(select(tables.slip)), ())
