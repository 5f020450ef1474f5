"""The program is killed at random moments while people use it, and started again.

Nobody who was told that their answer is taken loses it; an answer that is sent again counts once;
no reply of the outbox is sent twice; everyone's order is kept.
"""

import asyncio
import random
import secrets
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Service
from bot.channels.contract import Address, Incoming, Words
from bot.dialogue.session import Session
from tests.trials.browsers import Crowd
from tests.trials.programs import (
    KILLS,
    Program,
    make_service,
    session_of,
    start_page,
    start_push,
)
from tests.trials.push_program import address_of

PEOPLE = 30
MOST_IN_FLIGHT = 3
SAID = (
    *("yes", "medical care", "legal help", "a safe place", "go on", "rather not say", "Kharkiv"),
    *("menu", "back", "help", "languages", "Українська", "English", "hm", "i am not in ukraine"),
)
"""Nothing with which a person leaves: their replies are counted from the first to the last."""
pytestmark = pytest.mark.timeout(120 + 15 * KILLS)


def tell(figures: str) -> None:
    """Shown when the trial fails, or with `-s`."""
    sys.stdout.write(f"{figures}\n")


@pytest.fixture
def chance() -> random.Random:
    seed = secrets.randbelow(1 << 32)
    tell(f"seed {seed}, {KILLS} kills")
    return random.Random(seed)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    said = tmp_path / "said.log"
    yield said
    assert b"Traceback" not in said.read_bytes()


def remembered(session: Session | None) -> object:
    """What a conversation came to, whenever it was."""
    return session and (session.position, dict(session.slots), session.language, session.turn)


async def replayed(
    data: Path, said: dict[Address, list[Incoming]]
) -> tuple[dict[Address, object], Service]:
    """What the same answers come to when nothing happens to the program."""
    service = make_service(data)
    await service.start()

    async def say(all_of_one: list[Incoming]) -> None:
        for incoming in all_of_one:
            await service.take(incoming)

    await asyncio.gather(*map(say, said.values()))
    return {address: remembered(session_of(service, address)) for address in said}, service


async def test_no_answer_on_the_page_is_lost_or_taken_twice_when_the_program_is_killed(
    tmp_path: Path, log: Path, chance: random.Random
) -> None:
    data = tmp_path / "data"
    program = await start_page(data, log)
    crowd = Crowd(chance, PEOPLE)
    crowd.to(program.port)
    walking = asyncio.create_task(crowd.walk())
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.02, 0.6))
        await program.kill()
        assert not walking.done(), walking.result()
        program = await start_page(data, log)
        crowd.to(program.port)
    await asyncio.sleep(0.3)
    crowd.end()
    await walking
    assert await program.stop() == 0

    service = make_service(data)
    found = {address: remembered(session_of(service, address)) for address in crowd.said}
    expected, undisturbed = await replayed(tmp_path / "undisturbed", crowd.said)
    assert found == expected
    gone = [session_of(service, address) for address in crowd.left]
    assert gone == [None] * len(gone)
    tell(crowd.figures())
    assert crowd.acknowledged > KILLS
    await undisturbed.stop()
    service.store.close()


class Messenger:
    """Delivers updates, each again until it is acknowledged, in the order of each person."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.said: dict[Address, list[Incoming]] = {}
        self._unacknowledged: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._number = 0
        self.acknowledged = self.again = 0
        self.ended = False

    async def deliver(self, program: Program) -> None:
        """Until the program is killed, or until all is acknowledged after `ended`."""
        stdin, stdout = program.process.stdin, program.process.stdout
        assert stdin
        assert stdout
        lost = [(who, *one) for who, waiting in self._unacknowledged.items() for one in waiting]
        self.again += len(lost)
        stdin.writelines(f"{' '.join(one)}\n".encode() for one in lost)
        while True:
            for who in map(str, range(PEOPLE)) if not self.ended else ():
                if len(self._unacknowledged[who]) < MOST_IN_FLIGHT:
                    stdin.write(self._update(who))
            if self.ended and not any(self._unacknowledged.values()):
                stdin.close()
                await program.process.wait()
                return
            line = await stdout.readline()
            if not line.endswith(b"\n"):
                return
            self._acknowledge(line.decode().strip())

    def _update(self, who: str) -> bytes:
        self._number += 1
        words, update = self._chance.choice(SAID), str(self._number)
        self._unacknowledged[who].append((update, words))
        to = address_of(who)
        self.said.setdefault(to, []).append(Incoming(to, Words(words), once=update))
        return f"{who} {update} {words}\n".encode()

    def _acknowledge(self, update: str) -> None:
        for waiting in self._unacknowledged.values():
            if waiting and waiting[0][0] == update:
                waiting.pop(0)
                self.acknowledged += 1
                return
        # Acknowledged before, or out of the person's order.
        assert not any(update == other for one in self._unacknowledged.values() for other, _ in one)


async def test_no_reply_is_sent_twice_and_no_update_is_lost_when_the_program_is_killed(
    tmp_path: Path, log: Path, chance: random.Random
) -> None:
    data, ledger = tmp_path / "data", tmp_path / "ledger"
    messenger = Messenger(chance)
    program = await start_push(data, ledger, log)
    for _ in range(KILLS):
        delivering = asyncio.create_task(messenger.deliver(program))
        await asyncio.sleep(chance.uniform(0.02, 0.5))
        await program.kill()
        await delivering
        program = await start_push(data, ledger, log)
    messenger.ended = True
    await messenger.deliver(program)

    sent: dict[str, list[int]] = defaultdict(list)
    for line in ledger.read_text("ascii").splitlines():
        who, mark = line.split()
        sent[who].append(int(mark))
    assert {who: sorted(set(marks)) for who, marks in sent.items()} == sent
    service = make_service(data)
    assert service.store.pending() == []
    found = {address: session_of(service, address) for address in messenger.said}
    turns = {address: session.turn for address, session in found.items() if session}
    assert turns == {address: len(said) for address, said in messenger.said.items()}
    expected, undisturbed = await replayed(tmp_path / "undisturbed", messenger.said)
    assert {address: remembered(session) for address, session in found.items()} == expected
    replies = sum(map(len, sent.values()))
    tell(
        f"{messenger.acknowledged} updates acknowledged, {messenger.again} delivered again, "
        f"{replies} replies sent once, {sum(turns.values()) - replies} lost on their way out"
    )
    await undisturbed.stop()
    service.store.close()
