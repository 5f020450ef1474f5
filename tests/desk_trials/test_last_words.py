"""The last words of a chat reach a person whose connection was away while it was ended."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.desk_trials.operators import Operator
from tests.desk_trials.people import Sealed
from tests.desk_trials.world import a_world

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_what_was_written_before_the_end_is_read_by_who_was_away_when_it_ended(
    tmp_path: Path, chromium: Browser
) -> None:
    async with a_world(tmp_path, chromium, drop=20) as world:
        oksana = await Operator.sits(world, "Oksana")
        person = Sealed(world, "sealed")
        await person.asks()
        await oksana.claims(person)
        await oksana.says(person, "to sealed, first")
        await person.page.route("**/talk/hear*", lambda route: route.abort())
        # The question that is under way brings this one; each after it finds no connection.
        await oksana.says(person, "to sealed, second")
        await oksana.writes(person, "to sealed, the last words")
        await oksana.ends(person)
        await person.page.unroute_all(behavior="wait")
        await person.hears("to sealed, the last words")
        await person.sees("ended")
        await expect(person.page.locator("#trouble")).to_be_hidden()
        assert await person.heard() == person.due
        assert oksana.said == []
