"""The first page says what waits this week; every figure leads to what it was counted from."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen
from tests.console_listings.rooms import AUTHOR, NUMBER, content
from tests.console_work.conftest import Desk
from tests.console_work.test_work import called
from tests.console_work.week import Week, a_week

pytestmark = pytest.mark.asyncio(loop_scope="session")


def said(page: str) -> dict[str, tuple[str, str]]:
    """What is said → the figure and where it leads."""
    found = {}
    for one in page.split('<ul class="week">')[1].split("</ul>", maxsplit=1)[0].split("</li>")[:-1]:
        (path,) = (a["href"] for tag, a in Seen(one).tags if tag == "a")
        figure, _, words = Seen(one).text.partition(" ")
        found[words] = (figure, path)
    return found


async def test_what_waits_is_counted_and_leads_to_its_list(anna: Visitor, week: Week) -> None:
    before = said(await anna.get("/"))
    assert before["due this week"] == ("0", "/due")
    nights = before["places with nobody at night"]
    assert int(nights[0]) > 10
    assert nights[1] == "/coverage?for=night"
    due = week.listed("Due soon", needs=["medical"])
    week.later(25)
    for name, problem in (("One", "wrong"), ("Two", "wrong"), ("Three", "unsafe")):
        week.ledger.report(week.listed(name), problem, "survivor")  # type: ignore[arg-type]  # problems
    week.draft(content(names={"en": "Waits"}))
    found = said(await anna.get("/"))
    assert found["due this week"] == ("1", "/due")
    assert found["wrong-number reports"] == ("2", "/tasks?problem=wrong")
    assert found["called unsafe"] == ("1", "/tasks?problem=unsafe")
    assert found["suspended"] == ("1", "/listings?stage=suspended")
    assert found["waiting for your second look"] == ("1", "/drafts")
    assert called(await anna.get("/due")) == [due]
    for _, path in found.values():
        await anna.get(path)


async def test_a_figure_that_somebody_can_do_nothing_about_is_not_there(desk: Desk) -> None:
    viewer = said(await (await desk[1].someone("Vera", "viewer")).get("/"))
    assert set(viewer) == {"suspended", "places with nobody at night"}
    operator = said(await (await desk[1].someone("Olena", "operator")).get("/"))
    assert "called unsafe" in operator
    assert "due this week" not in operator


async def test_somebody_who_keeps_one_place_counts_only_that(desk: Desk) -> None:
    carol = await desk[1].someone("Carol", "editor", areas=("UA-14",))
    before = said(await carol.get("/"))["wrong-number reports"][0]
    desk[0].ledger.report(desk[0].listed("Elsewhere", area=["UA-46"]), "wrong", "survivor")
    assert said(await carol.get("/"))["wrong-number reports"][0] == before == "0"


async def test_a_purge_that_somebody_asked_for_waits_there_for_another(
    desk: Desk, anna: Visitor
) -> None:
    id_ = desk[0].listed("With words to take out")
    assert anna.staff is not None
    actor = type(AUTHOR)(anna.staff.id, restricted=True)
    desk[0].ledger.ask_purge(actor, id_, ["summary.en"], "it names somebody")
    path = f"/listings/{id_}/history"
    assert path not in await anna.get("/")
    assert path in await (await desk[1].someone("Ada", "administrator")).get("/")


@pytest_asyncio.fixture(loop_scope="session")
async def broken_into(tmp_path: object) -> AsyncIterator[tuple[Week, Console]]:
    """Another desk, whose database somebody writes to."""
    async with a_week(tmp_path) as running:  # type: ignore[arg-type]  # a path
        yield running


async def test_a_number_changed_in_the_database_is_not_served_and_an_alarm_is_shown(
    broken_into: Desk,
) -> None:
    week, console = broken_into
    id_ = week.listed("Changed by hand")
    week.serving.catch_up()
    viewer = await console.someone("Vera", "viewer")
    assert 'role="alert"' not in await viewer.get("/")
    week.by_hand("UPDATE shelf SET body = replace(body, ?, ?)", NUMBER, "+380440000099")
    week.serving.inspect()
    assert id_ not in week.serving.live.ids()
    page = Seen(await viewer.get("/")).text
    assert "1 listing was changed by somebody who may not" in page
    assert "Changed by hand" in page
    assert "./quietline directory verify" in page
    # Whoever keeps another place learns that it happened, and not where.
    carol = await console.someone("Carol", "editor", areas=("UA-14",))
    page = Seen(await carol.get("/")).text
    assert "1 listing was changed" in page
    assert "Changed by hand" not in page


async def test_a_directory_that_was_tampered_with_is_said_to_be_on_the_first_page(
    broken_into: Desk,
) -> None:
    week, console = broken_into
    week.listed("Under a head that nobody signed")
    lead = await console.someone("Lea", "lead")
    week.by_hand("UPDATE head SET generation = generation + 1")
    page = await lead.get("/")
    assert 'role="alert"' in page
    assert "The directory was changed by somebody who may not" in page
    assert said(page) == {}
