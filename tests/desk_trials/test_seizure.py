"""A machine is taken while people wait and talk: what is on it, with its keys and without, and with
the keys of every operator.
"""

import random
import shutil
import sqlite3
import string
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from bot.app import Service
from bot.channels.contract import Address, Enter, Say, Words
from bot.handoff.model import Chat
from bot.sealing import (
    Context,
    OrganisationKeys,
    Pair,
    SealingError,
    generate,
    open_at_desk,
    open_for_person,
    read_roster,
    seal_for_desk,
)
from bot.settings import Settings
from bot.vault import SigningKeys
from tests.canary import Canary, find
from tests.handing.operators import Operator
from tests.handing.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="module")
WAYS = ("in", "out", "own", "copy")
CHANCE = random.Random()


def word() -> str:
    """A word that is nowhere else."""
    return "".join(CHANCE.choices(string.ascii_lowercase, k=14))


@dataclass
class Talk:
    """A person, their chat, and the words of it."""

    person: Person
    chat: Chat
    said: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


@dataclass
class Scene:
    """A desk in the middle of its work."""

    folder: Path
    service: Service
    operators: list[Operator]
    talks: dict[str, Talk] = field(default_factory=dict)

    @property
    def said(self) -> list[str]:
        return [one for talk in self.talks.values() for one in talk.said]

    @property
    def answers(self) -> list[str]:
        return [one for talk in self.talks.values() for one in talk.answers]

    async def asks(self, name: str, channel: str) -> Talk:
        """Somebody asks, and writes while they wait."""
        person = Person(self.service, channel)
        # Ids that are nowhere by chance; the secret is what the cookie of a browser holds.
        secret = CHANCE.randbytes(32) if channel == "web" else b""
        who = CHANCE.randbytes(32) if secret else word().encode()
        person.address = Address(channel, "site", who, secret)
        await person.ask()
        waiting = self.operators[0].human.board.queue()
        (chat,) = [one for one in waiting if one.address.person == who]
        talk = self.talks[name] = Talk(person, chat)
        pair = generate(1)
        for _ in range(2):
            talk.said.append(word())
            if name.startswith("sealed"):
                await self._seals(talk, pair, talk.said[-1])
            else:
                await person.do(Words(talk.said[-1]))
        return talk

    async def _seals(self, talk: Talk, pair: Pair, text: str) -> None:
        told = await self.service.talk(talk.person.address, Enter(1, pair.public))
        keys = OrganisationKeys(told.organisation["ed25519"], told.organisation["p256"])
        now = self.operators[0].human.clock()
        roster = read_roster(told.roster, told.signature, keys, now)
        place = Context(told.chat, "in", told.next_in)
        made = seal_for_desk(place, text, roster.receivers(1, now))
        wraps = {key.hex(): wrap for key, wrap in made.wraps.items()}
        told = await self.service.talk(talk.person.address, Say(place.number, made.body, wraps))
        assert told.refused == ""

    def is_claimed(self, talk: Talk, operator: Operator) -> None:
        """An operator takes it, reads it, answers it."""
        operator.human.desk.claim(operator.staff, talk.chat.id)
        assert operator.read(talk.chat) == talk.said
        talk.answers.append(word())
        operator.say(talk.chat, talk.answers[-1])

    def copied(self, name: str) -> Path:
        """Database, journal and backup, as a thief finds them while the program runs."""
        to = self.folder / name
        shutil.copytree(self.folder / "data", to)
        self.service.store.backup(to / "backup.db")
        return to

    def opened_by_the_server(self) -> Path:
        """Everything that the keys of this machine open, in files, one level after another."""
        human, shown = self.operators[0].human, []
        with self.service.store.group() as group:
            for talk in self.talks.values():
                chat = human.chats.of_person(group, talk.chat.id)
                assert chat is not None
                for way in WAYS:
                    for number, body in human.messages.kept.read(group, chat.id, way):  # type: ignore[arg-type]
                        shown.append(body)
                        if chat.door and way in {"out", "own"}:
                            shown.append(_tried(chat, way, number, body))
        to = self.folder / "opened"
        to.write_bytes(b"\0".join(shown))
        return to

    def tried_by_operators(self, database: Path) -> int:
        """How much of what lies there all operators' keys together open."""
        opened = 0
        with sqlite3.connect(database) as rows:
            messages = rows.execute("SELECT chat, number, sealed FROM message").fetchall()
            wraps = rows.execute("SELECT chat, number, wrapped FROM wrap").fetchall()
        rows.close()
        assert messages
        assert wraps
        for chat, number, body in messages:
            place = Context(chat, "in", number)
            for of, about, wrap in wraps:
                if (of, about) != (chat, number):
                    continue
                for operator in self.operators:
                    try:
                        open_at_desk(place, body, wrap, 1, operator.prekey.private[1])
                        opened += 1
                    except SealingError:
                        continue
        return opened


def _tried(chat: Chat, way: str, number: int, body: bytes) -> bytes:
    try:
        place = Context(chat.id, "out" if way == "out" else "own", number)
        return open_for_person(place, body, 1, chat.door).encode()
    except SealingError:
        return b""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("seized")
    settings = Settings(data=folder / "data", key_ring=folder / "keys")
    (folder / "data").mkdir(mode=0o700)
    signing = SigningKeys.open(folder / "signing")
    service = Service(settings, demo=True, signing=signing)
    await service.start()
    operators = [Operator(service, "s1", "Oksana"), Operator(service, "s2", "Iryna")]
    made = Scene(folder, service, operators)
    for name, channel in (("sealed", "web"), ("door", "web"), ("messenger", "telegram")):
        made.is_claimed(await made.asks(name, channel), operators[0])
    for name, channel in (
        ("sealed too", "web"),
        ("door too", "web"),
        ("messenger too", "telegram"),
    ):
        await made.asks(name, channel)
    yield made
    await service.stop()


async def test_the_machine_alone_tells_no_word_and_nobody_who_wrote(scene: Scene) -> None:
    people = [talk.person.address.person for talk in scene.talks.values()]
    secrets = [talk.person.address.secret for talk in scene.talks.values()]
    canaries: list[Canary] = [*scene.said, *scene.answers, *people, *filter(None, secrets)]
    assert find([scene.copied("off")], [*canaries, "Oksana"]) == []


async def test_the_machine_with_its_keys_tells_nothing_that_a_person_wrote_to_a_human(
    scene: Scene,
) -> None:
    opened = scene.opened_by_the_server()
    assert opened.stat().st_size > 4_000
    assert find([opened], scene.said) == []
    # Not even what was answered: but to a messenger, until it is on its way.
    on_the_web = [scene.talks[name].answers[0] for name in ("sealed", "door")]
    assert find([opened], on_the_web) == []


async def test_whoever_has_the_machine_with_its_keys_and_all_browsers_reads_only_what_is_here(
    scene: Scene,
) -> None:
    # Rows lie under the key of their day as well: the browsers alone open none of them.
    assert scene.tried_by_operators(scene.copied("browsers") / "quietline.db") == 0
    assert scene.operators[0].read(scene.talks["door"].chat) == scene.talks["door"].said


async def test_without_the_key_of_the_day_all_operators_together_open_nothing(
    scene: Scene,
) -> None:
    kept = scene.copied("later")
    scene.service.ring.destroy_all()
    human = scene.operators[0].human
    with scene.service.store.group() as group:
        for talk in scene.talks.values():
            for way in WAYS:
                assert human.messages.kept.read(group, talk.chat.id, way) == []  # type: ignore[arg-type]
    assert scene.tried_by_operators(kept / "quietline.db") == 0
    # A backup holds no row of a chat at all.
    with sqlite3.connect(kept / "backup.db") as rows:
        tables = ("chat", "message", "wrap", "code")
        assert [rows.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables] == [
            0
        ] * 4
    rows.close()
