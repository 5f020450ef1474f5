"""A whole desk behind a real console: files, keys, shifts, and browsers that seal as a page does.

async with a_desk(folder) as desk:
    anna = await desk.operator("Anna")            # enrolled, on shift, with a key of this shift
    chat = desk.asks("the words")                 # somebody asks for a human and writes
    await anna.claims(chat)
    assert (await anna.reads(chat)) == ["the words"]
"""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import ClientWebSocketResponse

from bot.app import LOCALES
from bot.handoff.model import Address, Asked, Chat
from bot.human import Human
from bot.sealing import (
    Context,
    IdentityPair,
    Pair,
    PrekeyPair,
    generate,
    make_identity,
    make_prekey,
    open_at_desk,
    open_for_person,
    rewrap,
    seal_for_desk,
    seal_for_person,
    sign_reply,
)
from bot.sealing.organisation import Signing
from bot.staff import Role
from bot.storage import Group, Store
from bot.vault import KeyRing, Vault
from tests.console_frame.visitors import Clock, Console, Visitor, a_console
from tests.console_listings.rooms import DIRECTORY, Rooms

Made = TypeVar("Made")
JSON = {"Content-Type": "application/json"}
PERSON = Address("telegram", "4815162342", b"person-of-the-test")


@dataclass(slots=True)
class Answer:
    """What the console said to a script."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return json.loads(self.body)[name]


@dataclass
class Operator:
    """A member of staff in a browser of their own."""

    desk: "ADesk"
    visitor: Visitor
    identity: IdentityPair
    keys: dict[bytes, PrekeyPair] = field(default_factory=dict)

    @property
    def id(self) -> str:
        assert self.visitor.staff is not None
        return self.visitor.staff.id

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, **said: Any
    ) -> Answer:
        """What a page's script asks."""
        head = {**JSON, **self.visitor.headers(), "X-Token": self.visitor.token, **(headers or {})}
        url, data = self.visitor.url + path, json.dumps(said).encode()
        async with self.visitor.http.post(
            url, data=data, headers=head, allow_redirects=False
        ) as answer:
            body = await answer.read()
            self.desk.wire.append(body)
            kept = {name: value for name, value in answer.headers.items() if name != "Date"}
            return Answer(answer.status, body, kept)

    async def does(self, path: str, **said: Any) -> Answer:
        """The same where it must be well."""
        answer = await self.post(path, **said)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer

    async def enrols(self) -> None:
        public = self.identity.public
        await self.does("/desk/keys/enrol", ed25519=_b(public.ed25519), p256=_b(public.p256))

    def prekey(self, hours: float = 20) -> dict[str, Any]:
        """A key of a shift, as the page hands it in."""
        pair = make_prekey(self.identity, int(self.desk.clock() + hours * 3600))
        self.keys[pair.public.id] = pair
        one = pair.public
        return {
            "x25519": _b(one.x25519),
            "p256": _b(one.p256),
            "until": one.until,
            "identity": one.identity.hex(),
            "signature": _b(one.signature),
        }

    async def begins(self, *languages: str, who: str = "", **more: Any) -> Answer:
        assert self.visitor.staff is not None
        name = who or self.visitor.staff.name
        spoken = languages or ("uk",)
        return await self.does(
            "/desk/shift/begin", who=name, languages=spoken, prekey=self.prekey(), **more
        )

    async def claims(self, chat: Chat) -> dict[str, Any]:
        found: dict[str, Any] = (await self.does("/desk/claim", chat=chat.id.hex()))["chat"]
        return found

    async def reads(self, chat: Chat, own: bool = False) -> list[str]:
        """The messages of one side, opened as the page opens them; `?` for what does not open."""
        told = await self.does("/desk/messages", chat=chat.id.hex())
        return [self._opened(chat, row, own) for row in told["own" if own else "messages"]]

    def _opened(self, chat: Chat, row: dict[str, Any], own: bool) -> str:
        if row["wrap"] is None:
            return "?"
        key = self.keys[bytes.fromhex(row["key"])]
        suite = row["suite"]
        where = Context(chat.id + b"copy", "note", row["number"]) if own else None
        context = where or Context(chat.id, "in", row["number"])
        body, wrap = b64decode(row["body"]), b64decode(row["wrap"])
        return open_at_desk(context, body, wrap, suite, key.private[suite])

    def sealed(self, chat: Chat, number: int, text: str, copies: bool = True) -> dict[str, Any]:
        """A reply as the page hands it in."""
        context = Context(chat.id, "out", number)
        body = seal_for_person(context, text, chat.suite, chat.public)
        said: dict[str, Any] = {
            "chat": chat.id.hex(),
            "number": number,
            "sealed": _b(body),
            "signature": _b(sign_reply(context, body, self.identity)),
            "signer": self.identity.public.id.hex(),
            "public": _b(chat.public),
        }
        if copies:
            receivers = [one.public.receiver() for one in self.keys.values()]
            made = seal_for_desk(Context(chat.id + b"copy", "note", number), text, receivers)
            said["copy"] = {"body": _b(made.body), "wraps": wraps_of(made.wraps)}
        return said

    async def replies(self, chat: Chat, number: int, text: str) -> Answer:
        return await self.does("/desk/reply", **self.sealed(chat, number, text))

    async def passes_on(self, chat: Chat, *to: "Operator") -> Answer:
        """Both sides of a chat, wrapped anew for colleagues as the page does it."""
        told = await self.does("/desk/messages", chat=chat.id.hex())
        receivers = [key.public.receiver() for one in to for key in one.keys.values()]
        made: dict[str, list[dict[str, Any]]] = {"messages": [], "own": []}
        for side, rows in made.items():
            for row in told[side]:
                made_of, way = (
                    (chat.id, "in") if side == "messages" else (chat.id + b"copy", "note")
                )
                context = Context(made_of, way, row["number"])  # type: ignore[arg-type]  # one of two
                key = self.keys[bytes.fromhex(row["key"])].private[row["suite"]]
                wraps = rewrap(context, b64decode(row["wrap"]), row["suite"], key, receivers)
                rows.append({"number": row["number"], "wraps": wraps_of(wraps)})
        return await self.does(
            "/desk/rewrap", chat=chat.id.hex(), wraps=made["messages"], own=made["own"]
        )

    async def line(self, **headers: str) -> ClientWebSocketResponse:
        head = {"Origin": self.visitor.url, **headers}
        return await self.visitor.http.ws_connect(f"{self.visitor.url}/desk/live", headers=head)


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
        made = Operator(self, visitor, make_identity())
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


def _b(data: bytes) -> str:
    return b64encode(data).decode()


def wraps_of(wraps: Mapping[bytes, bytes]) -> dict[str, str]:
    """Wraps as a page sends them."""
    return {key.hex(): _b(wrap) for key, wrap in wraps.items()}


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
