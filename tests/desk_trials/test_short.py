"""Two operators and four people, one on each channel: who writes is read, once and in order."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.desk_trials.operators import Operator
from tests.desk_trials.people import ASKED, AtTerminal, Messenger, Person, Plain, Sealed
from tests.desk_trials.world import a_world

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def all_is_well(*pairs: tuple[Operator, Person]) -> None:
    """Each message once and in order, on both sides."""
    for operator, person in pairs:
        assert await operator.reads(person) == person.said, person.name
        assert await person.heard() == person.due, person.name


async def test_people_on_every_channel_and_operators_read_each_other_once_and_in_order(
    tmp_path: Path, chromium: Browser
) -> None:
    async with a_world(tmp_path, chromium, drop=20) as world:
        oksana, iryna = await asyncio.gather(
            Operator.sits(world, "Oksana"), Operator.sits(world, "Iryna")
        )
        people = [kind(world, kind.kind) for kind in (Sealed, Plain, Messenger, AtTerminal)]
        for person in people:
            await person.asks()
        sealed, plain, messenger, terminal = people
        for person in people:
            await person.writes(f"one of {person.name}")
        pairs = [(oksana, sealed), (oksana, messenger), (iryna, plain), (iryna, terminal)]
        for operator, person in pairs:
            await operator.claims(person)
        assert isinstance(messenger, Messenger)
        await messenger.sees("A person is here now")
        before = len(messenger.side.from_bot)
        for operator, person in pairs:
            assert await operator.reads(person) == person.said
            await operator.says(person, f"to {person.name}, first")
            await person.writes(f"two of {person.name}")
            await person.writes(f"three of {person.name}")
            await operator.says(person, f"to {person.name}, second")
        await all_is_well(*pairs)
        assert len(messenger.side.from_bot) == before + 2, "the guide says nothing between"
        # A page is closed and opened again; a line breaks and comes back; meanwhile both write.
        assert isinstance(sealed, Sealed)
        await sealed.page.close()
        await oksana.writes(sealed, "to sealed, while away")
        await oksana.page.context.set_offline(True)
        await messenger.writes("four of telegram, over a broken line")
        await oksana.page.context.set_offline(False)
        await sealed.comes_back()
        sealed.forget_before()
        await sealed.hears("to sealed, while away")
        # One is passed on, both being there; the other goes on where a colleague has room.
        await oksana.passes_on(messenger, "Iryna", warm=True)
        await messenger.sees(ASKED)
        await messenger.yes()
        await iryna.accepts(messenger)
        await all_is_well((oksana, messenger))
        await oksana.leaves(messenger)
        await iryna.says(messenger, "to telegram, from Iryna")
        await all_is_well((iryna, messenger), (iryna, plain), (iryna, terminal))
        await messenger.writes("five of telegram")
        await iryna.ends(plain)
        await oksana.goes_home()
        await sealed.is_taken("Iryna")
        await iryna.says(sealed, "to sealed, from Iryna")
        await sealed.writes("four of sealed")
        await all_is_well((iryna, messenger), (iryna, terminal), (iryna, sealed))
        for person in (sealed, messenger, terminal):
            await iryna.ends(person)
            await person.sees("ended")
        assert [oksana.said, iryna.said] == [[], []]
