"""All listings of an organisation are stopped at once, and one that asked not to be listed is
remembered.
"""

import pytest

from tests.console_frame.visitors import Console, Visitor
from tests.console_listings.reading import Seen, Sent
from tests.console_work.week import Week

pytestmark = pytest.mark.asyncio(loop_scope="session")


def of(name: str) -> dict[str, object]:
    """What a listing of that organisation says."""
    return {"organization": {"en": name}}


async def test_organisations_are_counted_and_found_by_name(anna: Visitor, week: Week) -> None:
    week.listed("Counted one", **of("Bright Lamp (example)"))
    two = week.listed("Counted two", **of("Bright Lamp (example)"))
    week.listed("Elsewhere", **of("Dim Lamp (example)"))
    week.ledger.report(two, "unsafe", "operator")
    page = Seen(await anna.get("/organizations?text=bright")).text
    assert "Bright Lamp (example) 2 1 1" in page
    assert "Dim Lamp" not in page
    assert "No organisation has that" in await anna.get("/organizations?text=nobody+here")
    page = Seen(await anna.get("/organizations/one?name=Bright+Lamp+%28example%29")).text
    assert "2 listings · seen by survivors: 1 · suspended: 1" in page
    assert "Counted one" in page
    assert "Counted two" in page
    await anna.get("/organizations/one?name=++", status=303)


async def test_all_of_an_organisation_is_stopped_at_once_and_not_without_a_reason(
    anna: Visitor, week: Week
) -> None:
    ids = [week.listed(f"To stop {n}", **of("Taken Over (example)")) for n in "ab"]
    other = week.listed("Not to stop", **of("Taken Over (example), another"))
    week.serving.catch_up()
    path = "/organizations/suspend"
    page = await anna.get("/organizations/one?name=taken+over+(example)")
    fields = Sent(page, path).fields
    assert fields["name"] == "Taken Over (example)"
    answer = await anna.post(path, {**fields, "why": " "})
    assert answer.status == 422
    assert 'aria-describedby="f-suspend-hint f-suspend-fault"' in await answer.text()
    assert {week.record(one).row.stage for one in ids} == {"verified"}
    answer = await anna.post(path, {**fields, "why": "armed people have its telephone"})
    assert answer.status == 303
    assert {week.record(one).row.stage for one in ids} == {"suspended"}
    assert week.record(other).row.stage == "verified"
    week.serving.look()
    assert not set(ids) & set(week.serving.live.ids())
    told = Seen(await anna.get(answer.headers["Location"])).text
    assert "Suspended: 2. Survivors no longer see them." in told
    # Nothing is left to stop.
    assert path not in await anna.get("/organizations/one?name=taken+over+(example)")


async def test_one_that_asked_not_to_be_listed_stays_away_until_somebody_takes_that_back(
    desk: tuple[Week, Console], anna: Visitor, week: Week
) -> None:
    id_ = week.listed("Of the shy", **of("The Shy (example)"))
    operator = await desk[1].someone("Olena", "operator")
    page = await operator.get("/organizations/one?name=The+Shy+(example)")
    fields = Sent(page, "/organizations/mark").fields
    answer = await operator.post("/organizations/mark", {**fields, "why": ""})
    assert answer.status == 422
    await operator.post("/organizations/mark", {**fields, "why": "they wrote to us"})
    assert week.record(id_).row.stage == "suspended"
    page = await operator.get("/organizations?text=shy")
    assert "do not list they wrote to us" in Seen(page).text
    page = await operator.get("/organizations/one?name=The+Shy+(example)")
    assert "Do not list : they wrote to us · Olena, 18 Nov 2026" in Seen(page).text
    assert "/organizations/unmark" not in page
    assert (await operator.post("/organizations/unmark", {**fields, "why": "x"})).status == 403
    fields = Sent(
        await anna.get("/organizations/one?name=the+shy+(example)"), "/organizations/unmark"
    ).fields
    answer = await anna.post("/organizations/unmark", {**fields, "why": ""})
    assert answer.status == 422
    await anna.post("/organizations/unmark", {**fields, "why": "they want it again"})
    assert week.ledger.do_not_list() == frozenset()
    assert week.record(id_).row.stage == "suspended"
    answer = await anna.post("/organizations/unmark", {**fields, "why": "once more"})
    assert "Load its page again" in Seen(await answer.text()).text


async def test_one_that_is_not_there_can_be_marked_before_anybody_adds_it(
    anna: Visitor, week: Week
) -> None:
    name = "Never Here <i>(example)</i>"
    page = await anna.get("/organizations/one?name=Never+Here+%3Ci%3E(example)%3C/i%3E")
    assert "Nothing of it is in the directory" in page
    assert "<i>" not in page
    fields = Sent(page, "/organizations/mark").fields
    assert fields["name"] == name
    await anna.post("/organizations/mark", {**fields, "why": "asked by letter"})
    page = Seen(await anna.get("/organizations?text=never+here")).text
    assert f"{name} 0 0 do not list asked by letter" in page


async def test_listings_of_another_place_are_neither_counted_nor_stopped(
    desk: tuple[Week, Console],
) -> None:
    week, console = desk
    far = week.listed("Far away", area=["UA-46"], **of("Two Places (example)"))
    near = week.listed("Near by", area=["UA-14"], **of("Two Places (example)"))
    carol = await console.someone("Carol", "editor", areas=("UA-14",))
    page = await carol.get("/organizations/one?name=Two+Places+(example)")
    assert "1 listing ·" in Seen(page).text
    assert "Far away" not in page
    fields = Sent(page, "/organizations/suspend").fields
    await carol.post("/organizations/suspend", {**fields, "why": "moved"})
    stages = (week.record(far).row.stage, week.record(near).row.stage)
    assert stages == ("verified", "suspended")
