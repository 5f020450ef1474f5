"""A lead pauses a queue in a few presses, and sees at once what people read."""

import pytest

from tests.console_desk_lead.conftest import Desk
from tests.console_desk_lead.test_hours import text
from tests.console_frame.visitors import Fields

PAUSE = {
    "queue": "uk",
    "mode": "pause",
    "message": "short_break",
    "hours": "2",
    "version.uk": "0",
    "why": "two of three are ill",
}

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_pause_holds_at_once_and_what_people_read_is_shown_in_their_words(
    desk: Desk,
) -> None:
    anna = await desk.lead()
    page = text(await anna.get("/desk-surge"))
    assert "The people here take a short break." in page  # as one of what can be chosen
    answer = await anna.post("/desk-surge", PAUSE)
    assert answer.status == 303
    switched = desk.office.surge.of("uk")
    assert switched is not None
    assert (switched.mode, desk.office.surge.of("ru")) == ("pause", None)
    page = text(await anna.get("/desk-surge"))
    assert "It holds from now on." in page
    assert "Paused by a lead: nobody new is taken in" in page
    assert "until 23 Nov 2026, 14:00 UTC" in page
    assert anna.staff is not None
    assert desk.office.told == [(anna.staff.id, "desk.surge", "uk", "two of three are ill")]


async def test_it_is_ended_by_one_press_and_by_itself(desk: Desk) -> None:
    anna = await desk.lead()
    await anna.post("/desk-surge", PAUSE)
    found = Fields(await anna.get("/desk-surge")).values
    assert found["version.uk"] == "1"
    sent = {"do": "end", "queue": "uk", "version.uk": "1"}
    assert (await anna.post("/desk-surge", sent)).status == 303
    assert desk.office.surge.of("uk") is None
    await anna.post("/desk-surge", {**PAUSE, "queue": "all", "version.all": "0"})
    assert desk.office.surge.of("lt") is not None
    desk.office.later(hours=2)
    anna = await desk.lead()
    assert "End it now" not in await anna.get("/desk-surge")


async def test_what_is_missing_is_named_and_the_rest_stays_chosen(desk: Desk) -> None:
    anna = await desk.lead()
    for change, said in {
        "queue": ("nobody", "Choose whom it is for."),
        "mode": ("", "Choose what happens."),
        "message": ("written in a hurry", "Choose what people read."),
        "hours": ("9000", "Choose for how long."),
        "why": ("x" * 201, "Shorten it to 200 characters"),
    }.items():
        answer = await anna.post("/desk-surge", {**PAUSE, change: said[0]})
        page = await answer.text()
        assert (answer.status, said[1] in page) == (422, True), change
        if change != "why":
            assert 'value="two of three are ill"' in page
        if change != "message":
            assert '<option value="short_break" selected>' in page
    assert desk.office.surge.switch("uk") == (0, None)
    assert desk.office.told == []


async def test_two_leads_do_not_turn_one_switch_against_each_other(desk: Desk) -> None:
    anna, ben = await desk.lead(), await desk.lead("Bohdan Example")
    await anna.post("/desk-surge", PAUSE)
    answer = await ben.post("/desk-surge", {**PAUSE, "mode": "divert"})
    assert answer.status == 409
    page = await answer.text()
    assert "Somebody turned this switch meanwhile" in page
    assert '<option value="divert" selected>' in page
    switched = desk.office.surge.of("uk")
    assert switched is not None
    assert switched.mode == "pause"


async def test_where_others_are_shown_first_that_is_said_and_not_that_nobody_is_there(
    desk: Desk,
) -> None:
    desk.office.shifts.connected("s1", there=True)
    desk.office.shifts.begin_shift("s1", "Anna", ["uk"])
    anna = await desk.lead()
    sent = {**PAUSE, "mode": "divert", "message": "many_waiting"}
    assert (await anna.post("/desk-surge", sent)).status == 303
    page = text(await anna.get("/desk-surge"))
    assert "Turned by a lead: who else answers now is shown first" in page
    assert "nobody is there" not in page
