"""Replicas are killed while people wait for a human and talk with one.

Everybody who was told that they wait is taken by exactly one operator; each line that was
acknowledged comes to the desk once and in its order, and each reply that was acknowledged comes to
the person; whatever died, everybody goes on within half a minute, and chats can be ended.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.trial import seed
from tests.trials_kills.askers import Asker, AtForm, InTelegram, World
from tests.trials_kills.desks import invited
from tests.trials_kills.load import Pages
from tests.trials_kills.operators import TO, Operator
from tests.trials_kills.sealers import Sealed
from tests.trials_kills.site import Site, tell
from tests.trials_kills.talks import Talks
from tests.trials_kills.test_kills import (
    RECOVERY_SECONDS,
    Figures,
    a_replica_is_killed,
    judged,
    times,
)
from tests.trials_kills.typists import typing

RATE = 10.0
"""Messages a second of those who talk to the guide meanwhile."""
EACH = 2
"""People of each kind who want a human."""
OPERATORS = ("Oksana", "Iryna", "Marta")
"""Each may have three chats at once: nobody waits because all are busy."""
MOST_UNDER_WAY = 8
"""Replies that may be under way together in one process: see `bot.pump`."""

pytestmark = [
    pytest.mark.whole,
    pytest.mark.timeout(3_600),
]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(seed())


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with BotApi() as telegram, Site(tmp_path, telegram, desk=True) as running:
        yield running


@dataclass(slots=True)
class Desk:
    """Everybody who takes part."""

    world: World
    askers: Sequence[Asker]
    operators: list[Operator]
    running: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def talks(self) -> Talks:
        return self.world.talks

    def check(self) -> None:
        """Raises what one of them found wrong."""
        assert not self.talks.trouble
        for one in self.running:
            if one.done():
                one.result()

    async def end(self) -> None:
        """Nobody asks again; whoever talks goes on to the end of their chat."""
        self.world.ended = True
        await asyncio.gather(*self.running[: len(self.askers)])


@asynccontextmanager
async def at_the_desk(site: Site, chance: random.Random) -> AsyncIterator[Desk]:
    """Operators sit down, and people begin to ask."""
    codes = await asyncio.to_thread(invited, site, OPERATORS)
    consoles = [one.console for one in site.replicas]
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=0)
            )
        )
        pages, talks = Pages(chance, 0, 0.0, site.urls), Talks()
        world = World(site.telegram, site.urls, pages, web, talks, chance)
        operators = []
        for number, (name, code) in enumerate(codes.items()):
            turned = consoles[number % len(consoles) :] + consoles[: number % len(consoles)]
            operators.append(Operator(name, turned, talks, chance))
            stack.push_async_callback(operators[-1].leaves)
            await operators[-1].sits(code)
        kinds = (InTelegram, AtForm, Sealed)
        askers = [kind(world, f"{kind.__name__} {n}") for kind in kinds for n in range(EACH)]
        desk = Desk(world, askers, operators)
        listening = [asyncio.create_task(one.listen()) for one in operators]
        desk.running += [asyncio.create_task(one.run()) for one in askers] + listening
        try:
            yield desk
        finally:
            for one in desk.running:
                one.cancel()
            await asyncio.gather(*desk.running, return_exceptions=True)


async def test_nobody_in_line_or_in_a_talk_is_lost_when_replicas_are_killed(
    site: Site, chance: random.Random, record_property: Figures
) -> None:
    people, kills = typing(site, chance, RATE), times(5, 200)
    async with at_the_desk(site, chance) as desk:
        await asyncio.sleep(2.0)
        for _ in range(kills):
            await a_replica_is_killed(site, chance)
            people.check()
            desk.check()
        await site.settled()
        await desk.end()
        for operator in desk.operators:
            left = await operator.post("/desk/shift/end")
            assert (left["passed_on"], left["back_in_line"]) == (0, 0)
        await people.end()
        await site.drained()
    look_up(desk)
    talks = desk.talks
    lost, unexplained = talks.lost(site.killed)
    figures: dict[str, float] = {
        "chats": len(talks.all),
        "lines_taken_in_chats": sum(len(one.said) for one in talks.all.values()),
        "replies_in_chats": sum(len(one.replied) for one in talks.all.values()),
        "replies_in_chats_lost_on_their_way_out": lost,
        "claims_too_late": talks.late,
        "handed_in_again": desk.world.again + sum(one.again for one in desk.operators),
        "replicas_killed": kills,
    }
    figures |= {f"worst_seconds {what}": seconds for what, seconds in talks.worst.items()}
    tell(f"{figures}")
    for what, figure in figures.items():
        record_property(what.replace(" ", "_"), figure)
    assert talks.faults() == []
    assert unexplained == 0
    assert lost <= MOST_UNDER_WAY * kills
    assert desk.world.pages.unhelpful == []
    assert max(talks.worst.values()) <= RECOVERY_SECONDS
    assert await asyncio.to_thread(living, site) == 0
    await judged(site, people, record_property)


def look_up(desk: Desk) -> None:
    """What was sent to those in Telegram."""
    for asker in desk.askers:
        for text in asker.came() if isinstance(asker, InTelegram) else ():
            desk.talks.all[text.removeprefix(TO).rpartition(" ")[0]].heard.append(text)


def living(site: Site) -> int:
    """How many wait or talk still, by what is kept."""
    return len(site.asked("SELECT 1 FROM quietline.chat WHERE living = 1"))
