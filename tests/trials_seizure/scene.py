"""A line in the middle of its work, with a row in every table, on a file or on a server.

It decides what there is to be found, and keeps what was said, so that it can be searched for.
"""

import asyncio
import random
import secrets
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.app import Service
from bot.channels.contract import Address, Incoming, Outgoing, Pressed, Words
from bot.handoff.model import Chat
from bot.handoff.notes import Sent
from bot.persons import Person as Held
from bot.persons import open_session
from bot.sealing import Context, seal_for_desk
from bot.settings import Settings
from bot.storage.postgres import Postgres
from bot.storage.tables import metadata
from bot.tasks import Noted
from bot.vault import SigningKeys
from bot.wiring import database_of
from tests.handing.operators import Operator
from tests.handing.people import Person, words_of

LISTING = "ua-npa"
CHANCE = random.Random()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def word() -> str:
    """A word that is nowhere else."""
    return "".join(CHANCE.choices(LETTERS, k=14))


async def nowhere(address: Address, outgoing: Outgoing) -> None:
    raise AssertionError("a reply left that was to wait")


@dataclass
class Clock:
    """The time, and whatever is put on top of it."""

    later: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.later


@dataclass
class Talk:
    """A person at the desk, and the words of it."""

    person: Person
    chat: Chat
    words: str = ""
    said: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


@dataclass
class Scene:
    """Use `Scene.open`."""

    folder: Path
    clock: Clock
    service: Service
    signing: SigningKeys
    operators: list[Operator] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    pushed: list[Address] = field(default_factory=list)
    """People of a messenger that nobody carries to: their replies wait."""
    slips: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, folder: Path, database: str = "") -> Self:
        """The service, with nobody in it. `database`: the address of one on a server."""
        (folder / "data").mkdir(mode=0o700, parents=True)
        known = {"data": folder / "data", "key_ring": folder / "keys", "slips": "all"}
        settings = Settings.model_validate({**known, "database": database})
        signing, clock = SigningKeys.open(folder / "signing"), Clock()
        service = Service(settings, demo=True, signing=signing, clock=clock)
        await service.start()
        return cls(folder, clock, service, signing)

    async def everything(self) -> Self:
        """Two operators, people of each kind, and what comes of it: at least two rows a table."""
        self.operators = [
            Operator(self.service, "s1", "Oksana"),
            Operator(self.service, "s2", "Iryna"),
        ]
        for channel in ("push", "telegram"):
            self.service.carry(channel, nowhere, ready=lambda _: 3_600.0)
        for number in range(4):
            await self.pushes(Address("push", "trial", word().encode()), lasts=number)
        for _ in range(2):
            left = Address("push", "trial", word().encode())
            await self.service.take(Incoming(left, Words("stop"), once=word(), push=True))
        for channel in ("web", "telegram", "web", "telegram"):
            await self.asks(channel)
        for talk in self.talks[:2]:
            await self.is_answered(talk, self.operators[0])
        await self.notes()
        for _ in range(2):
            with self.service.store.group() as group:
                assert self.service.slips
                words = self.service.slips.slips.make(group, LISTING, "en")
            assert words
            self.slips.append(" ".join(words))
        human = self.operators[0].human
        human.tick(counting=True)
        with self.service.store.group() as group:
            human.counts.waited(group, "uk", 60)
        await self.news()
        return self

    async def pushes(self, address: Address, lasts: int = 0) -> None:
        """Somebody in a messenger chooses a few things; their messages are noted."""
        for number, key in enumerate(("yes", "medical", "=UA", "=UA-63")):
            once = f"{number}{secrets.token_hex(4)}"
            pressed = Pressed(key, str(number))
            await self.service.take(Incoming(address, pressed, once=once, push=True))
        await self.service.writer.hand_in(Noted(address, (7_000_000 + lasts, 8_000_000)))
        self.pushed.append(address)

    async def asks(self, channel: str) -> Talk:
        """Somebody asks for a human, and writes while they wait."""
        person = Person(self.service, channel)
        secret = CHANCE.randbytes(32) if channel == "web" else b""
        who = CHANCE.randbytes(32) if secret else word().encode()
        person.address = Address(channel, "site", who, secret)
        await person.do(Pressed("!human", ""))
        out = await person.choose("yes")
        await person.choose("noted")
        waiting = self.operators[0].human.board.queue()
        (chat,) = [one for one in waiting if one.address.person == who]
        self.talks.append(talk := Talk(person, chat))
        talk.words = words_of(out)
        for _ in range(2):
            talk.said.append(word())
            await person.do(Words(talk.said[-1]))
        return talk

    async def is_answered(self, talk: Talk, operator: Operator) -> None:
        """An operator takes it, reads it and answers."""
        operator.human.desk.claim(operator.staff, talk.chat.id)
        assert operator.read(talk.chat) == talk.said
        talk.answers.append(word())
        operator.say(talk.chat, talk.answers[-1])

    async def news(self) -> None:
        """Until everybody was told what is new: that comes by itself, a moment later."""
        telling = self.service._news._poking  # noqa: SLF001
        await asyncio.sleep(0)  # what was heard at the desk is passed on
        while telling:
            await asyncio.wait(set(telling), timeout=60)

    async def notes(self) -> None:
        """Each of the two writes to the other."""
        for writer, reader in (self.operators, self.operators[::-1]):
            human, now = writer.human, self.clock()
            with self.service.store.group() as group:
                to = [reader.prekey.public.receiver()]
                made = seal_for_desk(Context(bytes(16), "note", 1), word(), to)
                sent = Sent("note", writer.staff, writer.who, body=made.body, wraps=made.wraps)
                human.notes.send(group, sent, reader.staff, to, now)

    # --- what is kept ---

    @property
    def database(self) -> Postgres | Path:
        """Where the rows are."""
        found = database_of(self.service.settings, "quietline")
        return found if isinstance(found, Postgres) else Path(found.name)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Behind the program's back; `?` stands for a value."""
        where = self.database
        if isinstance(where, Postgres):
            with where.raw() as there:
                asked = there.execute(statement.replace("?", "%s"), values)
                return list(asked.fetchall()) if asked.description else []
        with closing(sqlite3.connect(where)) as here, here:
            return list(here.execute(statement, values).fetchall())

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table, by their columns."""
        columns = [column.name for column in metadata.tables[table].columns]
        found = self.sql(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {columns[0]}")
        return [dict(zip(columns, row, strict=True)) for row in found]

    def change(self, table: str, row: dict[str, Any], **new: object) -> int:
        """Changes that one row; gives how many were."""
        key = [column.name for column in metadata.tables[table].primary_key]
        put = ", ".join(f"{name} = ?" for name in new)
        where = " AND ".join(f"{name} = ?" for name in key)
        values = (*new.values(), *(row[name] for name in key))
        self.sql(f"UPDATE {table} SET {put} WHERE {where}", *values)
        return 1

    def put_back(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Those rows and no others."""
        self.sql(f"DELETE FROM {table}")
        for row in rows:
            held = ", ".join("?" for _ in row)
            names = ", ".join(row)
            self.sql(f"INSERT INTO {table} ({names}) VALUES ({held})", *row.values())

    def session_of(self, address: Address) -> object:
        """What is remembered of somebody, opened as a turn would."""
        held = Held(address, self.alias(address))
        with self.service.store.group() as group:
            held.row = group.load([held.alias]).get(held.alias)
        open_session(self.service.vault, held)
        return held.session

    def alias(self, address: Address) -> Any:
        """Their name of today."""
        today = self.service.ring.today()
        return self.service.vault.alias(today, address.channel, address.bot, address.person)
