"""What a chat needs to be written in: a real file, real keys, and browsers that hold theirs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.handoff import moves
from bot.handoff.chats import Chats
from bot.handoff.code_words import read_lists
from bot.handoff.codes import Codes, wrong_codes
from bot.handoff.keys import Keys
from bot.handoff.message_model import ForDesk, Written
from bot.handoff.message_rows import MessageRows
from bot.handoff.messages import Messages
from bot.handoff.model import Address, Asked, Chat, Duty, Refused
from bot.handoff.notes import Notes
from bot.handoff.returning import Reached, move, unread
from bot.handoff.rows import Rows
from bot.sealing import (
    Context,
    IdentityPair,
    Organisation,
    Pair,
    PrekeyPair,
    Receiver,
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
from bot.storage import Group, Store
from bot.storage.database import Database
from bot.vault import KeyRing, SigningKeys, Vault

HOUR = 3_600
MONDAY = 1_790_000_000.0 - 1_790_000_000.0 % 86_400 + 8 * HOUR
"""Eight in the morning, UTC."""
LISTS = read_lists(Path(__file__).resolve().parents[2] / "locales")


def refused(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda error: error.code == code)


@cache
def _empty() -> bytes:
    # Made once: bringing the tables up to date takes a tenth of a second.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "quietline.db"
        Store.open(path).close()
        return path.read_bytes()


@dataclass
class Clock:
    now: float = MONDAY

    def __call__(self) -> float:
        return self.now


def of_copy(chat: bytes, number: int) -> Context:
    """What the desk's page binds a copy of its own side to."""
    return Context(chat + b"copy", "note", number)


@dataclass
class Browser:
    """An operator's browser: the only place that holds their private keys."""

    staff: str
    identity: IdentityPair
    shift: PrekeyPair

    @property
    def key(self) -> bytes:
        return self.shift.public.id

    @property
    def receiver(self) -> Receiver:
        return self.shift.public.receiver()

    def read(self, chat: Chat, one: ForDesk, *, copy: bool = False, seen: int = 0) -> str:
        assert one.wrap is not None
        assert one.wrap.key == self.key
        context = of_copy(chat.id, one.number) if copy else Context(chat.id, "in", one.number)
        return open_at_desk(context, one.body, one.wrap.wrap, 1, self.shift.private[1], seen=seen)

    def write(self, chat: Chat, text: str, number: int = 0, **more: Any) -> Written:
        number = number or chat.number_out + 1
        context = Context(chat.id, "out", number)
        sealed = seal_for_person(context, text, chat.suite, chat.public)
        signature = sign_reply(context, sealed, self.identity)
        signer = self.identity.public.id
        return Written(number, sealed, signature, signer, chat.public, **more)

    def wrap_anew(self, chat: Chat, one: ForDesk, to: Receiver) -> dict[bytes, bytes]:
        assert one.wrap is not None
        context = Context(chat.id, "in", one.number)
        return dict(rewrap(context, one.wrap.wrap, 1, self.shift.private[1], [to]))


@dataclass
class Room:
    """One process with everything that messages, codes, keys and notes are made of."""

    place: Path
    clock: Clock = field(default_factory=Clock)
    tries: Clock = field(default_factory=Clock)
    browsers: dict[str, Browser] = field(default_factory=dict)
    database: Database | None = None
    """Instead of a file in that place."""

    def __post_init__(self) -> None:
        self.ring = KeyRing.open(self.place / "keys", self.clock, 72)
        self.vault = Vault(self.ring)
        self.file = self.place / "data" / "quietline.db"
        if not self.file.exists():
            self.file.parent.mkdir(mode=0o700)
            self.file.touch(mode=0o600)
            self.file.write_bytes(_empty())
        self.store = Store.open(self.database or self.file)
        self.rows = Rows(self.vault, self.ring.live)
        self.chats = Chats(self.rows)
        self.organisation = Organisation(SigningKeys.open(self.place / "signing"))
        self.kept = MessageRows(self.rows)
        self.keys = Keys(self.organisation, self.kept)
        self.messages = Messages(self.rows, self.kept, self.keys)
        self.codes = Codes(self.rows, LISTS, wrong_codes(self.tries))
        self.notes = Notes(self.rows)

    def run(self, does: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """One act in a transaction of its own."""
        with self.store.group() as group:
            return does(group, *given, **more)

    def on_duty(self, *staff: str) -> None:
        """Their shifts begin: a device that is known, and a key for the shift."""
        for one in staff:
            identity = make_identity()
            shift = make_prekey(identity, int(self.clock()) + 80 * HOUR)
            self.run(self.keys.enrol, one, identity.public, self.clock())
            self.run(self.keys.add_prekey, one, shift.public, self.clock())
            self.browsers[one] = Browser(one, identity, shift)

    @property
    def duties(self) -> tuple[Duty, ...]:
        return tuple(
            Duty(one, one.title(), ("uk",), keys=(browser.key,))
            for one, browser in self.browsers.items()
        )

    def ask(self, **more: Any) -> tuple[Chat, Pair]:
        """Somebody waits for a human, in Telegram unless said otherwise."""
        pair = generate(more.get("suite", 1))
        kind = more.pop("kind", "telegram")
        door = pair.private if kind != "web" else b""
        address = Address(kind, "test_bot", more.pop("person", b"700000001"))
        asked = Asked("uk", address, kind, public=pair.public, door=door, **more)
        chat: Chat = self.run(self.chats.ask, asked, self.clock())
        return chat, pair

    def receivers(self, group: Group, chat: Chat) -> tuple[Receiver, ...]:
        return self.keys.receivers(group, chat, self.duties, self.clock())

    def say(self, chat: Chat, text: str) -> Chat:
        """The person writes, and the door seals."""
        with self.store.group() as group:
            to = self.receivers(group, chat)
            return self.messages.from_person(group, chat, text, to, self.clock())

    def say_sealed(self, chat: Chat, text: str, number: int = 0) -> tuple[bytes, Any]:
        """What a person's page makes of a text."""
        with self.store.group() as group:
            to = self.receivers(group, chat)
        number = number or chat.number_in + 1
        envelope = seal_for_desk(Context(chat.id, "in", number), text, to)
        return envelope.body, envelope.wraps

    def take_sealed(self, chat: Chat, number: int, body: bytes, wraps: Any) -> Chat:
        with self.store.group() as group:
            to = self.receivers(group, chat)
            return self.messages.sealed_from_person(
                group, chat, number, body, wraps, receivers=to, now=self.clock()
            )

    def claim(self, chat: Chat, staff: str) -> Chat:
        """An operator takes it: the others' wraps go."""
        with self.store.group() as group:
            held = self.rows.save(group, chat, moves.claim(chat, staff, "Test", self.clock()))
            self.messages.drop_others(group, held, self.keys.ids(group, staff, self.clock()))
            return held

    def hand(self, chat: Chat, staff: str) -> Chat:
        """A colleague has it from now on."""
        with self.store.group() as group:
            held = self.rows.save(group, chat, moves.hand(chat, staff, "Other", self.clock()))
            self.messages.drop_others(group, held, self.keys.ids(group, staff, self.clock()))
            return held

    def end(self, chat: Chat) -> Chat:
        ended: Chat = self.run(
            self.rows.save, chat, moves.end(chat, "end", "by_person", self.clock())
        )
        return ended

    def reply(self, chat: Chat, staff: str, text: str, **more: Any) -> Chat:
        written = self.browsers[staff].write(chat, text, **more)
        replied: Chat = self.run(self.messages.reply, chat, staff, written, self.clock())
        return replied

    def given(self, chat: Chat, staff: str, **more: Any) -> tuple[ForDesk, ...]:
        """What the server gives that operator of that chat."""
        found: tuple[ForDesk, ...] = self.run(
            self.messages.for_operator, chat, staff, now=self.clock(), **more
        )
        return found

    def read(self, chat: Chat, staff: str) -> list[str]:
        """What that operator's browser can open of it."""
        browser = self.browsers[staff]
        return [browser.read(chat, one) for one in self.given(chat, staff) if one.wrap]

    def heard(self, chat: Chat, pair: Pair, after: int = 0) -> list[str]:
        """What the person's side opens of the replies."""
        replies = self.run(self.messages.replies, chat, after)
        return [
            open_for_person(
                Context(chat.id, "out", one.number), one.sealed, pair.suite, pair.private
            )
            for one in replies
        ]

    def come_back(self, chat: Chat, kind: str, **more: Any) -> tuple[Chat, Pair]:
        """The person is elsewhere now, with a key of that place."""
        pair = generate(1)
        door = pair.private if kind != "web" else b""
        address = Address(kind, "test_bot", b"elsewhere")
        to = Reached(address, kind, public=pair.public, door=door, **more)  # type: ignore[arg-type]
        with self.store.group() as group:
            return move(self.messages, group, chat, to, self.clock()), pair

    def unread(self, chat: Chat) -> tuple[int, ...]:
        with self.store.group() as group:
            return unread(self.messages, group, chat)

    def wraps_of(self, chat: Chat) -> set[bytes]:
        """The keys for which anything of that chat is still wrapped, as the table has it."""
        with self.store.group() as group:
            return {
                key
                for (key,) in group.ask("SELECT DISTINCT key FROM wrap WHERE chat = ?", (chat.id,))
            }

    def bytes_on_disk(self) -> bytes:
        """Everything that lies in the folder of the data, journal and all."""
        return b"".join(file.read_bytes() for file in sorted(self.file.parent.iterdir()))

    def again(self) -> "Room":
        """The same after a restart."""
        self.store.close()
        return replace(self)

    def close(self) -> None:
        self.store.close()


@contextmanager
def a_room(place: Path, database: Database | None = None) -> Iterator[Room]:
    room = Room(place, database=database)
    yield room
    room.close()


def copy_of(
    room: Room, chat_id: bytes, number: int, text: str, *staff: str
) -> tuple[bytes, dict[bytes, bytes]]:
    to = [room.browsers[one].receiver for one in staff]
    made = seal_for_desk(of_copy(chat_id, number), text, to)
    return made.body, dict(made.wraps)
