"""A whole desk behind a real console: files, keys, shifts, and browsers that seal as a page does.

async with a_desk(folder) as desk:
    anna = await desk.operator("Anna")            # enrolled, on shift, with a key of this shift
    chat = desk.asks("the words")                 # somebody asks for a human and writes
    await anna.claims(chat)
    assert (await anna.reads(chat)) == ["the words"]
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.app import LOCALES
from bot.handoff.model import Address, Asked, Chat
from bot.human import Human
from bot.sealing import (
    Context,
    Pair,
    generate,
    make_identity,
    open_for_person,
)
from bot.staff import Role
from bot.storage import Group, Store
from bot.vault import KeyRing, Signing, Vault
from tests.console_desk.operators import Operator
from tests.console_frame.visitors import Clock, Console, a_console
from tests.console_listings.rooms import DIRECTORY, Rooms

Made = TypeVar("Made")
PERSON = Address("telegram", "4815162342", b"person-of-the-test")


@dataclass
class ADesk:
    """The console, its rooms, and everything that came over its wires."""

    rooms: Rooms
    handoff: Human
    console: Console
    clock: Clock
    told: list[tuple[str, ...]]
    wire: list[bytes] = field(default_factory=list)
    people: dict[bytes, Pair] = field(default_factory=dict)
    born: int = 0

    async def operator(self, name: str, *roles: Role, shift: bool = True) -> Operator:
        """Somebody who is on shift, unless not wanted."""
        self.born += 1
        visitor = await self.console.someone(f"{name} {self.born}", *(roles or ("operator",)))
        made = Operator(self.clock, self.wire, visitor, make_identity())
        if shift:
            await made.enrols()
            await made.begins()
        return made

    def asks(self, *texts: str, language: str = "uk", **more: Any) -> Chat:
        """Somebody asks for a human, and writes these words at the door."""
        pair = generate(1)
        asked = Asked(
            language=language,
            address=PERSON,
            kind="telegram",
            suite=1,
            public=pair.public,
            door=pair.private,
            **more,
        )
        chat = self.turn(lambda group: self.handoff.chats.ask(group, asked, self.clock()))
        self.people[chat.id] = pair
        for text in texts:
            chat = self.writes(chat, text)
        return chat

    def writes(self, chat: Chat, text: str) -> Chat:
        """The person writes at the door, which seals and forgets."""

        def keep(group: Group) -> Chat:
            now = self.handoff.chats.of_person(group, chat.id)
            assert now is not None
            on_duty = self.handoff.shifts.on_duty()
            to = self.handoff.keys.receivers(group, now, on_duty, self.clock())
            return self.handoff.messages.from_person(group, now, text, to, self.clock())

        return self.turn(keep)

    def hears(self, chat: Chat) -> list[str]:
        """The replies, opened with the person's key."""
        pair = self.people[chat.id]

        def look(group: Group) -> list[str]:
            now = self.now(chat, group)
            return [
                open_for_person(Context(chat.id, "out", one.number), one.sealed, 1, pair.private)
                for one in self.handoff.messages.replies(group, now)
            ]

        return self.turn(look)

    def now(self, chat: Chat, group: Group | None = None) -> Chat:
        """A chat as it is kept."""
        if group is None:
            return self.turn(lambda group: self.now(chat, group))
        found = self.handoff.chats.of_person(group, chat.id)
        assert found is not None
        return found

    def clear(self) -> None:
        """Nobody waits, nobody is on duty, nothing was said. Whoever worked has rested."""
        for duty in self.handoff.shifts.on_duty():
            self.handoff.desk.hand_over_all(duty.staff)
            self.handoff.shifts.end_shift(duty.staff)
        with self.handoff.store.group() as group:
            rows = self.handoff.chats.rows
            rows.remove(group, rows.ids(group))
        self.handoff.desk.look()
        self.rooms.live = DIRECTORY.serving(None)
        self.told.clear()
        self.wire.clear()
        self.clock.now += 3600

    def turn(self, does: Callable[[Group], Made]) -> Made:
        """Something that a person's turn does."""
        with self.handoff.store.group() as group:
            made = does(group)
        self.handoff.desk.look()
        return made


def a_human(folder: Path, clock: Clock, told: list[tuple[str, ...]], signing: Signing) -> Human:
    """All rooms of a desk, put together as the service does it, on files of their own."""
    ring = KeyRing.open(folder / "ring", clock, 72)
    file = folder / "handoff" / "quietline.db"
    file.parent.mkdir(mode=0o700)
    store = Store.open(file)

    def audit(staff: str, act: str, about: str = "", why: str = "") -> None:
        told.append((staff, act, about, why))

    return Human.open(store, Vault(ring), ring, clock, signing, LOCALES, audit=audit)


@asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[ADesk]:
    """A console that runs with a desk behind it."""
    rooms, told = Rooms(folder), list[tuple[str, ...]]()
    handoff = a_human(folder, rooms.clock, told, rooms.office.parts["signing"])
    parts = {
        **rooms.office.parts,
        "handoff": handoff,
        "audit": lambda *one: told.append(one),
    }
    async with a_console(replace(rooms.office, parts=parts)) as console:
        yield ADesk(rooms, handoff, console, rooms.clock, told)
    handoff.store.close()
    rooms.ledger.close()
