"""Finding listings, the page of one, and acts on many that say first what they will do."""

from datetime import date

import pytest

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_listings.rooms import AUTHOR, DIRECTORY, NUMBER, Rooms, content

pytestmark = pytest.mark.asyncio(loop_scope="session")


def listed(page: str) -> list[str]:
    """The ids on a list, in order."""
    links = (a.get("href", "") for tag, a in Seen(page).tags if tag == "a")
    rows = [href.removeprefix("/listings/") for href in links if href.startswith("/listings/ua-")]
    return list(dict.fromkeys(rows))


async def test_a_list_answers_by_what_is_known_of_a_listing(anna: Visitor, rooms: Rooms) -> None:
    harbour = rooms.published(content(names={"en": "Listed harbour"}, needs=["medical"]))
    other = rooms.published(
        content(
            names={"en": "Another listed"},
            organization={"en": "Somebody else (example)"},
            area=["UA-46"],
            languages=["en"],
            contacts=[{"kind": "phone", "number": "+380440000033"}],
        )
    )
    drafted = rooms.draft(content(names={"en": "Only listed as a draft"})).record
    assert listed(await anna.get("/listings?text=listed&order=name")) == [other, harbour, drafted]
    for asked, found in {
        "text=0440000033": [other],
        "text=listed&need=medical": [harbour],
        "text=listed&area=UA-46": [other],
        "text=listed&language=en": [other],
        "text=listed&stage=draft": [drafted],
        "text=listed&organization=Somebody+else+(example)": [other],
        "text=listed&draft=yes": [drafted],
        "text=listed&task=yes": [],
        "text=listed&source=pack:ua": [],
        "text=listed&due=30": [harbour],
        "text=listed&order=nonsense&page=-3&stage=nonsense&due=x": [other, harbour, drafted],
    }.items():
        assert listed(await anna.get(f"/listings?{asked}")) == found, asked


async def test_a_list_is_kept_under_a_name_and_dropped_again(anna: Visitor, ben: Visitor) -> None:
    asked = "area=UA-63&stage=due"
    answer = await anna.post("/listings/views", query=asked, name="Due <in> Kharkiv")
    assert answer.headers["Location"] == f"/listings?{asked}"
    links = Seen(await anna.get("/listings"))
    assert f"/listings?{asked}" in [a.get("href") for tag, a in links.tags if tag == "a"]
    assert "Due <in> Kharkiv" in links.text
    assert "Due <in> Kharkiv" not in Seen(await ben.get("/listings")).text
    await anna.post("/listings/views", drop="Due <in> Kharkiv")
    assert "Due <in> Kharkiv" not in Seen(await anna.get("/listings")).text


async def test_each_part_says_who_checked_it_and_when(anna: Visitor, rooms: Rooms) -> None:
    id_ = rooms.published(content(names={"en": "Part by part"}))
    path = f"/listings/{id_}/check"
    fields = Sent(await anna.get(f"/listings/{id_}"), path).fields
    await anna.post(path, {**fields, "how": "visit", "which": "chosen", "part": "hours"})
    page = Seen(await anna.get(f"/listings/{id_}")).text
    assert "hours Mo-Fr 09:00-18:00 (Mon-Fri 09:00-18:00) ✓ visit, 18 Nov 2026, Anna" in page
    assert "women, men ✓" in page
    checked = {one.part for one in rooms.record(id_).checks}
    assert checked == {
        "hours",
        f"contact:phone:{NUMBER}",
        "contact:web:https://harbour.example.org/",
    }
    await anna.post(path, {**fields, "how": "call", "which": "all"})
    assert {"who", "area", "languages", "cost"} <= {one.part for one in rooms.record(id_).checks}


async def test_a_check_of_what_was_changed_meanwhile_does_not_count(
    anna: Visitor, rooms: Rooms
) -> None:
    id_ = rooms.published(content(names={"en": "Changed under the hand"}))
    path = f"/listings/{id_}/check"
    fields = Sent(await anna.get(f"/listings/{id_}"), path).fields
    answer = await anna.post(path, {**fields, "revision": "7", "which": "all", "how": "call"})
    assert answer.status == 303
    assert "changed meanwhile" in Seen(await anna.get(f"/listings/{id_}")).text
    assert {one.by for one in rooms.record(id_).checks} == {AUTHOR.id}


async def test_unsafe_suspends_at_once_and_opens_a_task(anna: Visitor, rooms: Rooms) -> None:
    id_ = rooms.published(content(names={"en": "Called unsafe"}))
    part = f"contact:phone:{NUMBER}"
    await anna.post(f"/listings/{id_}/report", problem="unsafe", contact=part)
    assert rooms.record(id_).row.stage == "suspended"
    page = Seen(await anna.get(f"/listings/{id_}")).text
    assert "it was unsafe (phone +380440000001) · told by an operator" in page
    await anna.post(f"/listings/{id_}/report", problem="dull", contact="contact:phone:1")
    assert len(rooms.record(id_).tasks) == 1


async def test_many_are_suspended_only_after_it_was_said_which(anna: Visitor, rooms: Rooms) -> None:
    wanted = [rooms.published(content(names={"en": f"Taken over {n}"})) for n in "abc"]
    chosen = [("id", one) for one in wanted[:2]]
    query = "text=taken"
    answer = await anna.post("/listings/bulk", [*chosen, ("act", "suspend"), ("query", query)])
    page = await answer.text()
    assert "Survivors no longer see these listings, at once" in Seen(page).text
    assert [rooms.record(one).row.stage for one in wanted] == ["verified"] * 3
    fields = Sent(page, "/listings/bulk/suspend").pairs
    sent = [pair for pair in fields if pair[0] == "id"]
    assert sent == chosen
    answer = await anna.post("/listings/bulk/suspend", [*sent, ("why", "an armed group is there")])
    assert answer.status == 303
    stages = [rooms.record(one).row.stage for one in wanted]
    assert stages == ["suspended", "suspended", "verified"]


async def test_all_that_a_list_shows_can_be_retired_and_each_waits_for_a_second_person(
    anna: Visitor, rooms: Rooms
) -> None:
    one = rooms.published(content(names={"en": "Closing one"}))
    two = rooms.published(content(names={"en": "Closing two"}))
    asked = [("whole", "on"), ("act", "retire"), ("query", "text=closing")]
    page = await (await anna.post("/listings/bulk", asked)).text()
    sent = [pair for pair in Sent(page, "/listings/bulk/retire").pairs if pair[0] == "id"]
    assert [id_ for _, id_ in sent] == [one, two]
    await anna.post("/listings/bulk/retire", [*sent, ("why", "moved away")])
    for id_ in (one, two):
        record = rooms.record(id_)
        assert record.row.stage == "verified"
        assert record.draft is not None
        assert record.draft.content["status"] == "closed"


async def test_what_a_pack_brought_is_published_by_two_people(
    anna: Visitor, ben: Visitor, rooms: Rooms
) -> None:
    some = {name: DIRECTORY.entries[name] for name in rooms.live.ids()[:3]}
    rooms.ledger.seed(some, "pack:ua")
    first = next(iter(some))
    assert "nobody has published it" in Seen(await anna.get(f"/listings/{first}")).text
    answer = await anna.post(f"/listings/{first}/offer")
    assert answer.headers["Location"] == f"/drafts/{first}"
    chosen = [("id", name) for name in some]
    page = await (await anna.post("/listings/bulk", [*chosen, ("act", "offer")])).text()
    assert "once its contacts were called" in Seen(page).text
    await anna.post("/listings/bulk/offer", [*chosen, ("why", "all of the pack")])
    told = Seen(await anna.get("/drafts")).text
    assert "Done: 2. Left as they are, because they were changed or have an open draft: 1." in told
    for name in some:
        path = f"/drafts/{name}"
        page = await ben.get(path)
        assert "all of it needs a second person" in Seen(page).text
        assert (
            DIRECTORY.entries[name].written.names["en"] in Seen(page).text.split("What changes")[1]
        )
        check = Sent(page, f"{path}/check").fields
        await ben.post(f"{path}/check", {**check, "which": "all"})
        sent = Sent(await ben.get(path), f"{path}/publish").fields
        assert (await ben.post(f"{path}/publish", sent)).status == 303
    assert {rooms.record(name).row.stage for name in some} == {"verified"}


async def test_many_are_checked_as_they_were_when_they_were_looked_at(
    anna: Visitor, rooms: Rooms
) -> None:
    one = rooms.published(content(names={"en": "Ring one"}))
    two = rooms.published(content(names={"en": "Ring two"}))
    asked = [("whole", "on"), ("act", "check"), ("query", "text=ring")]
    page = await (await anna.post("/listings/bulk", asked)).text()
    sent = [pair for pair in Sent(page, "/listings/bulk/check").pairs if pair[0] == "id"]
    assert sent == [("id", f"{one}@1"), ("id", f"{two}@1")]
    sent[1] = ("id", f"{two}@0")
    await anna.post("/listings/bulk/check", [*sent, ("how", "call")])
    by = {check.by for check in rooms.record(one).checks}
    assert anna.staff is not None
    assert (by, {c.by for c in rooms.record(two).checks}) == ({anna.staff.id}, {AUTHOR.id})


async def test_who_may_not_is_offered_nothing_and_can_do_nothing_to_many(
    rooms: Rooms, desk: tuple[Rooms, Console]
) -> None:
    id_ = rooms.published(content(names={"en": "Left alone"}))
    viewer = await desk[1].someone("Vera", "viewer")
    assert "/listings/bulk" not in await viewer.get("/listings")
    before = rooms.ledger.generation()
    assert (await viewer.post("/listings/bulk", id=id_, act="suspend")).status == 303
    for act in ("suspend", "check", "retire"):
        assert (await viewer.post(f"/listings/bulk/{act}", id=id_, why="x")).status == 403
    assert rooms.ledger.generation() == before


async def test_the_day_of_the_next_check_stands_on_the_page(anna: Visitor, rooms: Rooms) -> None:
    id_ = rooms.published(content(names={"en": "Next check"}))
    assert rooms.record(id_).row.due_on == date(2027, 2, 16)
    assert "check by 16 Feb 2027" in Seen(await anna.get(f"/listings/{id_}")).text
