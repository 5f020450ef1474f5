"""A whole desk on a real file: store, keys, shifts, board; and a clock that is set by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.handoff.acting import Parts
from bot.handoff.board import Board
from bot.handoff.chats import Chats
from bot.handoff.desk import Desk
from bot.handoff.duty import Shifts
from bot.handoff.model import Address, Asked, Changed, Chat, DeskRules
from bot.handoff.rows import Rows
from bot.storage import Store
from bot.storage.database import Database
from bot.vault import KeyRing, Vault


@cache
def _empty() -> bytes:
    # Made once: bringing the tables up to date takes a tenth of a second.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quietline.db"
        Store.open(path).close()
        return path.read_bytes()


MONDAY = 1_790_000_000.0 - 1_790_000_000.0 % 86_400 + 8 * 3_600
"""Eight in the morning, UTC."""


@dataclass
class Clock:
    now: float = MONDAY

    def __call__(self) -> float:
        return self.now


@dataclass
class Office:
    """One process at a desk. Two may stand on one file."""

    place: Path
    clock: Clock = field(default_factory=Clock)
    rules: DeskRules = field(default_factory=DeskRules)
    wait: float = 2.0
    keep_hours: int = 72
    audit: list[tuple[str, ...]] = field(default_factory=list)
    audit_broken: bool = False
    waits: list[tuple[str, float]] = field(default_factory=list)
    owned: list[tuple[str, str]] = field(default_factory=list)
    """Owner and helper of a chat, each time when it is said who may read it now."""
    heard: list[Changed] = field(default_factory=list)
    database: Database | None = None
    """Instead of a file in that place."""

    def __post_init__(self) -> None:
        self.ring = KeyRing.open(self.place / "keys", self.clock, self.keep_hours)
        self.vault = Vault(self.ring)
        file = self.place / "data" / "quietline.db"
        if not file.exists():
            file.parent.mkdir(mode=0o700)
            file.touch(mode=0o600)
            file.write_bytes(_empty())
        self.store = Store.open(self.database or file, self.wait)
        self.rows = Rows(self.vault, self.ring.live)
        self.board = Board(self.store, self.rows)
        self.board.listeners.append(self.heard.append)
        self.shifts = Shifts(
            self.store, self.vault, self.ring, self.clock, self.rules, loads=self.board.load
        )
        self.chats = Chats(self.rows)
        self.desk = Desk(
            Parts(
                self.store,
                self.rows,
                self.board,
                self.shifts,
                self.clock,
                self.rules,
                audit=self._told,
                waited=lambda _group, language, seconds: self.waits.append((language, seconds)),
                owned=lambda _group, chat: self.owned.append((chat.owner, chat.helper)),
            )
        )

    def _told(self, staff: str, act: str, about: str = "", why: str = "") -> bool:
        self.audit.append((staff, act, about, why))
        return not self.audit_broken

    def on_duty(self, *staff: str, **more: Any) -> None:
        """Their shifts begin, with a page open and a key."""
        for one in staff:
            self.shifts.connected(one, True)
            who, keys = f"{one.title()} Test", (one.encode()[:8].ljust(8, b"."),)
            made = {"languages": ("uk",), "keys": keys} | more
            self.shifts.begin_shift(one, who, **made)

    def ask(self, language: str = "uk", **more: Any) -> Chat:
        """Somebody asks for a human."""
        with self.store.group() as group:
            chat = self.chats.ask(group, asking(language, **more), self.clock())
        self.desk.look()
        return chat

    def turn(self, does: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """Something that a person does, in a transaction of its own."""
        with self.store.group() as group:
            made = does(group, *given, **more)
        self.desk.look()
        return made

    def change(self, chat_id: bytes, how: Callable[[Chat, float], Chat]) -> Chat:
        """A message comes or goes."""
        with self.store.group() as group:
            chat = self.rows.load(group, chat_id)
            assert chat is not None
            kept = self.rows.save(group, chat, how(chat, self.clock()))
        self.desk.look()
        return kept

    def of(self, chat_id: bytes) -> Chat:
        """A chat as the table has it."""
        with self.store.group() as group:
            chat = self.chats.of_person(group, chat_id)
        assert chat is not None
        return chat

    def later(self, seconds: float) -> None:
        """Time passes; pages that are open stay so."""
        self.clock.now += seconds
        self.desk.tick(self.clock.now)

    def close(self) -> None:
        self.store.close()


def asking(language: str = "uk", **more: Any) -> Asked:
    """What a fictional person wants."""
    person = more.pop("person", b"700000001")
    address = Address("telegram", "test_bot", person)
    return Asked(language, address, more.pop("kind", "telegram"), public=b"p" * 32, **more)


@contextmanager
def an_office(place: Path, **more: Any) -> Iterator[Office]:
    office = Office(place, **more)
    yield office
    office.close()


def claimed(office: Office, staff: str = "ann", **more: object) -> bytes:
    chat = office.ask(**more)  # type: ignore[arg-type]
    return office.desk.claim(staff, chat.id).id


def agreed(office: Office, chat_id: bytes) -> None:
    office.turn(office.chats.answer_transfer, chat_id, yes=True, now=office.clock())
