"""Whom to call this week: found, asked, noted; and nothing is noted that was not asked."""

import pytest

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, NUMBER
from tests.console_work.week import Week

pytestmark = pytest.mark.asyncio(loop_scope="session")
PHONE = f"contact:phone:{NUMBER}"
PAGE = "contact:web:https://harbour.example.org/"


def called(page: str) -> list[str]:
    """The ids on the work list, in order."""
    links = (a.get("href", "") for tag, a in Seen(page).tags if tag == "a")
    rows = [href.removeprefix("/listings/") for href in links if href.startswith("/listings/ua-")]
    return list(dict.fromkeys(row for row in rows if "/" not in row))


def boxes(page: str, id_: str) -> list[dict[str, str]]:
    """The boxes of the form of one listing."""
    form = page.split(f'action="/due/{id_}/check"')[1].split("</form>", maxsplit=1)[0]
    return [a for tag, a in Seen(form).tags if tag == "input" and a.get("name") == "part"]


async def test_a_listing_that_falls_due_is_found_asked_and_leaves_the_list(
    anna: Visitor, week: Week
) -> None:
    assert "Nothing of this kind is to be checked" in await anna.get("/due")
    other = week.listed("A lawyer", needs=["legal"])
    shelter = week.listed("A shelter", needs=["shelter"])
    week.later(85)
    page = await anna.get("/due")
    text = Seen(page).text
    assert called(page) == [shelter, other]
    assert called(await anna.get("/due?when=week")) == [other]
    assert called(await anna.get("/due?when=stale")) == [shelter]
    assert "hotline, shelter or medical care: every 30 days" in text
    assert "Is this the number that people should call?" in text
    assert f"phone: {NUMBER}" in text
    assert "last: call, 18 Nov 2026, author" in text
    assert [box["value"] for box in boxes(page, other)][:2] == [PHONE, PAGE]
    assert not [box for box in boxes(page, other) if "checked" in box]
    # Nothing is ticked: nothing is noted.
    path = f"/due/{other}/check"
    fields = Sent(page, path).fields
    before = week.checks_of(other)
    await anna.post(path, fields)
    assert "Nothing was noted" in Seen(await anna.get("/due")).text
    assert week.checks_of(other) == before
    # What is ticked is noted, and no more; then it leaves the list.
    asked = [*fields.items(), ("part", PHONE), ("part", PAGE)]
    answer = await anna.post(path, [*asked, ("part", "contact:phone:+380440000066")])
    assert answer.headers["Location"] == "/due?page=1"
    page = await anna.get("/due")
    assert "A lawyer: 2 parts are noted as right, today, by you." in Seen(page).text
    assert called(page) == [shelter]
    assert anna.staff is not None
    assert week.checks_of(other) == {PHONE: anna.staff.id, PAGE: anna.staff.id}


async def test_a_list_is_narrowed_by_what_is_urgent_and_by_place(anna: Visitor, week: Week) -> None:
    here = week.listed("Urgent here", needs=["emergency.hotline"], area=["UA-46"])
    there = week.listed("Calm there", needs=["legal"], area=["UA-14"])
    week.later(100)
    urgent = called(await anna.get("/due?class=urgent"))
    assert (here in urgent, there in urgent) == (True, False)
    rest = called(await anna.get("/due?class=rest&when=overdue"))
    assert (here in rest, there in rest) == (False, True)
    placed = called(await anna.get("/due?area=UA-46"))
    assert (here in placed, there in placed) == (True, False)
    # What nobody knows narrows nothing.
    assert {here, there} <= set(called(await anna.get("/due?class=odd&when=never&page=zz")))


async def test_what_was_changed_since_the_page_was_loaded_is_not_noted(
    anna: Visitor, week: Week
) -> None:
    id_ = week.listed("Changed while calling", needs=["medical"])
    week.later(40)
    path = f"/due/{id_}/check"
    fields = Sent(await anna.get("/due?when=overdue"), path).fields
    await anna.post(path, [*({**fields, "revision": "9"}).items(), ("part", PHONE)])
    assert "changed meanwhile" in Seen(await anna.get("/due")).text
    assert week.checks_of(id_)[PHONE] == AUTHOR.id


async def test_several_are_noted_at_once_after_it_was_said_which(anna: Visitor, week: Week) -> None:
    ids = [week.listed(f"Called in a row {n}", needs=["medical"]) for n in "ab"]
    left = week.listed("Not called in a row", needs=["medical"])
    week.later(40)
    page = await anna.get("/due")
    assert f'value="{ids[0]}" form="many"' in page
    page = await (await anna.post("/due/many", [("id", one) for one in ids])).text()
    assert "Every part of each of these listings is noted as right" in Seen(page).text
    assert week.checks_of(ids[0])[PHONE] == AUTHOR.id
    sent = [pair for pair in Sent(page, "/listings/bulk/check").pairs if pair[0] == "id"]
    await anna.post("/listings/bulk/check", [*sent, ("how", "call")])
    assert anna.staff is not None
    assert {week.checks_of(one)[PHONE] for one in ids} == {anna.staff.id}
    assert week.checks_of(left)[PHONE] == AUTHOR.id
    answer = await anna.post("/due/many", [("back", "when=due"), ("id", "nothing")])
    assert answer.headers["Location"] == "/due?when=due"


async def test_whoever_keeps_another_place_neither_sees_nor_notes_it(
    desk: tuple[Week, Console],
) -> None:
    week, console = desk
    id_ = week.listed("Somebody else's", needs=["medical"], area=["UA-46"])
    week.later(40)
    carol = await console.someone("Carol", "editor", areas=("UA-14",))
    assert id_ not in called(await carol.get("/due"))
    answer = await carol.post(f"/due/{id_}/check", [("revision", "1"), ("part", PHONE)])
    assert answer.status == 404
    assert week.checks_of(id_)[PHONE] == AUTHOR.id


async def test_a_look_at_a_hidden_number_is_written_down(anna: Visitor, week: Week) -> None:
    hidden = {"kind": "phone", "number": "+380440000088", "visibility": "operator_only"}
    shown = {"kind": "phone", "number": NUMBER}
    id_ = week.listed("With a hidden number", needs=["medical"], contacts=[shown, hidden])
    week.later(40)
    await anna.get("/due")
    assert anna.staff is not None
    looks = [one for one in week.ledger.history(id_, AUTHOR) if one.act == "look"]
    assert anna.staff.id in {one.by for one in looks}
