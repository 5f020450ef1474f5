"""A lead sees how long people waited, and never that one of them was here."""

import re

import pytest

from tests.console_desk_lead.conftest import Desk
from tests.console_desk_lead.test_hours import text

pytestmark = pytest.mark.asyncio(loop_scope="session")


def waited(desk: Desk, language: str, times: int) -> None:
    with desk.office.store.group() as group:
        for _ in range(times):
            desk.office.counts.waited(group, language, 600)


async def test_waits_are_shown_by_hour_and_fewer_than_ten_not_at_all(desk: Desk) -> None:
    desk.office.later(minutes=30)
    anna = await desk.lead()
    waited(desk, "uk", 9)
    waited(desk, "ru", 10)
    assert "nothing can be said" in await anna.get("/desk-figures?language=uk")
    page = text(await anna.get("/desk-figures"))
    assert "Half of them at most" in page or "nothing can be said" in page
    page = text(await anna.get("/desk-figures?language=ru"))
    assert "14:00–15:00 12 min 12 min" in page
    assert len(re.findall(r"\d\d:00–\d\d:00", page)) == 1


async def test_a_week_is_shown_when_it_is_over_in_fives_and_never_under_ten(desk: Desk) -> None:
    anna = await desk.lead()
    with desk.office.store.group() as group:
        for key, times in (("helped", 13), ("partly", 9)):
            for _ in range(times):
                desk.office.counts.count(group, "feedback", key)
    assert "13" not in text(await anna.get("/desk-figures"))
    for _ in range(7):
        desk.office.later(hours=24)
        desk.office.counts.tick()
    anna = await desk.lead()
    page = text(await anna.get("/desk-figures"))
    assert "23 Nov 2026 10+ < 10 < 10" in page


async def test_whatever_is_asked_for_the_page_is_one_of_ours(desk: Desk) -> None:
    anna = await desk.lead()
    for asked in ("xx", "", "<script>", "../uk"):
        page = await anna.get(f"/desk-figures?language={asked}")
        assert "<script>" not in page.replace('<script type="module"', "")
