"""Replicas, the database and key services are killed, frozen and cut off while people write.

Nobody whose words were taken loses them; what comes again counts once; no reply comes twice or out
of its order; whatever happened, everybody goes on within half a minute.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.channels.contract import Address, Incoming
from tests.botapi import BotApi
from tests.trial import WHOLE, seed, size
from tests.trials.programs import session_of
from tests.trials_kills.load import People, remembered, replayed
from tests.trials_kills.site import Site, tell

RATE = 50.0 if WHOLE else 20.0
TIMES = int(os.environ.get("QUIETLINE_KILLS", "0"))
"""How often, in each trial; 0: as the criterion says."""
RECOVERY_SECONDS = 30.0
LONGEST_FAULT = 7.0
Fault = Callable[[Site, random.Random], Awaitable[object]]
Figures = Callable[[str, object], None]

pytestmark = [
    pytest.mark.whole,
    pytest.mark.timeout(3_600),
]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(seed())


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with BotApi() as telegram, Site(tmp_path, telegram) as running:
        yield running


def times(few: int, whole: int) -> int:
    """How often something happens in this run."""
    return TIMES or size(few, whole)


async def through(
    site: Site, chance: random.Random, fault: Fault, count: int, record: Figures
) -> None:
    """People write; the fault happens so often; then all is compared."""
    people = People.of(site, chance, RATE)
    await asyncio.sleep(2.0)
    for _ in range(count):
        await fault(site, chance)
        people.check()
    await site.settled()
    for replica in site.replicas:
        await site.ready(replica)
    await asyncio.sleep(1.0)
    await people.end()
    await judged(site, people, record)
    assert people.taken > count
    assert people.worst <= RECOVERY_SECONDS


async def judged(site: Site, people: People, record: Figures) -> None:
    """What is kept is what was taken, and each reply came once."""
    drained = await site.drained()
    figures = people.figures()
    tell(figures)
    for replica in site.replicas:
        await site.stop(replica)
    sent = people.chats.sent()
    twice = {chat: marks for chat, marks in sent.items() if len(set(marks)) < len(marks)}
    turned = {chat: marks for chat, marks in sent.items() if sorted(marks) != marks}
    said = {**people.pages.said, **people.chats.said}
    service = site.service()
    ends = {address: session_of(service, address) for address in said}
    found = {address: remembered(end) for address, end in ends.items()}
    gone = [session_of(service, address) for address in people.pages.left]
    expected = await asyncio.to_thread(lambda: asyncio.run(undisturbed(site, said)))
    lost = {address for address in said if found[address] != expected[address]}
    unsent = sum(len(one) for one in people.chats.said.values()) - sum(map(len, sent.values()))
    record("taken", people.taken)
    record("lost", len(lost))
    record("doubled", len(twice))
    record("out_of_order", len(turned))
    record("replies_lost_on_their_way_out", unsent)
    record("worst_seconds_until_taken", round(people.worst, 1))
    record("seconds_until_no_reply_waited", round(drained, 1))
    service.store.close()
    service.ring.close()
    tell(
        f"{unsent} replies lost on their way out, {len(lost)} conversations otherwise than said; "
        f"{drained:.1f} s after the last word no reply waited"
    )
    assert not twice
    assert not turned
    assert not lost
    assert gone == [None] * len(gone)
    assert people.pages.unhelpful == []
    assert b"Traceback" not in site.log.read_bytes()
    turns = {address: end.turn for address, end in ends.items() if end and end.turn}
    assert {one: turns[one] for one in people.chats.said} == {
        one: len(words) for one, words in people.chats.said.items()
    }


async def undisturbed(site: Site, said: dict[Address, list[Incoming]]) -> dict[Address, object]:
    """What the same words come to on a machine to which nothing happens."""
    return await replayed(site.aside(), said)


async def a_replica_is_killed(site: Site, chance: random.Random) -> None:
    # Two are up: with fewer nobody could be answered, and nothing would be tried.
    while sum(one.up for one in site.replicas) < 2:
        await asyncio.sleep(0.05)
        site.check()
    replica = chance.choice(site.replicas)
    if replica.process:
        site.kill(replica)
        await asyncio.sleep(chance.uniform(0.0, 0.4))
        site.later(site.start(replica))
    await asyncio.sleep(chance.uniform(0.1, 0.8))


async def the_database_is_killed(site: Site, chance: random.Random) -> None:
    await asyncio.to_thread(site.kill_database)
    await asyncio.sleep(chance.uniform(0.0, 2.0))
    await asyncio.to_thread(site.server.start)
    await asyncio.sleep(chance.uniform(1.0, 4.0))


async def a_key_service_is_killed(site: Site, chance: random.Random) -> None:
    number = chance.randrange(2)
    await site.keys.kill(number)
    await asyncio.sleep(chance.uniform(0.0, 1.0))
    await site.keys.start(number)
    await site.keys.together()
    await asyncio.sleep(chance.uniform(0.0, 1.0))


async def something_is_cut_off(site: Site, chance: random.Random) -> None:
    replica, seconds = chance.choice(site.replicas), chance.uniform(0.5, LONGEST_FAULT)
    match chance.randrange(4):
        case 0:
            replica.cable.hold()
        case 1:
            replica.cable.cut()
        case 2:
            site.send(replica, signal.SIGSTOP)
        case 3:
            site.keys.freeze(number := chance.randrange(2))
    await asyncio.sleep(seconds)
    replica.cable.mend()
    site.send(replica, signal.SIGCONT)
    for number in range(2):
        site.keys.thaw(number)
    await asyncio.sleep(chance.uniform(0.5, 2.0))


async def test_no_word_is_lost_and_no_reply_doubled_when_replicas_are_killed(
    site: Site, chance: random.Random, record_property: Figures
) -> None:
    await through(site, chance, a_replica_is_killed, times(3, 200), record_property)


async def test_no_word_is_lost_and_no_reply_doubled_when_the_database_is_killed(
    site: Site, chance: random.Random, record_property: Figures
) -> None:
    await through(site, chance, the_database_is_killed, times(2, 50), record_property)


async def test_no_word_is_lost_and_no_reply_doubled_when_a_key_service_is_killed(
    site: Site, chance: random.Random, record_property: Figures
) -> None:
    await through(site, chance, a_key_service_is_killed, times(2, 50), record_property)


async def test_no_word_is_lost_and_no_reply_doubled_when_parts_cannot_reach_each_other(
    site: Site, chance: random.Random, record_property: Figures
) -> None:
    await through(site, chance, something_is_cut_off, times(2, 50), record_property)
